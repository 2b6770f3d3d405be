/**
 * Migrates a database and is killed on the way: `node killed-migration.ts LOCATION STEP STATEMENT`, just before the
 * statement of that number (from 0) of that step, or after its last when it has fewer, which it says.
 */
import { writeSync } from 'node:fs';
import type { KyselyPlugin } from 'kysely';
import { openStore } from '../../store/database.ts';
import { migrate } from '../../store/migrate.ts';
import { MIGRATIONS } from '../../store/migrations/list.ts';

const [location = '', step = '', statement = ''] = process.argv.slice(2);
const original = MIGRATIONS[step];
if (original === undefined) throw new Error(`There is no step ${step}`);

let statements = 0;
const killer: KyselyPlugin = {
  transformQuery({ node }) {
    if (statements === Number(statement)) process.kill(process.pid, 'SIGKILL');
    statements += 1;
    return node;
  },
  transformResult: ({ result }) => Promise.resolve(result),
};

Object.assign(MIGRATIONS, {
  [step]: async (...[db, kinds]: Parameters<typeof original>): Promise<void> => {
    await original(db.withPlugin(killer), kinds);
    writeSync(1, 'after');
    process.kill(process.pid, 'SIGKILL');
  },
});
await migrate(openStore(location), Date.now());
