import type { ComponentChildren } from 'preact';
import { useTranslation } from '../state/page-context.ts';

interface StepProps {
  readonly name: 'reading' | 'geometry' | 'decoding' | 'message';
  readonly intro: string;
  readonly children: ComponentChildren;
}

/** One step on the way from a number to its bytes. */
export function Step({ name, intro, children }: StepProps) {
  const { text } = useTranslation();
  return (
    <li class="trace__step" data-step={name}>
      <h3>{text(`trace.step.${name}`)}</h3>
      <p class="muted small">{intro}</p>
      {children}
    </li>
  );
}

/** A row of a fact list; nothing when there is no value. */
export function Fact({ name, value }: { name: string; value: ComponentChildren }) {
  if (value === null || value === undefined) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
