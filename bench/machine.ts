import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
const GIB = 2 ** 30;

/** What a figure is worth nothing without: command, commit, day and machine, and how busy that one was beforehand. */
export function describeRun(): string {
  const script = path.relative(ROOT, process.argv[1] ?? '');
  const command = ['node', script, ...process.argv.slice(2)].join(' ');
  const cpu = cpus()[0]?.model.trim() ?? 'unknown CPU';
  const memory = `${(totalmem() / GIB).toFixed(0)} GiB`;
  return [
    `\`${command}\`, commit ${readCommit()}, ${new Date().toISOString().slice(0, 10)}`,
    `${cpu}, ${availableParallelism()} cores, ${memory}; Node ${process.versions.node}, ${process.platform}`,
    `load average before the run: ${loadavg()[0]?.toFixed(2)}`,
  ]
    .map((line) => `- ${line}`)
    .join('\n');
}

function readCommit(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: ROOT }).toString();
  try {
    const isChanged = git('status', '--porcelain', '--untracked-files=no').trim() !== '';
    return git('rev-parse', '--short', 'HEAD').trim() + (isChanged ? ' with changes' : '');
  } catch {
    return 'unknown';
  }
}
