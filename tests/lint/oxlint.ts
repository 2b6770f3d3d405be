import { spawnSync } from 'node:child_process';

/**
 * The linter is fetched by npx and not a dependency: the lock file would name its binaries for other systems, which
 * some registries do not have, and `npm ci` would refuse to install.
 */
const VERSIONS = ['oxlint@1.94.0', 'oxlint-tsgolint@7.0.2007'];

/** Runs the linter in a folder that has an `.oxlintrc.json`. With `show`, its words go to the terminal. */
export function runOxlint(
  folder: string,
  args: readonly string[],
  show = false,
): { exitCode: number | null; output: string } {
  const packages = VERSIONS.flatMap((version) => ['-p', version]);
  const result = spawnSync('npx', ['--yes', '--loglevel=error', ...packages, 'oxlint', ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: show ? 'inherit' : ['ignore', 'pipe', 'inherit'],
  });
  if (result.error) throw result.error;
  return { exitCode: result.status, output: result.stdout ?? '' };
}
