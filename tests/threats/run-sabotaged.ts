import { createVitest } from 'vitest/node';
import { CONTROLS } from './sabotages.ts';

/*
 * Runs the test of each protection with that protection taken out of the product as it is loaded, and prints what each test
 * has said, as JSON. A process of its own: it is Vitest, and runs in it.
 */

/** What the test of a protection has said without it. */
export interface SabotagedOutcome {
  readonly protection: string;
  /** States of the tests that ran: one, unless their names have changed. */
  readonly states: readonly string[];
  readonly errors: readonly string[];
}

const config = new URL('sabotaged.config.ts', import.meta.url).pathname;
const vitest = await createVitest('test', { config, watch: false });
const root = new URL('../..', import.meta.url).pathname;
const specifications = vitest.projects.map((project) => {
  const { file, test } = controlOf(project.name);
  const testNamePattern = new RegExp(`^${RegExp.escape(test)}$`);
  return project.createSpecification(`${root}${file}`, { testNamePattern });
});
const { testModules } = await vitest.runTestSpecifications(specifications);
const outcomes = testModules.map((module): SabotagedOutcome => {
  const results = [...module.children.allTests()].map((test) => test.result());
  const ran = results.filter(({ state }) => state !== 'skipped');
  const errors = [...ran.flatMap((result) => result.errors ?? []), ...module.errors()];
  return {
    protection: controlOf(module.project.name).protection,
    states: ran.map(({ state }) => state),
    errors: errors.map(({ message }) => message),
  };
});
await vitest.close();
// That tests have failed is what was wanted.
process.exitCode = 0;
process.stdout.write(`${JSON.stringify(outcomes)}\n`);

function controlOf(projectName: string): (typeof CONTROLS)[number] {
  const control = CONTROLS[Number(projectName)];
  if (control === undefined) throw new Error(`There is no control ${projectName}`);
  return control;
}
