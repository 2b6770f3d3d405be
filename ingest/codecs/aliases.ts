/**
 * What a model may be called: each name alone, and after each maker with a slash, as network servers
 * write it, or a hyphen, as people do. Names are given in the form of `normaliseAlias`.
 */
export function aliasesOf(makers: readonly string[], names: readonly string[]): readonly string[] {
  const aliases = names.flatMap((name) => [
    name,
    ...makers.flatMap((maker) => [`${maker}/${name}`, `${maker}-${name}`]),
  ]);
  // The name of a model may begin with its maker's.
  return [...new Set(aliases)];
}
