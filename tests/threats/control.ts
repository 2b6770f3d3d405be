import type { Sabotage } from '../faults/sabotage.ts';

/** A protection that is switched off, and the test that has to notice. */
export interface Control {
  readonly protection: string;
  readonly off: Sabotage;
  readonly file: string;
  /** Name of the test, with those of its groups in front. */
  readonly test: string;
  /** What the test says then: one that fails for another reason has not noticed anything. */
  readonly says: RegExp;
}
