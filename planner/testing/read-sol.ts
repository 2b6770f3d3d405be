import type { Plan, Visit } from '../problem/plan.ts';

/** A published solution: `Route #1: 5 7 0 3`, where 0 is a visit to the depot to reload, and `Cost 123`. */
export function readSol(text: string): { readonly plan: Plan; readonly cost: number } {
  const routes = [...text.matchAll(/^Route #\d+:(.*)$/gm)].map(([, ids = ''], index) => ({
    vehicleId: String(index + 1),
    visits: ids
      .trim()
      .split(/\s+/)
      .map((id): Visit => (id === '0' ? { kind: 'disposal', id: 'depot' } : { kind: 'stop', id })),
  }));
  const [, cost] = /^Cost:?\s+([\d.]+)/m.exec(text) ?? [];
  return { plan: { routes }, cost: Number(cost) };
}
