import type { Control } from './control.ts';
import { STRANGER_CONTROLS } from './stranger-sabotages.ts';

const REFUSALS = 'tests/threats/refusals.test.ts';

/**
 * For the protections of the door: what goes wrong without each. Where one stands behind another, both are off: while either
 * holds, nothing gets through.
 */
export const CONTROLS: readonly Control[] = [
  {
    protection: 'the token',
    off: [
      {
        file: 'broker/authenticator.ts',
        from: 'acceptsToken(principal, token, now()) &&',
        to: '',
      },
    ],
    file: REFUSALS,
    test: 'a rogue device without a token, with a wrong one or with another’s stays outside, and is written down',
    says: /expected \+0 to be 4|expected false to be true/,
  },
  {
    protection: 'the end of a rotated token',
    off: [
      {
        file: 'store/principals.ts',
        from: '(oldTokenUntilMs ?? 0) > nowMs && matches',
        to: 'matches',
      },
    ],
    file: 'tests/threats/stolen-credentials.test.ts',
    test: 'the old token works until the time that was given it, and not after',
    says: /resolved .* instead of rejecting/,
  },
  {
    protection: 'hashing of tokens',
    off: [
      {
        file: 'store/principals.ts',
        from: "return createHash('sha256').update(token).digest('hex');",
        to: "return token === '' ? '0' : token;",
      },
      {
        file: 'store/principals.ts',
        from: 'timingSafeEqual(Buffer.from(stored), hash)',
        to: 'stored === hash.toString()',
      },
    ],
    file: 'tests/threats/stolen-credentials.test.ts',
    test: 'a token is in none of the database’s files',
    says: /expected true to be false/,
  },
  {
    protection: 'the watch over revocations',
    off: [
      {
        file: 'broker/store-watch.ts',
        from: 'sessions.update(id, await principals.refresh(id))',
        to: 'await principals.refresh(id)',
      },
    ],
    file: 'tests/threats/stolen-credentials.test.ts',
    test: 'with two brokers on one sqlite > a revoked device loses its connections to both, and gets into neither',
    says: /expected \[ true, true \]/,
  },
  {
    protection: 'the client certificate’s name',
    off: [{ file: 'broker/authenticator.ts', from: '|| !certificate.names(id)', to: '' }],
    file: 'tests/threats/certificates.test.ts',
    test: 'a client certificate > does not open another device, with or without that one’s token',
    says: /resolved .* instead of rejecting/,
  },
  {
    protection: 'the client certificate’s authority',
    off: [{ file: 'broker/tls-door.ts', from: '!socket.authorized', to: 'false' }],
    file: 'tests/threats/certificates.test.ts',
    test: 'a client certificate > of an authority that is not ours is refused, and written down',
    says: /resolved .* instead of rejecting/,
  },
  {
    protection: 'the suspicion of clones',
    off: [
      { file: 'broker/clone-watch.ts', from: 'recent.length < SUSPICIOUS_TAKEOVERS', to: 'true' },
    ],
    file: 'tests/threats/clones.test.ts',
    test: 'two with one credential that take each other’s place are suspected, told of, and heard',
    says: /expected null to match object/,
  },
  {
    protection: 'client ids of a principal’s own',
    off: [
      {
        file: 'broker/authenticator.ts',
        from: '`${principal.id}/${packet.clientId',
        to: '`${packet.clientId',
      },
    ],
    file: 'tests/threats/clones.test.ts',
    test: 'a client that names another’s client id > (sensor) does not kick it out',
    says: /expected \[\] to have a length of 1/,
  },
  {
    protection: 'the rule for filters',
    off: [
      { file: 'broker/authorizer.ts', from: '|| !maySubscribe(session.principal, filter)', to: '' },
    ],
    file: REFUSALS,
    test: 'a device eavesdrops on nobody, whatever filter it thinks of',
    says: /'#', \[ 1 \]/,
  },
  {
    protection: 'the guard of stored subscriptions and the second lock behind it',
    off: [
      {
        file: 'broker/guarded-persistence.ts',
        from: 'subscriptions.filter(({ topic }) => isGranted(client, topic))',
        to: '[...subscriptions]',
      },
      {
        file: 'broker/authorizer.ts',
        from: 'return mayReceive(session.principal, topic);',
        to: 'return true;',
      },
    ],
    file: 'broker/authorizer.test.ts',
    test: 'a subscription > that was denied is not kept in the session: nothing of it comes after a reconnect',
    says: /to deeply equal \[\]/,
  },
  {
    protection: 'the owner of a topic',
    off: [
      {
        file: 'broker/topic-rules.ts',
        from: "return isTopicOfDevice(levels, principal.id, 'up');",
        to: 'return true;',
      },
    ],
    file: REFUSALS,
    test: 'a device speaks for no other',
    says: /expected false to be true/,
  },
  {
    protection: 'the judgement of wills',
    off: [
      {
        file: 'broker/authenticator.ts',
        from: '!mayPublish(principal, packet.will.topic)',
        to: 'false',
      },
    ],
    file: REFUSALS,
    test: 'a device leaves no last will on another’s topic',
    says: /expected false to be true/,
  },
  {
    protection: 'that nothing of a device is routed or retained',
    off: [
      { file: 'broker/gated-aedes.ts', from: '|| this.#routesClients', to: '|| true' },
      {
        file: 'broker/authorizer.ts',
        from: 'if (!this.#options.open) packet.retain = false;',
        to: '',
      },
    ],
    file: REFUSALS,
    test: 'nothing that a device sends is retained or passed on, not even on its own topic',
    says: /to not include 'bins\/dev-1\/up'/,
  },
  {
    protection: 'the number of filters in a packet',
    off: [
      {
        file: 'broker/packet-faults.ts',
        from: 'packet.subscriptions.length > maxFilters',
        to: 'false',
      },
    ],
    file: REFUSALS,
    test: 'a bomb of subscriptions is cut off',
    says: /expected false to be true/,
  },
  ...STRANGER_CONTROLS,
  {
    protection: 'the token bucket of a device',
    off: [
      {
        file: 'broker/authorizer.ts',
        from: "if (session?.principal.kind !== 'device' ||",
        to: 'if (session !== undefined) return undefined; if (session ===  undefined ||',
      },
    ],
    file: 'tests/threats/flood.test.ts',
    test: 'while one device floods the broker and is held, its neighbours are acknowledged and kept in full',
    says: /to have a length of 100 but got \d+/,
  },
  {
    protection: 'the hash of an audit row over what is in it',
    off: [
      {
        file: 'store/audit-log.ts',
        from: 'row.hash === hashRow(previous.hash, row)',
        to: 'true',
      },
    ],
    file: 'tests/store/audit.test.ts',
    test: 'the audit on sqlite > betrays a changed row',
    says: /expected \[\] to deeply equal/,
  },
  {
    protection: 'the order of audit rows',
    off: [{ file: 'store/audit-log.ts', from: 'row.seq !== previous.seq + 1', to: 'false' }],
    file: 'tests/store/audit.test.ts',
    test: 'the audit on sqlite > betrays a row taken out',
    says: /to deeply equal \[ \[ 'missing', 3 \] \]/,
  },
  {
    protection: 'the head of the audit',
    off: [
      {
        file: 'store/audit-log.ts',
        from: 'row.seq === head.seq && row.hash !== head.hash',
        to: 'false',
      },
    ],
    file: 'tests/store/audit.test.ts',
    test: 'the audit on sqlite > betrays a newest row that was changed together with its hash',
    says: /expected \[\] to deeply equal/,
  },
  {
    protection: 'that refusals share rows of the audit',
    off: [
      {
        file: 'store/refusal-audit.ts',
        from: 'if (known === undefined && this.#counts.size < MOST_KEYS) {',
        to: 'if (true) {',
      },
    ],
    file: REFUSALS,
    test: 'a flood of refusals is one row at once and one for the rest, and the chain holds',
    says: /to deeply equal \[ 149, 1 \]/,
  },
];
