import { describe, expect, it } from 'vitest';
import { findSource, findWebhookEvent } from './find-source.ts';
import type { Source } from './source.ts';

const FAR: Source = { name: 'far', topics: ['depot/#'] };
const NEAR: Source = { name: 'near', topics: ['depot/+/senml', 'north/#'] };
const LORIOT: Source = { name: 'loriot', envelope: 'senml' };
const ALL = [FAR, NEAR, LORIOT];

describe('the source of a message', () => {
  it.each([
    ['source-near', 'depot/1/senml', NEAR],
    ['source-nobody', 'depot/1/senml', undefined],
    ['mqtt', 'depot/1/senml', FAR],
    ['mqtt', 'north/1', NEAR],
    [undefined, 'north/1', NEAR],
    ['mqtt', 'south/1', undefined],
    ['webhooks', 'uplinks/near', NEAR],
    ['webhooks', 'uplinks/near/up', NEAR],
    ['webhooks', 'uplinks/nobody', undefined],
    ['webhooks', 'depot/1', undefined],
    ['mqtt', 'uplinks/near', undefined],
    ['webhooks', 'uplinks/ttn-v3/up', { name: 'ttn-v3', envelope: 'ttn-v3' }],
    // What is configured goes before what is known by its name.
    ['webhooks', 'uplinks/loriot', LORIOT],
    // Its fills have no scale until somebody says so.
    ['webhooks', 'uplinks/senml', undefined],
  ])('at the door %s under %s', (door, topic, source) => {
    expect(findSource({ topic, ...(door !== undefined && { door }) }, ALL)).toEqual(source);
  });
});

it.each([
  ['uplinks/town', undefined],
  ['uplinks/town/up', 'up'],
  ['uplinks/town/down/ack', 'down/ack'],
  ['bins/town/up', undefined],
])('the topic %s names the event %s', (topic, event) => {
  expect(findWebhookEvent(topic)).toBe(event);
});
