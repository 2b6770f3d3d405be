import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CircuitBreaker, FIRST_PAUSE_MS, LAST_PAUSE_MS } from './circuit-breaker.ts';

it('opens with the first failure, tries once after each pause, and closes with a success', () => {
  const breaker = new CircuitBreaker(() => 0);
  expect(breaker.state).toBe('closed');
  const pauses = Array.from({ length: 6 }, () => {
    const pauseMs = breaker.noteFailure();
    expect(breaker.state).toBe('open');
    breaker.tryAgain();
    expect(breaker.state).toBe('half-open');
    return pauseMs;
  });
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  breaker.noteSuccess();
  expect(breaker.state).toBe('closed');
  expect(breaker.noteFailure()).toBe(1_000);
});

it('never asks more than once a second, nor sooner than the server wants', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(900_000)),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (asked, random) => {
        const breaker = new CircuitBreaker(() => random);
        for (const retryAfterMs of asked) {
          const pauseMs = breaker.noteFailure(retryAfterMs);
          expect(pauseMs).toBeGreaterThanOrEqual(FIRST_PAUSE_MS);
          expect(pauseMs).toBeGreaterThanOrEqual(Math.min(retryAfterMs, 600_000));
          expect(pauseMs).toBeLessThanOrEqual(
            Math.max(1.5 * LAST_PAUSE_MS, Math.min(retryAfterMs, 600_000)),
          );
        }
      },
    ),
  );
});
