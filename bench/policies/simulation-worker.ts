import { parentPort } from 'node:worker_threads';
import { createPolicy, createWorld } from './assignment.ts';
import type { Assignment } from './assignment.ts';
import { loadPlanner } from './plan-day.ts';
import { simulate } from './simulate.ts';
import type { Outcome } from './simulate.ts';
import type { World } from './world.ts';

/** Worlds are dear to make and are asked for again with the next policy. */
const worlds = new Map<string, World>();

parentPort?.on('message', (assignment: Assignment) => {
  void work(assignment).then((outcome) => parentPort?.postMessage(outcome));
});

async function work({ world: choice, policy, iterations }: Assignment): Promise<Outcome> {
  const key = JSON.stringify(choice);
  const world = worlds.get(key) ?? createWorld(choice);
  worlds.set(key, world);
  const solve = iterations === 0 ? undefined : await loadPlanner(iterations);
  return simulate({
    ...{ world, policy: createPolicy(policy), oracle: policy.kind === 'oracle' },
    ...(solve !== undefined && { solve }),
  });
}
