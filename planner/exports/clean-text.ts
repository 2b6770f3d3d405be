/** A text that every format can carry: XML 1.0 has no way to write most control characters, nor half of a pair. */
export function cleanText(text: string): string {
  // XML 1.0 (5th edition), 2.2: Char.
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
}

/** The same on one line, for titles. */
export function oneLine(text: string): string {
  return cleanText(text).replaceAll(/\s+/gu, ' ').trim();
}

const CHARACTERS = new Intl.Segmenter();

/** Cut to a length, with a mark that says so; never inside of what a reader takes for one character. */
export function shorten(text: string, most: number): string {
  let count = 0;
  let end = 0;
  for (const { index } of CHARACTERS.segment(text)) {
    if (count === most) return `${text.slice(0, end)}…`;
    // The last one gives way to the mark, should there be more.
    if (count === most - 1) end = index;
    count += 1;
  }
  return text;
}
