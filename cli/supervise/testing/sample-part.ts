/**
 * A part for the tests of the supervisor, in a process of its own. What it does stands in its arguments: `ready`, `crash`
 * (after having been ready), `refuse`, `hang` (does not stop at SIGTERM), and where it notes its starts and its end.
 */
import { appendFileSync } from 'node:fs';

const [, , behaviour = 'ready', notes = '', name = ''] = process.argv;
const note = (text: string): void => appendFileSync(notes, `${name} ${text}\n`);

note(`started ${process.pid}`);
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {
  note('SIGTERM');
  if (behaviour !== 'hang') process.exit(0);
});
process.once('disconnect', () => process.exit(0));

if (behaviour === 'refuse') {
  process.send?.({ kind: 'refused', message: 'port 1883 is taken' }, undefined, undefined, () =>
    process.exit(69),
  );
} else {
  console.log(`hello from ${name}`);
  process.send?.({ kind: 'ready', addresses: { [name]: `tcp://${name}` } });
  if (behaviour === 'crash') setTimeout(() => process.exit(3), 10);
}
