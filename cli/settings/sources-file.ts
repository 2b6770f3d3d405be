import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { errorText } from '../../domain/error-text.ts';
import type { ConfiguredSource, MqttConnectionOptions } from '../../ingest/sources/mqtt-source.ts';
import { isLoopback } from './rules.ts';
import { isPlain, SourcesDocument } from './sources-schema.ts';

export type SourcesResult =
  | { readonly ok: true; readonly sources: readonly ConfiguredSource[] }
  | { readonly ok: false; readonly mistakes: readonly string[] };

/** More mistakes than this are one: it is another kind of file. */
const MOST_MISTAKES = 20;

/**
 * Reads the file that `TUNNA_SOURCES` names, or tells all its mistakes, each with its place. Relative paths in it start at its
 * own folder.
 */
export function readSourcesFile(file: string): SourcesResult {
  const refuse = (what: string): SourcesResult => ({
    ok: false,
    mistakes: [`TUNNA_SOURCES: ${file} ${what}`],
  });
  let text: string;
  try {
    // The byte order mark that some editors write is no JSON.
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    return refuse(`cannot be read: ${errorText(error)}`);
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return refuse(`is not JSON: ${errorText(error)}`);
  }
  return parseSources(document, path.dirname(file));
}

/** Understands the document of a sources file. */
export function parseSources(document: unknown, folder: string): SourcesResult {
  const parsed = SourcesDocument.safeParse(document);
  if (parsed.success) return { ok: true, sources: parsed.data.map((it) => resolve(it, folder)) };
  const mistakes = parsed.error.issues.flatMap((issue) => describe(issue, document));
  const more = mistakes.length - MOST_MISTAKES;
  const told = mistakes.slice(0, MOST_MISTAKES);
  return { ok: false, mistakes: more > 0 ? [...told, `TUNNA_SOURCES: ${more} more`] : told };
}

/** What works but is probably not meant. */
export function findSourceWarnings(sources: readonly ConfiguredSource[]): string[] {
  return sources.flatMap(({ name, mqtt }) => {
    if (mqtt?.passwordFile === undefined || !isPlain(mqtt.url)) return [];
    const { hostname } = new URL(mqtt.url);
    if (isLoopback(hostname.replace(/^\[|\]$/g, ''))) return [];
    return [`TUNNA_SOURCES: the source ${name} sends its password to ${hostname} in the clear`];
  });
}

type ParsedSource = z.output<typeof SourcesDocument>[number];

function resolve({ mqtt, ...source }: ParsedSource, folder: string): ConfiguredSource {
  return mqtt === undefined ? source : { ...source, mqtt: resolveFiles(mqtt, folder) };
}

const FILES = ['usernameFile', 'passwordFile', 'caFile', 'certFile', 'keyFile'] as const;

function resolveFiles(mqtt: MqttConnectionOptions, folder: string): MqttConnectionOptions {
  const files = FILES.flatMap((key) => {
    const file = mqtt[key];
    return file === undefined ? [] : [[key, path.resolve(folder, file)] as const];
  });
  return { ...mqtt, ...Object.fromEntries(files) };
}

/** One line for each mistake of an issue, with its place. What a value was is not told: it may be a secret in the wrong place. */
function describe(issue: z.core.$ZodIssue, document: unknown): string[] {
  const place = formatPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.message.split('\n').map((line) => `TUNNA_SOURCES: ${place}.${line}`);
  }
  const message = isLeftOut(document, issue.path)
    ? issue.message.replace(/^must be/, 'is needed:')
    : issue.message;
  return [`TUNNA_SOURCES: ${place === '' ? 'the file' : place} ${message}`];
}

/** As in JavaScript: `[0].mqtt.topics[1].filter`. */
function formatPath(keys: readonly PropertyKey[]): string {
  return keys
    .map((key, index) =>
      typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`,
    )
    .join('');
}

function isLeftOut(document: unknown, keys: readonly PropertyKey[]): boolean {
  const holder = valueAt(document, keys.slice(0, -1));
  const isObject = typeof holder === 'object' && holder !== null;
  return isObject && valueAt(document, keys) === undefined;
}

function valueAt(document: unknown, keys: readonly PropertyKey[]): unknown {
  return keys.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.entries(value).find(([name]) => name === String(key))?.[1];
  }, document);
}
