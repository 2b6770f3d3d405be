/** A point as a server reads it. */
export interface ParsedPoint {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, number>>;
  readonly timestampNs: string;
}

/**
 * Reads line protocol as its documentation describes it, character by character, and with all its escapes, though we write none.
 * Only float fields; throws at anything else that is not a point.
 * @see https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/
 */
export function parseLines(text: string): ParsedPoint[] {
  const points: ParsedPoint[] = [];
  let at = 0;
  /** Reads to one of these characters, not past a newline; a backslash takes the character after it as it is. */
  function readTo(stops: string): string {
    let token = '';
    for (; at < text.length && text[at] !== '\n' && !stops.includes(text.charAt(at)); at += 1) {
      const isEscape = text[at] === '\\' && ',= \\'.includes(text[at + 1] ?? '?');
      if (isEscape) at += 1;
      token += text.charAt(at);
    }
    return token;
  }
  function expectChar(char: string): void {
    if (text[at] !== char) throw new Error(`expected ${JSON.stringify(char)} at ${at}: ${text}`);
    at += 1;
  }
  function readPair(stops: string): [string, string] {
    const key = readTo('= ,');
    expectChar('=');
    return [key, readTo(stops)];
  }
  while (at < text.length) {
    const measurement = readTo(', ');
    const tags: Record<string, string> = {};
    while (text[at] === ',') {
      at += 1;
      const [key, value] = readPair(', ');
      tags[key] = value;
    }
    expectChar(' ');
    const fields: Record<string, number> = {};
    for (let isFirst = true; isFirst || text[at] === ','; isFirst = false) {
      if (!isFirst) at += 1;
      const [key, value] = readPair(', ');
      if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(value)) throw new Error(`no float: ${value}`);
      fields[key] = Number(value);
    }
    expectChar(' ');
    const timestampNs = readTo('');
    if (!/^-?\d+$/.test(timestampNs)) throw new Error(`no time: ${timestampNs}`);
    points.push({ measurement, tags, fields, timestampNs });
    if (at < text.length) expectChar('\n');
  }
  return points;
}
