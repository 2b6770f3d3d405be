import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'vite';
import { expect, test } from 'vitest';
import { sv } from './sv.ts';

/** A node of the syntax tree (ESTree with JSX). */
type Node = Readonly<Record<string, unknown>> & { readonly type: string };

const WEB = path.resolve(import.meta.dirname, '..');
/** The page's own code; the catalogues themselves and tests prove nothing about what is shown. */
const SOURCES = globSync('**/*.{ts,tsx}', { cwd: WEB, exclude: ['dist/**', 'testing/**'] })
  .filter((file) => !/\.test\.tsx?$|^i18n\/(sv|en)\.ts$/.test(file))
  .map((file) => ({ file, nodes: listNodes(file) }));

function listNodes(file: string): Node[] {
  const { program, errors } = parseSync(file, readFileSync(path.join(WEB, file), 'utf8'));
  if (errors.length > 0) throw new Error(`${file} cannot be parsed`);
  const nodes: Node[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    // Safe: every object with a type is a node, and nodes hold nothing that is not read with care.
    if ('type' in value && typeof value.type === 'string') nodes.push(value as Node);
    for (const part of Object.values(value)) visit(part);
  };
  visit(program);
  return nodes;
}

function nodesOf(type: string, { nodes }: (typeof SOURCES)[number]): Node[] {
  return nodes.filter((node) => node.type === type);
}

/** Written-out texts of an expression that stands where it will be seen; those of conditions and calls are not. */
function shownTexts(node: unknown): string[] {
  // Safe: the tree's nodes have the fields that ESTree gives their type.
  const { type, value, expression, consequent, alternate, right, quasis } = (node ?? {}) as Node;
  if (type === 'Literal') return typeof value === 'string' ? [value] : [];
  if (type === 'JSXText') return [String(value)];
  if (type === 'JSXExpressionContainer' || type === 'ParenthesizedExpression') {
    return shownTexts(expression);
  }
  if (type === 'ConditionalExpression')
    return [...shownTexts(consequent), ...shownTexts(alternate)];
  if (type === 'LogicalExpression') return shownTexts(right);
  if (type !== 'TemplateLiteral' || !Array.isArray(quasis)) return [];
  return quasis.map((quasi: { value: { cooked: string } }) => quasi.value.cooked);
}

const hasWords = (text: string): boolean => /\p{L}/u.test(text);

test('every text of the catalogue is shown somewhere', () => {
  const exact = new Set<string>();
  const patterns: RegExp[] = [];
  for (const source of SOURCES) {
    for (const { value } of nodesOf('Literal', source)) exact.add(String(value));
    for (const template of nodesOf('TemplateLiteral', source)) {
      const parts = shownTexts(template);
      // Keys put together at run time begin with their group, as in `state.${state}`.
      if (!/^[a-z]+\./i.test(parts[0] ?? '')) continue;
      patterns.push(
        new RegExp(`^${parts.map((part) => part.replaceAll('.', '\\.')).join('[\\w-]+')}$`),
      );
    }
  }
  const isUsed = (key: string): boolean =>
    exact.has(key) ||
    exact.has(key.replace(/\.(one|other)$/, '')) ||
    patterns.some((pattern) => pattern.test(key));
  expect(Object.keys(sv).filter((key) => !isUsed(key))).toEqual([]);
});

test('every word that is shown comes from the catalogue', () => {
  /** Names of keys on the keyboard, which are the same in every language. */
  const isKey = (element: Node): boolean =>
    JSON.stringify(element['openingElement']).includes('"kbd"');
  const offenders: string[] = [];
  let elementCount = 0;
  for (const source of SOURCES) {
    for (const element of [...nodesOf('JSXElement', source), ...nodesOf('JSXFragment', source)]) {
      elementCount += 1;
      const { children } = element;
      if (!Array.isArray(children) || (element.type === 'JSXElement' && isKey(element))) continue;
      const words = children.flatMap(shownTexts).filter(hasWords);
      offenders.push(...words.map((word) => `${source.file}: ${word.trim()}`));
    }
  }
  expect(elementCount).toBeGreaterThan(100);
  expect(offenders).toEqual([]);
});

test('every word that is read out or shown on hovering comes from the catalogue', () => {
  const told = ['aria-label', 'aria-description', 'aria-valuetext', 'title', 'placeholder', 'alt'];
  const offenders: string[] = [];
  let attributeCount = 0;
  for (const source of SOURCES) {
    for (const { name, value } of nodesOf('JSXAttribute', source)) {
      // Safe: the name of a JSX attribute is an identifier.
      if (!told.includes((name as { name: string }).name)) continue;
      attributeCount += 1;
      const words = shownTexts(value).filter(hasWords);
      offenders.push(...words.map((word) => `${source.file}: ${word}`));
    }
  }
  expect(attributeCount).toBeGreaterThan(20);
  expect(offenders).toEqual([]);
});
