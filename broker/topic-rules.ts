import { parseBinId, parseDeviceId } from '../domain/ids.ts';
import { coversTopic } from '../domain/topic-prefix.ts';
import type { Principal } from '../store/principals.ts';

type Subject = Pick<Principal, 'id' | 'kind' | 'prefixes'>;

/** What we publish; nobody else does. */
const OUTPUTS = new Set(['state', 'alert']);

/** Whether a principal may publish on a topic. Wildcards in topics are refused before. */
export function mayPublish(principal: Subject, topic: string): boolean {
  const levels = topic.split('/');
  const [first = ''] = levels;
  if (first.startsWith('$') || OUTPUTS.has(first)) return false;
  switch (principal.kind) {
    case 'device':
      return isTopicOfDevice(levels, principal.id, 'up');
    case 'gateway':
      return !isCommand(levels) && principal.prefixes.some((prefix) => coversTopic(prefix, topic));
    case 'reader':
    case 'operator':
      return false;
  }
}

/** Whether a principal may subscribe to a filter. Nobody sees another's messages, so few filters are needed. */
export function maySubscribe(principal: Subject, filter: string): boolean {
  const levels = filter.split('/');
  switch (principal.kind) {
    case 'device':
      return isTopicOfDevice(levels, principal.id, 'down');
    case 'reader':
      return isOutputFilter(levels);
    case 'gateway':
      return isCommandOf(principal, filter);
    case 'operator':
      return false;
  }
}

/** Whether a principal may receive a message: the second lock, should a subscription slip through. */
export function mayReceive(principal: Subject, topic: string): boolean {
  const levels = topic.split('/');
  switch (principal.kind) {
    case 'device':
      return isTopicOfDevice(levels, principal.id, 'down');
    case 'reader':
      return levels.length === 2 && OUTPUTS.has(levels[0] ?? '');
    case 'gateway':
      return isCommandOf(principal, topic);
    case 'operator':
      return false;
  }
}

function isTopicOfDevice(levels: readonly string[], id: string, direction: 'up' | 'down'): boolean {
  const [root, deviceId = '', last] = levels;
  if (levels.length !== 3 || root !== 'bins' || last !== direction) return false;
  return parseDeviceId(deviceId) === parseDeviceId(id);
}

/**
 * Whether a topic, or a filter with `+` in it, is for commands alone and lies under a prefix that the gateway speaks for:
 * `bins/{device}/down`, or where network servers take downlinks (The Things Stack `.../down/push`, ChirpStack
 * `.../command/down`). A `+` where the prefix has a name would reach beyond it, and is not covered.
 */
function isCommandOf({ prefixes }: Subject, filter: string): boolean {
  const levels = filter.split('/');
  const [first = ''] = levels;
  if (first.startsWith('$') || first === '+' || OUTPUTS.has(first) || levels.includes('#'))
    return false;
  const tail = levels.length > 2 ? levels.slice(-2).join('/') : '';
  const isDownlink = tail === 'down/push' || tail === 'command/down';
  if (!isDownlink && !isCommand(levels)) return false;
  return prefixes.some((prefix) => coversTopic(prefix, filter));
}

function isCommand(levels: readonly string[]): boolean {
  return levels.length === 3 && levels[0] === 'bins' && levels[2] === 'down';
}

function isOutputFilter(levels: readonly string[]): boolean {
  const [root = '', binId = ''] = levels;
  if (levels.length !== 2 || !OUTPUTS.has(root)) return false;
  return binId === '#' || binId === '+' || parseBinId(binId) !== undefined;
}
