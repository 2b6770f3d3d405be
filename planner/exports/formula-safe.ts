import { cleanText } from './clean-text.ts';

/** Full-width forms of the signs begin a formula, too, in spreadsheets set to Chinese, Japanese or Korean. */
const BEGINS_FORMULA = /^[\s\0]*[=+\-@＝＋－＠]|^[\t\r\n\0]/;

/**
 * A text that a spreadsheet takes for a text, not for a formula: a single quote is put before it where it begins like one
 * (OWASP ASVS 5.0, 1.2.10). Only for texts that come from outside; a number is written as it is, also when it is negative.
 */
export function formulaSafe(text: string): string {
  return BEGINS_FORMULA.test(text) ? `'${cleanText(text)}` : cleanText(text);
}
