import { errorText } from '../../domain/error-text.ts';
import { readCredentials } from '../../ingest/sources/credentials.ts';
import { mqttSources } from '../../ingest/sources/mqtt-source.ts';
import type { MqttSource } from '../../ingest/sources/mqtt-source.ts';
import { EXIT, Refusal } from '../exit-codes.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * The sources that we fetch from other brokers. Throws a {@link Refusal} when a file that one names cannot be read or is not what
 * it should be: better now than when somebody wonders where the messages are.
 */
export function readMqttSources({ sources }: Pick<Settings, 'sources'>): readonly MqttSource[] {
  const found = mqttSources(sources);
  const mistakes = found.flatMap(({ name, mqtt }) => {
    try {
      readCredentials(mqtt);
      return [];
    } catch (error) {
      return [`TUNNA_SOURCES: the source ${name}: ${errorText(error)}`];
    }
  });
  if (mistakes.length > 0) throw new Refusal(EXIT.config, mistakes.join('\n  '));
  return found;
}
