/** Texts that a server must refuse, or may and does [MQTT-1.5.3-1, MQTT-1.5.3-2, section 1.5.3]. */
export const BAD_TEXTS: Readonly<Record<string, Buffer>> = {
  'U+0000': Buffer.from([0x61, 0x00]),
  'U+0001': Buffer.from([0x61, 0x01]),
  'U+001F': Buffer.from([0x61, 0x1f]),
  'U+007F': Buffer.from([0x61, 0x7f]),
  'U+009F': Buffer.from([0x61, 0xc2, 0x9f]),
  'U+FFFF': Buffer.from([0x61, 0xef, 0xbf, 0xbf]),
  'a surrogate': Buffer.from([0x61, 0xed, 0xa0, 0x80]),
  'half a character': Buffer.from([0x61, 0xc3]),
};
