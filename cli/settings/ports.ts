import type { SettingName } from './definitions.ts';
import type { Settings } from './settings.ts';

/** Every port that is listened on, with the setting that names it. */
export function listPorts(settings: Settings): readonly (readonly [SettingName, number])[] {
  const ports: readonly (readonly [SettingName, number | null])[] = [
    ['TUNNA_HTTP_PORT', settings.httpPort],
    ...(settings.hasExternalBroker ? [] : listBrokerPorts(settings)),
    ['TUNNA_INGEST_METRICS_PORT', settings.ingestMetricsPort],
  ];
  return ports.flatMap(([name, port]) => (port === null ? [] : [[name, port] as const]));
}

function listBrokerPorts(settings: Settings): (readonly [SettingName, number | null])[] {
  return [
    ['TUNNA_MQTT_PORT', settings.mqttPort],
    ['TUNNA_MQTT_WS_PORT', settings.mqttWsPort],
    ['TUNNA_MQTTS_PORT', settings.tls === undefined ? null : settings.mqttsPort],
    ['TUNNA_BROKER_METRICS_PORT', settings.brokerMetricsPort],
  ];
}
