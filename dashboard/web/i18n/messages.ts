import type { sv } from './sv.ts';

/** Key of a text; the Swedish catalogue has them all. */
export type MessageKey = keyof typeof sv;

/** A whole catalogue: every key, no others. */
export type Messages = Readonly<Record<MessageKey, string>>;

/** Names between braces in a text: `'{count} of {total}'` has `'count' | 'total'`. */
type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;

type Values<Key extends MessageKey> = Readonly<
  Record<Placeholder<(typeof sv)[Key]>, string | number>
>;

/** What must be given along with a key: nothing, or one value for each placeholder. */
export type MessageArguments<Key extends MessageKey> = [Placeholder<(typeof sv)[Key]>] extends [
  never,
]
  ? []
  : [values: Values<Key>];

/** Keys that exist in the forms `.one` and `.other`, without that ending. */
export type PluralKey = MessageKey extends infer Key
  ? Key extends `${infer Stem}.other`
    ? Stem
    : never
  : never;

/** Puts the values into the braces of a text; a brace without a value stays as it is. */
export function fillPlaceholders(
  text: string,
  values: Readonly<Record<string, string | number>>,
): string {
  return text.replace(/\{(\w+)\}/g, (brace, name: string) => String(values[name] ?? brace));
}

/** Names of the placeholders in a text, sorted, each once. */
export function listPlaceholders(text: string): string[] {
  const names = [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  return [...new Set(names)].sort();
}
