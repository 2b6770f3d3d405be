/** Text from outside as every database takes it: PostgreSQL refuses NUL, and half a character is none. */
export function storableText(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\uFFFD').toWellFormed();
}
