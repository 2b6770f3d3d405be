/**
 * Whether a topic matches a filter: `+` fills one level, `#` this and all below [MQTT-4.7.1-2, MQTT-4.7.1-3]. Topics that
 * start with `$` are the broker's own and match no wildcard at their first level [MQTT-4.7.2-1].
 */
export function matchesFilter(filter: string, topic: string): boolean {
  return matchLevels(filter, topic) !== undefined;
}

/** The levels of a topic that the filter's `+` stand for, first to last; `undefined` when the topic does not match. */
export function matchLevels(filter: string, topic: string): readonly string[] | undefined {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  if (topic.startsWith('$') && (wanted[0] === '+' || wanted[0] === '#')) return undefined;
  const open: string[] = [];
  for (let index = 0; index < wanted.length; index += 1) {
    const want = wanted[index];
    if (want === '#') return open;
    const level = levels[index];
    if (level === undefined) return undefined;
    if (want === '+') open.push(level);
    else if (want !== level) return undefined;
  }
  return wanted.length === levels.length ? open : undefined;
}
