import { readFileSync } from 'node:fs';
import { parseSync } from 'vite';

/** A title may hold what is filled in when the tests run, for which any text will do. */
const FILLED_IN = /%[sdifjo#$]|\$\w+/g;

type Node = Readonly<Record<string, unknown>>;

/**
 * The names of a test file's tests as patterns, each with those of its groups in front, joined by ` > `. Read from the source:
 * nothing is run.
 */
export function readTestNames(file: URL): RegExp[] {
  const { program, errors } = parseSync(file.pathname, readFileSync(file, 'utf8'));
  if (errors.length > 0) throw new Error(`${file.pathname} cannot be parsed`);
  return findBlocks(program, []).map((parts) => new RegExp(`^${parts.join(' > ')}$`));
}

/** The tests in a tree, with the calls around them that have a title and a function, such as `describe.each(...)`. */
function findBlocks(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => findBlocks(one, path));
  if (!isNode(value)) return [];
  const title = readTitle(value);
  const here = title === undefined ? path : [...path, title];
  const inner = Object.values(value).flatMap((one) => findBlocks(one, here));
  return title !== undefined && isTest(value) ? [here, ...inner] : inner;
}

/** Whether it is a call of `test` or `it`, or of something they give, such as `test.each(rows)`. */
function isTest({ callee, object, name }: Node): boolean {
  const inner = callee ?? object;
  return isNode(inner) ? isTest(inner) : name === 'test' || name === 'it';
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}

/** The title of a call as a pattern, if it has one. */
function readTitle({ type, arguments: given }: Node): string | undefined {
  if (type !== 'CallExpression' || !Array.isArray(given)) return undefined;
  const [title, ...others] = given.filter(isNode);
  if (!others.some((one) => String(one['type']).endsWith('FunctionExpression'))) return undefined;
  if (title?.['type'] === 'Literal' && typeof title['value'] === 'string') {
    return toPattern(title['value']);
  }
  if (title?.['type'] !== 'TemplateLiteral' || !Array.isArray(title['quasis'])) return undefined;
  const texts = title['quasis'].filter(isNode).map(({ value }) => isNode(value) && value['cooked']);
  return texts.map((text) => toPattern(String(text))).join('.+');
}

function toPattern(title: string): string {
  return title
    .split(FILLED_IN)
    .map((text) => RegExp.escape(text))
    .join('.+');
}
