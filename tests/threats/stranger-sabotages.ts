import type { Control } from './control.ts';

const STRANGERS = 'strangers who say nothing, drip, or stop in the middle of a TLS handshake';

/** For what holds before anybody has said who they are. */
export const STRANGER_CONTROLS: readonly Control[] = [
  {
    protection: 'the length that is judged when it is announced',
    off: [
      {
        file: 'broker/packet-guard.ts',
        from: 'parser.packet.length <= options.maxPacketBytes()',
        to: 'true',
      },
    ],
    file: 'tests/threats/strangers.test.ts',
    test: 'two hundred strangers who announce 256 MB each are cut off before they are kept',
    says: /to contain 'tunna_broker_refused_total/,
  },
  {
    protection: 'the late answer to an address that floods with broken first packets',
    off: [
      {
        file: 'broker/admission.ts',
        from: 'this.#badPackets.isThrottled(address);',
        to: 'false;',
      },
    ],
    file: 'broker/strangers.test.ts',
    test: 'an address with many bad first packets is answered late, and keeps nobody of it waiting',
    says: /to have a length of 2/,
  },
  {
    protection: 'that whoever is silent keeps nobody waiting',
    off: [
      { file: 'broker/admission.ts', from: "if (verdict === 'part') return;", to: '' },
      { file: 'broker/admission.ts', from: "verdict === 'whole' ||", to: "verdict !== 'bad' ||" },
      {
        file: 'broker/admission.ts',
        from: "stream.on('readable', onReadable);",
        to: "stream.on('readable', onReadable); onReadable();",
      },
    ],
    file: 'tests/threats/strangers.test.ts',
    test: `${STRANGERS} > two thousand of them keep nobody out of the same address, with or without TLS`,
    says: /connack timeout|closed/,
  },
  {
    protection: 'the end of a TLS handshake that stands still',
    off: [
      {
        file: 'broker/tls-door.ts',
        from: "this.server.on('tlsClientError', (_error, socket) => socket.destroy());",
        to: '',
      },
    ],
    file: 'tests/threats/strangers.test.ts',
    test: `${STRANGERS} > end when their time is over`,
    says: /expected false to be true/,
  },
];
