import type { CommandDraft } from '../commands.ts';

/** A command for a device at the broker, as it is given; `id` must be a UUID. */
export function commandDraft(id: string, more: Partial<CommandDraft> = {}): CommandDraft {
  return {
    id,
    device_id: 'dev-1',
    kind: 'set-report-interval',
    request: JSON.stringify({ kind: 'set-report-interval', seconds: 900 }),
    f_port: null,
    bytes: null,
    door: 'broker',
    principal: 'dev-1',
    network_name: null,
    topic: 'bins/dev-1/down',
    payload: JSON.stringify({ commandId: id }),
    requested_at: 1_000,
    requested_by: 'test',
    expires_at: 1_000_000,
    ...more,
  };
}

/** A UUID for tests: the same for the same number. */
export function commandId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
