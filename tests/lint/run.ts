/** Checks the rules of `.oxlintrc.json`: `npm run lint`, or `npm run lint -- --fix`. */
import path from 'node:path';
import { runOxlint } from './oxlint.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const args = ['--type-aware', '--deny-warnings', ...process.argv.slice(2)];
process.exitCode = runOxlint(ROOT, args, true).exitCode ?? 1;
