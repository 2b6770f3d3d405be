import { describe, expect, test } from 'vitest';
import { routeBack } from './route.ts';
import type { HeardMessage, RouteResult } from './route.ts';

function heard(
  topic: string,
  more: Partial<HeardMessage> & { document?: object } = {},
): RouteResult {
  const { document = {}, ...rest } = more;
  const payload = Buffer.from(JSON.stringify(document));
  const base = { door: 'mqtt', principal: 'gw', envelope: 'tunna-json', model: null } as const;
  return routeBack({ ...base, topic, payload, ...rest });
}

describe('the way back to a device', () => {
  test('of one’s own is its other topic, to whoever published', () => {
    expect(heard('bins/dev-1/up', { principal: 'dev-1' })).toEqual({
      ok: true,
      route: { form: 'own', door: 'broker', principal: 'dev-1', topic: 'bins/dev-1/down' },
    });
  });

  test('at The Things Stack is beside its uplinks', () => {
    expect(heard('v3/town@ttn/devices/bin-7/up', { envelope: 'ttn-v3' })).toEqual({
      ok: true,
      route: {
        form: 'ttn-v3',
        door: 'broker',
        principal: 'gw',
        topic: 'v3/town@ttn/devices/bin-7/down/push',
        name: 'bin-7',
      },
    });
    const acknowledged = heard('north/v3/town@ttn/devices/bin-7/down/ack', { envelope: 'ttn-v3' });
    expect(acknowledged).toMatchObject({
      route: { topic: 'north/v3/town@ttn/devices/bin-7/down/push' },
    });
  });

  test('through a Pub/Sub of The Things Stack is under its base topic, and names the device', () => {
    const document = {
      end_device_ids: { device_id: 'bin-7', application_ids: { application_id: 'town' } },
    };
    expect(heard('tts/up', { envelope: 'ttn-v3', document })).toMatchObject({
      ok: true,
      route: { topic: 'tts/down/push', name: 'bin-7', application: 'town' },
    });
    expect(heard('tts/up', { envelope: 'ttn-v3' })).toMatchObject({ ok: false });
    expect(heard('up', { envelope: 'ttn-v3', document })).toMatchObject({ ok: false });
  });

  test('at ChirpStack is the command topic of the device', () => {
    const topic = 'application/5b1b8c5e-4a3d-4d0c-9d53-2f4a7b1e0001/device/24e124713c140002';
    expect(heard(`${topic}/event/up`, { envelope: 'chirpstack-v4' })).toMatchObject({
      ok: true,
      route: {
        form: 'chirpstack-v4',
        topic: `${topic}/command/down`,
        devEui: '24e124713c140002',
      },
    });
    expect(heard('some/topic', { envelope: 'chirpstack-v4' })).toMatchObject({ ok: false });
  });

  test('of a device that a source hears is that source', () => {
    const more = { door: 'source-tts', principal: null, envelope: 'ttn-v3' };
    expect(heard('v3/town@ttn/devices/bin-7/up', more)).toMatchObject({
      ok: true,
      route: { door: 'source-tts', principal: null },
    });
  });

  test.each<readonly [string, Partial<HeardMessage>, string]>([
    ['uplinks/tts/up', { door: 'webhooks', envelope: 'ttn-v3' }, 'heard over HTTP'],
    ['bins/dev-1/up', { principal: null }, 'nobody who is connected'],
    ['tele/bin/SENSOR', { envelope: 'tasmota' }, 'come as tasmota'],
    ['elsewhere', {}, 'does not say where it listens'],
  ])('is not there after a message on %s from %j', (topic, more, detail) => {
    const result = heard(topic, more);
    expect(result).toMatchObject({ ok: false });
    expect(result).toHaveProperty('detail', expect.stringContaining(detail));
  });
});
