import { registerHooks } from 'node:module';

/**
 * One protection taken out of the product as it is loaded, so that a test of that protection must fail. Nothing in the
 * product knows of this: the text of a file is changed on its way into Node.
 */
export interface Sabotage {
  /** End of the file's path, such as `journal/journal-file.ts`. */
  readonly file: string;
  readonly changes: readonly (readonly [from: string, to: string])[];
}

export const SABOTAGES = {
  /** Commits reach the kernel, but not the disk. */
  'relaxed-sync': {
    file: 'journal/journal-file.ts',
    changes: [
      ["database.pragma('synchronous = FULL')", "database.pragma('synchronous = NORMAL')"],
      ["database.pragma('synchronous', { simple: true }) !== 2", 'false'],
    ],
  },
} as const satisfies Record<string, Sabotage>;

export type SabotageName = keyof typeof SABOTAGES;

/** The environment and arguments for Node that take out a protection in a process and its threads and children. */
export function sabotageEnv(name: SabotageName): Record<string, string> {
  return { NODE_OPTIONS: `--import=${import.meta.url}`, TUNNA_TEST_SABOTAGE: name };
}

const chosen = process.env['TUNNA_TEST_SABOTAGE'];
if (chosen !== undefined) applySabotage(chosen);

function applySabotage(name: string): void {
  // Safe: a name that is none gives undefined, which is asked for.
  const sabotage = (SABOTAGES as Record<string, Sabotage>)[name];
  if (sabotage === undefined) throw new Error(`There is no sabotage ${name}`);
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(`/${sabotage.file}`)) return loaded;
      return { ...loaded, source: change(String(loaded.source), sabotage) };
    },
  });
}

/** A protection that has moved elsewhere must not leave a control behind that controls nothing. */
function change(source: string, { file, changes }: Sabotage): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${file} has no "${from}" to sabotage`);
    return text.replace(from, to);
  }, source);
}
