import { errorText } from '../../domain/error-text.ts';
import { displayUrl, mqttSources } from '../../ingest/sources/mqtt-source.ts';
import type { MqttSource } from '../../ingest/sources/mqtt-source.ts';
import { tryConnection } from '../../ingest/sources/try-connection.ts';
import type { Settings } from '../settings/settings.ts';
import { fail, ok } from './check.ts';
import type { Finding } from './check.ts';

/** Whether each broker that messages are fetched from lets us in, all at once. */
export async function checkSources({ sources }: Pick<Settings, 'sources'>): Promise<Finding[]> {
  return Promise.all(mqttSources(sources).map(checkSource));
}

async function checkSource(source: MqttSource): Promise<Finding> {
  const name = `source ${source.name}`;
  const url = displayUrl(source.mqtt.url);
  try {
    await tryConnection(source);
    return ok(name, url);
  } catch (error) {
    return fail(name, `${url}: ${errorText(error)}`);
  }
}
