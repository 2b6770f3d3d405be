import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** An answer as it came over the wire. */
export interface ObservedResponse {
  readonly method: string;
  /** Path of the request, with or without its query. */
  readonly path: string;
  readonly status: number;
  /** `null` when the answer has no such header. */
  readonly contentType: string | null;
  /** Parsed JSON, or text; ignored for HEAD and 304. */
  readonly body: unknown;
}

type Json = Readonly<Record<string, unknown>>;

const PROBLEM = { $ref: '#/components/schemas/Problem' };

/**
 * Throws unless an OpenAPI 3.1 document describes this answer: its route, status, media type and body. HEAD is judged as
 * GET without a body; 405 is allowed where the document has the path but not the method, and must be a problem.
 */
export function checkResponse(document: object, response: ObservedResponse): void {
  const fail = (what: string): never => {
    throw new Error(`${response.method} ${response.path} -> ${response.status}: ${what}`);
  };
  const pathItem = findPath(document, response.path) ?? fail('the path is not described');
  const method = response.method.toLowerCase();
  const operation = asJson(pathItem[method === 'head' ? 'get' : method]);
  const type = response.contentType?.split(';')[0]?.trim().toLowerCase();
  if (operation === undefined) {
    if (response.status !== 405) fail('the method is not described');
    if (type !== 'application/problem+json') fail(`405 as ${type}`);
    if (method === 'head') return;
    check(document, PROBLEM, response.body, fail);
    return;
  }
  const described = asJson(asJson(operation['responses'])?.[response.status]);
  const answer = resolve(document, described) ?? fail('the status is not described');
  const content = asJson(answer['content']);
  if (content === undefined) {
    if (type !== undefined) fail(`has the type ${type}, but none is described`);
    return;
  }
  const media = asJson(content[type ?? '']) ?? fail(`the type ${type} is not described`);
  if (method === 'head') return;
  check(document, media['schema'], response.body, fail);
}

function asJson(value: unknown): Json | undefined {
  // Safe: any object can be looked into by name.
  return typeof value === 'object' && value !== null ? (value as Json) : undefined;
}

/** A path written out goes before one with a parameter in the same place (OpenAPI 3.1, Paths Object). */
function findPath(document: object, path: string): Json | undefined {
  const paths = asJson(asJson(document)?.['paths']) ?? {};
  const [plain = ''] = path.split('?');
  const template =
    plain in paths ? plain : Object.keys(paths).find((one) => toPattern(one).test(plain));
  return template === undefined ? undefined : asJson(paths[template]);
}

function toPattern(template: string): RegExp {
  const parts = template.split(/\{[^}]+\}/).map((part) => part.replaceAll('.', '\\.'));
  return new RegExp(`^${parts.join('[^/]+')}$`);
}

function resolve(document: object, value: Json | undefined): Json | undefined {
  const reference = value?.['$ref'];
  if (typeof reference !== 'string') return value;
  const steps = reference.replace(/^#\//, '').split('/');
  return steps.reduce<Json | undefined>((at, step) => asJson(at?.[step]), asJson(document));
}

interface Validators {
  readonly ajv: Ajv2020;
  /** By schema, so that each is compiled once. */
  readonly compiled: Map<unknown, ValidateFunction>;
}

const VALIDATORS = new WeakMap<object, Validators>();
const DOCUMENT_ID = 'urn:tunna:openapi';

function validatorsOf(document: object): Validators {
  const known = VALIDATORS.get(document);
  if (known !== undefined) return known;
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  // The document itself is no schema, but its references must be found.
  ajv.addSchema({ $id: DOCUMENT_ID, components: asJson(document)?.['components'] });
  const made: Validators = { ajv, compiled: new Map() };
  VALIDATORS.set(document, made);
  return made;
}

function check(
  document: object,
  schema: unknown,
  body: unknown,
  fail: (what: string) => never,
): void {
  const { ajv, compiled } = validatorsOf(document);
  let validate = compiled.get(schema);
  if (validate === undefined) {
    // References are relative to the document, wherever in it the schema stands.
    const text = JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${DOCUMENT_ID}#/`);
    validate = ajv.compile(asJson(JSON.parse(text)) ?? {});
    compiled.set(schema, validate);
  }
  if (validate(body)) return;
  fail(`the body is not as described: ${ajv.errorsText(validate.errors, { dataVar: 'body' })}`);
}
