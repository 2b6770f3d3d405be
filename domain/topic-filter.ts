/** Longest topic or filter, in bytes of UTF-8 [MQTT-4.7.3-3]. */
const MAX_TOPIC_BYTES = 65_535;

/** Whether a text is a topic filter: `+` fills a level, `#` the last one [MQTT-4.7.1-2, MQTT-4.7.1-3]. */
export function isTopicFilter(text: string): boolean {
  if (text === '' || text.includes('\0') || Buffer.byteLength(text) > MAX_TOPIC_BYTES) return false;
  const levels = text.split('/');
  return levels.every((level, index) => {
    if (level === '+') return true;
    if (level === '#') return index === levels.length - 1;
    return !/[+#]/.test(level);
  });
}
