import { describe, test } from 'vitest';
import type { PackageName } from './debian-packages.ts';
import { hasPackage } from './programs.ts';

/** Declares a group of tests, as `describe` does. */
export type Describe = (name: string, body: () => void) => void;

/**
 * `describe`, for tests that start programs of Debian packages.
 *
 * Without those packages the group is skipped under a name that says why. With `CI=true` it fails instead, because a
 * test that silently does not run proves nothing.
 * @example needs('mosquitto', 'mosquitto-clients')('a bridge', () => { ... });
 */
export function needs(...packages: [PackageName, ...PackageName[]]): Describe {
  const missing = packages.filter((name) => !hasPackage(name));
  if (missing.length === 0) return describe;
  const why = `NOT RUN, MISSING ${missing.join(', ')}`;
  if (process.env['CI'] !== 'true') {
    return (name, body) => describe.skip(`${name} [${why}]`, body);
  }
  return (name) =>
    describe(name, () => {
      test(`has the programs it needs [${why}]`, () => {
        throw new Error(`Debian packages could not be unpacked: ${missing.join(', ')}`);
      });
    });
}
