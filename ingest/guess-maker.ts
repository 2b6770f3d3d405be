import { codecForAlias, normaliseAlias } from './codecs/registry.ts';
import { readMessage } from './read-message.ts';
import type { RawMessage } from './read-message.ts';
import type { Source } from './sources/source.ts';

/**
 * Who made the device that sent a message, as far as the message says: by what its network server calls the model. A name
 * that no codec goes by still names the maker where it is of the form `maker/model`.
 */
export function guessMaker(message: RawMessage, sources: readonly Source[]): string | undefined {
  const result = readMessage(message, sources);
  const hint = result.ok ? result.uplink.modelHint : undefined;
  if (hint === undefined) return undefined;
  const name = codecForAlias(hint)?.model ?? normaliseAlias(hint);
  const [maker, model] = name.split('/');
  return model === undefined || maker === '' ? undefined : maker;
}
