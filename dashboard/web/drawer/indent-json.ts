/** A string, a sign of structure, or a word such as a number: everything of JSON but the blanks. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const INDENT = '  ';
/** Deeper than any real message; indenting what was nested to do harm would fill the memory with blanks. */
const MAX_DEPTH = 32;

/**
 * Indents JSON for reading, and leaves every string and number as it was written: parsing and writing it again would
 * round long numbers and drop doubled keys. What is not JSON, or nested too deep, is returned as it is.
 */
export function indentJson(text: string): string {
  if (!isJson(text)) return text;
  const tokens = text.match(TOKEN) ?? [];
  let depth = 0;
  let indented = '';
  for (const [index, token] of tokens.entries()) {
    const isOpening = token === '{' || token === '[';
    const isClosing = token === '}' || token === ']';
    const isEmpty = isClosing && /^[{[]$/.test(tokens[index - 1] ?? '');
    if (isClosing) depth -= 1;
    if (isClosing && !isEmpty) indented += `\n${INDENT.repeat(depth)}`;
    indented += token === ':' ? ': ' : token;
    if (isOpening) depth += 1;
    if (depth > MAX_DEPTH) return text;
    const isFollowedByLine =
      token === ',' || (isOpening && !/^[}\]]$/.test(tokens[index + 1] ?? ''));
    if (isFollowedByLine) indented += `\n${INDENT.repeat(depth)}`;
  }
  return indented;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
