import { afterEach, beforeEach, expect, test } from 'vitest';
import { createToken, revokePrincipal, savePrincipal } from '../store/principals.ts';
import { openTestStore } from '../store/testing/open-test-store.ts';
import { PrincipalCache } from './principal-cache.ts';

let opened: Awaited<ReturnType<typeof openTestStore>>;
let cache: PrincipalCache;

beforeEach(async () => {
  opened = await openTestStore();
  cache = new PrincipalCache(opened.store);
  const principal = { id: 'dev-1', kind: 'device', prefixes: [], backfill: false } as const;
  await savePrincipal(opened.store, principal, createToken());
});

afterEach(async () => {
  await opened[Symbol.asyncDispose]();
});

test('whoever is read is found while others change without an end', async () => {
  let isOver = false;
  const reading = cache.read('dev-1').finally(() => (isOver = true));
  for (let index = 0; index < 1_000 && !isOver; index += 1) await cache.refresh(`other-${index}`);
  expect(isOver).toBe(true);
  expect((await reading)?.id).toBe('dev-1');
});

test('a principal is kept until it changes', async () => {
  expect((await cache.find('dev-1'))?.revokedAtMs).toBe(null);
  await revokePrincipal(opened.store, 'dev-1', 7);
  expect((await cache.find('dev-1'))?.revokedAtMs).toBe(null);
  cache.forget('dev-1');
  expect((await cache.find('dev-1'))?.revokedAtMs).toBe(7);
});
