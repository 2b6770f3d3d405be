import Builder from 'fast-xml-builder';
import { cleanText } from './clean-text.ts';

/** A tree of elements: a name with its text, its children, or a list of elements of that name. `@` begins an attribute. */
export type XmlTree = {
  readonly [name: string]: string | number | XmlTree | readonly (XmlTree | string)[] | undefined;
};

const BUILDER = new Builder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  suppressEmptyNode: true,
});

/** Writes an XML 1.0 document in UTF-8. Texts may be anything; what XML cannot carry is replaced by U+FFFD. */
export function writeXml(root: XmlTree): string {
  return BUILDER.build({ '?xml': { '@version': '1.0', '@encoding': 'UTF-8' }, ...clean(root) });
}

function clean(tree: XmlTree): Record<string, unknown> {
  const entries = Object.entries(tree).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, cleanValue(value)]));
}

function cleanValue(value: XmlTree[string]): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object') return value;
  return isList(value) ? value.map(cleanValue) : clean(value);
}

/** `Array.isArray` alone does not tell read-only lists from trees. */
function isList(value: object): value is readonly (XmlTree | string)[] {
  return Array.isArray(value);
}
