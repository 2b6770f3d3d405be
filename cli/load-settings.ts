import { EXIT, Refusal } from './exit-codes.ts';
import { parseSettings, readRawSettings } from './settings/read-settings.ts';
import type { RawSettings } from './settings/read-settings.ts';
import type { Settings } from './settings/settings.ts';

export interface LoadedSettings {
  readonly settings: Settings;
  readonly warnings: readonly string[];
  /** What the settings were read from, to hand on to children. */
  readonly raw: RawSettings;
}

/** The settings of this process: its environment, and `.env` where it was started. Throws a {@link Refusal}. */
export function loadSettings(): LoadedSettings {
  const folder = process.cwd();
  const raw = readRawSettings(process.env, folder);
  const result = parseSettings(raw, folder);
  if (!result.ok) throw new Refusal(EXIT.config, describeMistakes(result.mistakes));
  return { settings: result.settings, warnings: result.warnings, raw };
}

function describeMistakes(mistakes: readonly string[]): string {
  const [first = '', ...others] = mistakes;
  if (others.length === 0) return first;
  return [`the settings have ${mistakes.length} mistakes:`, ...mistakes].join('\n  ');
}
