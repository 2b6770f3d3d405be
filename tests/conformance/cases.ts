import { expect, test } from 'vitest';
import type { TestTown } from '../../broker/testing/test-town.ts';
import { BytePeer } from './byte-peer.ts';

/** What a client sends, and what has to come of it. */
export interface Case {
  /** Statement of the OASIS standard, MQTT Version 3.1.1, or section of it, and what it is about. */
  readonly name: string;
  /** The client sends its own CONNECT, or none. */
  readonly isUnconnected?: true;
  readonly steps: readonly Step[];
  /** Whether the connection goes on. */
  readonly end: 'open' | 'closed';
}

/** Bytes to send, and the bytes that have to come back before anything else is sent. */
export interface Step {
  readonly send: Buffer;
  readonly receive?: Buffer;
}

/** Every case is a test, on an open broker that the cases of a file share. */
export function runCases(town: () => TestTown, cases: readonly Case[]): void {
  test.each(cases.map((one) => [`${one.name} (${one.end})`, one] as const))(
    '%s',
    async (_, one) => {
      const { mqttPort } = town().ports;
      using bystander = await BytePeer.connect(mqttPort);
      using peer =
        one.isUnconnected === true
          ? await BytePeer.open(mqttPort)
          : await BytePeer.connect(mqttPort);
      for (const { send, receive } of one.steps) {
        peer.send(send);
        if (receive !== undefined) await peer.receive(receive);
      }
      await (one.end === 'closed' ? peer.receiveEnd() : peer.receiveNothing());
      // Whatever one client did, another goes on.
      await bystander.receiveNothing();
      expect(town().broker.failing).toBe(false);
    },
  );
}

/** Cases of packets that end their connection, each under a name of its own. */
export function fatal(
  packets: Readonly<Record<string, Buffer>>,
  more: Partial<Case> = {},
): readonly Case[] {
  return Object.entries(packets).map(([name, send]) => ({
    name,
    steps: [{ send }],
    end: 'closed' as const,
    ...more,
  }));
}
