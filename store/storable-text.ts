const CONTROL_CHARACTERS = /\p{Cc}/gu;

/** Text from outside as every database takes it: PostgreSQL refuses NUL, and half a character is none. */
export function storableText(text: string): string {
  return text.replaceAll(CONTROL_CHARACTERS, '\uFFFD').toWellFormed();
}
