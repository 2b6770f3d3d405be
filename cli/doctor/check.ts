/** What one check found. `warn` works, but somebody should know. */
export interface Finding {
  readonly name: string;
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly detail: string;
}

export function ok(name: string, detail: string): Finding {
  return { name, verdict: 'ok', detail };
}

export function warn(name: string, detail: string): Finding {
  return { name, verdict: 'warn', detail };
}

export function fail(name: string, detail: string): Finding {
  return { name, verdict: 'fail', detail };
}
