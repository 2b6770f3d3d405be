import path from 'node:path';
import { markdownTable } from '../markdown-table.ts';
import type { InstanceSet } from './instances.ts';
import { KIM_REFERENCE } from './kim-reference.ts';
import type { Measured } from './measure-set.ts';

/** A set's instances, one to a row, and what they come to. */
export function reportSet(
  set: InstanceSet,
  measured: readonly Measured[],
  seconds: number,
): string {
  const rows = measured.map(({ entry, results, gaps }) => [
    path.basename(entry.file),
    `${entry.n}`,
    percent(mean(gaps)),
    percent(Math.max(...gaps)),
    vehiclesCell(entry.file, Math.max(...results.map(({ vehicles }) => vehicles))),
    results.every(({ feasible }) => feasible) ? 'yes' : 'NO',
    Math.round(mean(results.map(({ stepsPerSecond }) => stepsPerSecond))).toLocaleString('en-GB'),
    Math.round(Math.max(...results.map(({ workerMebibytes }) => workerMebibytes))).toString(),
  ]);
  const head = [
    'instance',
    'stops',
    'mean gap',
    'worst gap',
    'vehicles',
    'feasible',
    'steps/s',
    'MiB',
  ];
  return `### ${set.title}, ${seconds} s\n\n${markdownTable(head, rows)}\n\n${summarise(set, measured, seconds)}`;
}

function summarise(set: InstanceSet, measured: readonly Measured[], seconds: number): string {
  // The worst of a set is the worst of its instances' means over the seeds.
  const means = measured.map(({ gaps }) => mean(gaps));
  const goal = set.goals.find((one) => one.seconds === seconds);
  const asked =
    goal === undefined
      ? ''
      : `; asked: mean ${percent(goal.mean)}${goal.worst === undefined ? '' : `, worst ${percent(goal.worst)}`}`;
  return `Mean ${percent(mean(means))}, worst instance ${percent(Math.max(...means))}${asked}.`;
}

function vehiclesCell(file: string, vehicles: number): string {
  const reference = KIM_REFERENCE.get(path.basename(file));
  return reference === undefined ? `${vehicles}` : `${vehicles} (${reference.vehicles})`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(value: number): string {
  return `${value.toFixed(2)} %`;
}
