import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { errorText } from '../../domain/error-text.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import { DEFINITIONS, SETTING_NAMES } from './definitions.ts';
import type { SettingName, SettingValues } from './definitions.ts';
import { nearestName } from './nearest-name.ts';
import { findContradictions, findWarnings } from './rules.ts';
import { toSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import { findSourceWarnings, readSourcesFile } from './sources-file.ts';
import type { SourcesResult } from './sources-file.ts';

/** Names and texts as the environment and `.env` give them. */
export type RawSettings = Readonly<Record<string, string | undefined>>;

export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly mistakes: readonly string[] };

/** What tests of this project set for themselves is no setting. */
const TEST_PREFIX = 'TUNNA_TEST_';

/** Settings from `.env` in the folder and from the environment, which wins. Throws a {@link Refusal} when `.env` cannot be read. */
export function readRawSettings(environment: RawSettings, folder: string): RawSettings {
  const file = path.join(folder, '.env');
  const merged: Record<string, string | undefined> = {};
  for (const source of [readEnvFile(file), environment]) {
    for (const [name, text] of Object.entries(source)) {
      if (name.startsWith(TEST_PREFIX)) continue;
      if (name === 'NODE_ENV' || name.startsWith('TUNNA_')) merged[name] = text;
    }
  }
  return merged;
}

function readEnvFile(file: string): RawSettings {
  try {
    // The byte order mark that some editors write would hide the first line.
    return parseEnv(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new Refusal(EXIT.config, `${file} cannot be read: ${errorText(error)}`, { cause: error });
  }
}

/**
 * Understands all settings and the sources file at once, or tells all mistakes at once. An empty text counts as not set, because that is
 * what Docker makes of a variable that is not there. Relative paths start at `folder`.
 */
export function parseSettings(raw: RawSettings, folder: string): SettingsResult {
  const mistakes = findUnknown(raw);
  const values: Partial<SettingValues> = {};
  for (const name of SETTING_NAMES) {
    const text = raw[name]?.trim() || undefined;
    const parsed = DEFINITIONS[name].schema.safeParse(text);
    if (parsed.success) Object.assign(values, { [name]: parsed.data });
    else mistakes.push(describeMistake(name, text ?? ''));
  }
  mistakes.push(...findContradictions(values));
  const read = readSources(values.TUNNA_SOURCES, folder);
  if (!read.ok) mistakes.push(...read.mistakes);
  else mistakes.push(...findSourceContradictions(values, read.sources));
  if (mistakes.length > 0 || !read.ok) return { ok: false, mistakes };
  // Safe: without mistakes every name has got its value.
  const settings = toSettings(values as SettingValues, read.sources, folder);
  const warnings = [
    ...findWarnings(values),
    ...findSourceWarnings(read.sources),
    ...findSilence(settings),
  ];
  return { ok: true, settings, warnings };
}

/** An external broker that nothing is fetched from is no broker. */
function findSourceContradictions(
  { TUNNA_BROKER: broker, TUNNA_SOURCES: file }: Partial<SettingValues>,
  sources: Settings['sources'],
): string[] {
  if (broker !== 'external' || file === undefined) return [];
  if (sources.some(({ mqtt }) => mqtt !== undefined)) return [];
  return [`TUNNA_SOURCES: ${file} needs a source with mqtt when TUNNA_BROKER is external`];
}

/** Where nobody publishes levels though somebody may wait for them. */
function findSilence({ hasExternalBroker, sources }: Settings): string[] {
  if (!hasExternalBroker || sources.some(({ mqtt }) => mqtt?.states === true)) return [];
  return ['TUNNA_SOURCES: no source has "states": true, so that no level is published over MQTT'];
}

function readSources(file: string | undefined, folder: string): SourcesResult {
  return file === undefined
    ? { ok: true, sources: [] }
    : readSourcesFile(path.resolve(folder, file));
}

function findUnknown(raw: RawSettings): string[] {
  const known: readonly string[] = SETTING_NAMES;
  return Object.keys(raw)
    .filter((name) => name.startsWith('TUNNA_') && !known.includes(name))
    .map((name) => {
      const near = nearestName(name, known);
      return `${name} is not a setting${near === undefined ? '' : `; did you mean ${near}?`}`;
    });
}

function describeMistake(name: SettingName, text: string): string {
  const definition = DEFINITIONS[name];
  const got = 'secret' in definition ? 'something else (not shown)' : JSON.stringify(text);
  return `${name} must be ${definition.expected}, got ${got}`;
}
