import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { sabotageSource } from '../faults/sabotage.ts';
import type { Sabotage } from '../faults/sabotage.ts';
import { CONTROLS } from './sabotages.ts';

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');

/** As the hook of `sabotage.ts` does in processes of Node. */
function takeOut(changes: Sabotage): Plugin {
  return {
    name: 'sabotage',
    enforce: 'pre',
    transform(source, id) {
      const here = changes.filter(({ file }) => id.endsWith(`/${file}`));
      return here.length === 0 ? undefined : sabotageSource(source, here);
    },
  };
}

// Vitest reads its settings from a default export only.
export default defineConfig({
  root,
  test: {
    reporters: [{}],
    // It would hand the modules of one project to another, and to later runs.
    fsModuleCache: false,
    // Most of these tests wait.
    maxWorkers: 4,
    projects: CONTROLS.map(({ off, file }, index) => ({
      root,
      plugins: [takeOut(off)],
      test: { name: String(index), include: [file], testTimeout: 30_000, hookTimeout: 30_000 },
    })),
  },
});
