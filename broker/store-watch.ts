import type { Aedes } from 'aedes';
import { followChanges } from '../store/change-feed.ts';
import { newestChange } from '../store/changes.ts';
import type { Change } from '../store/changes.ts';
import type { Store } from '../store/database.ts';
import { StateOutput } from '../store/state-output.ts';
import { CommandOutput } from './command-output.ts';
import type { PrincipalCache } from './principal-cache.ts';
import type { Sessions } from './sessions.ts';

export interface StoreWatchOptions {
  readonly store: Store;
  readonly aedes: Aedes;
  readonly principals: PrincipalCache;
  readonly sessions: Sessions;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/**
 * Follows the store's changes: levels go out as retained messages, commands to those they are for, and principals that
 * changed lose what they may no longer have. Resolves, when every level is published, with what ends it.
 */
export async function watchStore(options: StoreWatchOptions): Promise<() => Promise<void>> {
  const { store, aedes, principals, sessions, now, onError } = options;
  const output = new StateOutput({
    store,
    onError,
    publish: (topic, payload) => publishRetained(aedes, topic, payload),
  });
  const commands = new CommandOutput({ store, aedes, sessions, now, onError });
  // Before the levels are read: what changes meanwhile is told again.
  const afterSeq = await newestChange(store);
  await output.start();
  commands.start();
  const onChanges = async (changes: readonly Change[]): Promise<void> => {
    output.noteChanges(changes);
    commands.noteChanges(changes);
    const ids = changes.filter(({ kind }) => kind === 'principal').map(({ id }) => id);
    for (const id of new Set(ids)) {
      // Thousands may be registered at once, and nobody is connected as any of them.
      if (!sessions.has(id)) principals.forget(id);
      else sessions.update(id, await principals.refresh(id));
    }
  };
  const ending = new AbortController();
  const { signal } = ending;
  const following = followChanges(store, { afterSeq, signal, onChanges, onError });
  return async () => {
    ending.abort();
    await following;
    await output.stop();
    await commands.stop();
  };
}

function publishRetained(aedes: Aedes, topic: string, payload: string): Promise<void> {
  return new Promise((resolve, reject) => {
    aedes.publish(
      { cmd: 'publish', topic, payload: Buffer.from(payload), qos: 1, retain: true, dup: false },
      (error) => (error ? reject(error) : resolve()),
    );
  });
}
