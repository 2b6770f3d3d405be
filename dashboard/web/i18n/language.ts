/** The languages of the page. Swedish is the one to fall back on. */
export const LANGUAGES = ['sv', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Returns the language for a tag such as `sv-SE`, or `undefined` when the page does not speak it. */
export function parseLanguage(tag: string | null | undefined): Language | undefined {
  const primary = tag?.toLowerCase().split('-')[0];
  return LANGUAGES.find((language) => language === primary);
}

/** The first language of the browser's list that the page speaks, else Swedish. */
export function pickLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    const language = parseLanguage(tag);
    if (language) return language;
  }
  return 'sv';
}
