import { defineConfig } from 'vitest/config';
import { TallyReporter } from './tests/tally-reporter.ts';

const NEVER = ['**/node_modules/**', '**/dist/**', '.cache/**', 'data/**'];
const PROVISION = './tests/servers/provision.ts';

// Vitest reads its settings from a default export only.
export default defineConfig({
  test: {
    reporters: ['default', new TallyReporter()],
    // A test left behind with `.only` would silence all others.
    allowOnly: process.env['CI'] !== 'true',
    // The servers under test need the other cores.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: [...NEVER, 'tests/**'],
          // Browsers have EventSource, Node only with this; the page's live stream is tested with it.
          execArgv: ['--experimental-eventsource', '--disable-warning=UNDICI-ES'],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'system',
          include: ['tests/**/*.test.ts'],
          exclude: [...NEVER, 'tests/browser/**'],
          globalSetup: [PROVISION],
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          exclude: NEVER,
          globalSetup: [PROVISION],
          // One browser at a time: two would only make each other slow.
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
