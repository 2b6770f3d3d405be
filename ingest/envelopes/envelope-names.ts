/** Every form in which messages reach Tunna, by the name that sources are configured with and that traces show. */
export const ENVELOPES = [
  'tunna-json',
  'ttn-v3',
  'chirpstack-v4',
  'chirpstack-v3',
  'loriot',
  'thingpark',
  'milesight-gateway',
  'senml',
  'lwm2m-3435',
  'tasmota',
  'fiware-ultralight',
  'fiware-json',
  'bintel-v2',
  'dragino-nb-json',
  'smartclean',
  'imported-row',
  'dtu-uplink',
] as const;

export type EnvelopeName = (typeof ENVELOPES)[number];
