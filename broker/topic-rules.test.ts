import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mayPublish, mayReceive, maySubscribe } from './topic-rules.ts';

const device = { id: 'dev-1', kind: 'device', prefixes: [] } as const;
const eui = { id: 'a81758fffe05abcd', kind: 'device', prefixes: [] } as const;
const reader = { id: 'crew', kind: 'reader', prefixes: [] } as const;
const gatewayOf = (...prefixes: string[]) => ({ id: 'ttn', kind: 'gateway', prefixes }) as const;

describe('a device', () => {
  test('publishes on its own topic, however its EUI is written', () => {
    expect(mayPublish(device, 'bins/dev-1/up')).toBe(true);
    expect(mayPublish(eui, 'bins/a81758fffe05abcd/up')).toBe(true);
    expect(mayPublish(eui, 'bins/A81758FFFE05ABCD/up')).toBe(true);
  });

  test.each([
    'bins/dev-2/up',
    'bins/DEV-1/up',
    'bins/dev-1/down',
    'bins/dev-1/up/',
    'bins/dev-1/up/x',
    '/bins/dev-1/up',
    'bins//up',
    'bins/dev-1',
    'bins/dev‐1/up',
    'bins/ｄev-1/up',
    'bins/../up',
    '$SYS/broker',
    '$share/a/bins/dev-1/up',
    'state/bin-1',
    '',
  ])('does not publish on %j', (topic) => {
    expect(mayPublish(device, topic)).toBe(false);
  });

  test('subscribes to its own commands and nothing else', () => {
    expect(maySubscribe(device, 'bins/dev-1/down')).toBe(true);
    for (const filter of [
      'bins/+/down',
      'bins/dev-1/#',
      'bins/dev-1/up',
      '#',
      '+/+/+',
      'state/#',
    ]) {
      expect(maySubscribe(device, filter), filter).toBe(false);
    }
  });
});

describe('a gateway', () => {
  test('publishes under its prefixes, level by level', () => {
    const gateway = gatewayOf('v3/#', 'application/7/#');
    for (const topic of ['v3', 'v3/app@ttn/devices/x/up', 'application/7/device/1/event/up']) {
      expect(mayPublish(gateway, topic), topic).toBe(true);
    }
    for (const topic of ['v30/x', 'V3/x', 'application/70/x', 'application', '/v3/x', '$SYS/v3']) {
      expect(mayPublish(gateway, topic), topic).toBe(false);
    }
  });

  test('publishes for devices, but no commands and no outputs, even when given everything', () => {
    const gateway = gatewayOf('#');
    expect(mayPublish(gateway, 'bins/dev-9/up')).toBe(true);
    for (const topic of ['bins/dev-9/down', 'state/bin-1', 'state', 'alert/bin-1', '$SYS/x']) {
      expect(mayPublish(gateway, topic), topic).toBe(false);
    }
  });

  test('without a prefix, or with one that does not end in #, publishes nothing', () => {
    expect(mayPublish(gatewayOf(), 'v3/x')).toBe(false);
    expect(mayPublish(gatewayOf('v3/x', 'v3'), 'v3/x')).toBe(false);
  });

  test('subscribes to the commands of the devices it speaks for, and receives those', () => {
    const gateway = gatewayOf('v3/town@ttn/#', 'application/7/#', 'bins/#');
    for (const filter of [
      'v3/town@ttn/devices/+/down/push',
      'v3/town@ttn/devices/bin-7/down/push',
      'application/7/device/+/command/down',
      'bins/+/down',
      'bins/dev-1/down',
    ]) {
      expect(maySubscribe(gateway, filter), filter).toBe(true);
      expect(mayReceive(gateway, filter.replace('+', 'x')), filter).toBe(true);
    }
  });

  test('subscribes to nothing else', () => {
    for (const filter of [
      '#',
      'v3/#',
      'v3/town@ttn/#',
      'v3/+/devices/+/down/push',
      '+/town@ttn/devices/+/down/push',
      'v3/other/devices/x/down/push',
      'v3/town@ttn/devices/+/up',
      'v3/town@ttn/devices/+/down/+',
      'v3/town@ttn/devices/#',
      'bins/+/down',
      'application/+/device/+/command/down',
      'application/70/device/+/command/down',
      'down/push',
    ]) {
      const gateway = gatewayOf('v3/town@ttn/#', 'application/7/#');
      expect(maySubscribe(gateway, filter), filter).toBe(false);
    }
    for (const filter of ['#', '+/down/push', '$SYS/x/down/push', 'state/#', 'state/x/down/push']) {
      expect(maySubscribe(gatewayOf('#'), filter), filter).toBe(false);
      expect(mayReceive(gatewayOf('#'), filter), filter).toBe(false);
    }
    expect(mayReceive(gatewayOf('v3/#'), 'v3/town@ttn/devices/x/up')).toBe(false);
  });
});

describe('a reader', () => {
  test('subscribes to outputs only', () => {
    for (const filter of ['state/#', 'state/+', 'state/bin-1', 'alert/#', 'alert/+', 'alert/b.2']) {
      expect(maySubscribe(reader, filter), filter).toBe(true);
    }
    const others = [
      '#',
      '+',
      '+/#',
      '+/bin-1',
      'state',
      'state/',
      'state/+/x',
      'state/a/b',
      'bins/#',
    ];
    for (const filter of [
      ...others,
      '$SYS/#',
      '$share/g/state/#',
      '/state/#',
      'state/b*',
      'STATE/#',
    ]) {
      expect(maySubscribe(reader, filter), filter).toBe(false);
    }
  });

  test('publishes nothing', () => {
    for (const topic of ['state/bin-1', 'bins/crew/up'])
      expect(mayPublish(reader, topic)).toBe(false);
  });
});

test('an operator neither publishes, subscribes nor receives, even when given everything', () => {
  const operator = { id: 'office', kind: 'operator', prefixes: ['#'] } as const;
  for (const topic of ['state/bin-1', 'bins/office/up', 'bins/office/down', 'uplinks/ttn-v3']) {
    expect(mayPublish(operator, topic), topic).toBe(false);
    expect(maySubscribe(operator, topic), topic).toBe(false);
    expect(mayReceive(operator, topic), topic).toBe(false);
  }
});

test('nobody but a device with that id publishes as a device, whatever the topic', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (id, topic) => {
      const principal = { id, kind: 'device', prefixes: ['#'] } as const;
      if (mayPublish(principal, topic)) {
        expect(topic.toLowerCase()).toBe(`bins/${id}/up`.toLowerCase());
      }
      expect(mayReceive(principal, topic) && mayPublish(principal, topic)).toBe(false);
    }),
  );
});
