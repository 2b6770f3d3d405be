/**
 * Whether a filter that ends in `#` matches a topic, level by level; `a/#` matches `a` itself too [MQTT-4.7.1-2]. The rule by
 * which a gateway may send, at every door.
 */
export function coversTopic(prefix: string, topic: string): boolean {
  const levels = topic.split('/');
  const fixed = prefix.split('/');
  if (fixed.pop() !== '#' || levels.length < fixed.length) return false;
  return fixed.every((part, index) => part === '+' || part === levels[index]);
}
