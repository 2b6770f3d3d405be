import { z } from 'zod';
import { nearestName } from './nearest-name.ts';

/** An object that has these keys only; a key that is not known is told with the one that was probably meant. */
export function strictObject<const Shape extends z.ZodRawShape>(
  shape: Shape,
  refused: Readonly<Record<string, string>> = {},
): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== 'unrecognized_keys') return 'must be an object';
      return issue.keys.map((key) => describeUnknown(key, known, refused)).join('\n');
    },
  });
}

/**
 * One line for each unknown key, which begins with the key: whoever tells it puts the path in front. `refused` has the
 * explanation for keys that are left out on purpose.
 */
function describeUnknown(
  key: string,
  known: readonly string[],
  refused: Readonly<Record<string, string>>,
): string {
  const near = nearestName(key, [...known, ...Object.keys(refused)]);
  const why = near !== undefined && Object.hasOwn(refused, near) ? refused[near] : undefined;
  if (why !== undefined) return `${key} ${why}`;
  const hint = near === undefined ? `; these are: ${known.join(', ')}` : `; did you mean ${near}?`;
  return `${key} is not known here${hint}`;
}

/** One of some names. */
export function oneOf<const Name extends string>(
  names: readonly Name[],
): z.ZodEnum<{ [Each in Name]: Each }> {
  return z.enum(names, {
    error: ({ input }) => {
      const near = typeof input === 'string' ? nearestName(input, names) : undefined;
      const hint = near === undefined ? '' : `; did you mean "${near}"?`;
      return `must be one of ${names.join(', ')}${hint}`;
    },
  });
}
