import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule, TestSuite } from 'vitest/node';
import type { Tally } from './tally.ts';

/** Writes the {@link Tally} of a run to the file named by `TUNNA_TEST_TALLY`; does nothing without it. */
export class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env['TUNNA_TEST_TALLY'];
    if (!file) return;
    const tally: Tally = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) addModule(tally, module);
    writeFileSync(file, JSON.stringify(tally));
  }
}

function addModule(tally: Tally, module: TestModule): void {
  const failedBefore = tally.failed;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'passed') tally.passed += 1;
    if (state === 'failed') tally.failed += 1;
    if (state === 'skipped') tally.skipped.push(`${module.relativeModuleId} > ${test.fullName}`);
  }
  // A hook that fails leaves its tests skipped, so the failure belongs to the group or to the file.
  const groups: (TestModule | TestSuite)[] = [module, ...module.children.allSuites()];
  tally.failed += groups.filter((group) => group.errors().length > 0).length;
  if (module.state() === 'failed' && tally.failed === failedBefore) tally.failed += 1;
}
