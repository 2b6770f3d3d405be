import { en } from './en.ts';
import { createFormat } from './format.ts';
import type { Format } from './format.ts';
import type { Language } from './language.ts';
import { fillPlaceholders } from './messages.ts';
import type { MessageArguments, MessageKey, Messages, PluralKey } from './messages.ts';
import { sv } from './sv.ts';

/** Every catalogue, by language. */
export const CATALOGUES: Record<Language, Messages> = { sv, en };

/** One language, ready to speak: texts, plurals, and the formatters of numbers and times. */
export interface Translation {
  readonly language: Language;
  readonly format: Format;
  /** The text of a key, with its placeholders filled. */
  text<Key extends MessageKey>(key: Key, ...values: MessageArguments<Key>): string;
  /** The form of a text that fits a count; `{count}` is the count, written in the language. */
  plural(key: PluralKey, count: number, values?: Readonly<Record<string, string | number>>): string;
  /** The text of a key that is put together at run time, or what it says itself when there is none. */
  textOr(key: string, otherwise: string): string;
}

/** Makes the translation of a language. */
export function createTranslation(language: Language): Translation {
  const catalogue = CATALOGUES[language];
  const format = createFormat(language);
  const rules = new Intl.PluralRules(format.locale);
  return {
    language,
    format,
    text: (key, ...[values]) => fillPlaceholders(catalogue[key], values ?? {}),
    plural: (key, count, values) => {
      const form = rules.select(count) === 'one' ? 'one' : 'other';
      return fillPlaceholders(catalogue[`${key}.${form}`], {
        ...values,
        count: format.number(count),
      });
    },
    textOr: (key, otherwise) => {
      // Safe: only looked up; a key the catalogue lacks gives undefined.
      const text: string | undefined = catalogue[key as MessageKey];
      return text ?? otherwise;
    },
  };
}
