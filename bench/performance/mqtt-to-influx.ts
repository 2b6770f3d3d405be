import mqtt from 'mqtt';
import type { DoneCallback, IPublishPacket } from 'mqtt';

// What a careful user would write: mqtt.js takes everything from a broker, and acknowledges what InfluxDB has.
// `node mqtt-to-influx.ts MQTT_PORT INFLUX_URL`. Sends its parent `{ written }` after each batch.

const [mqttPort, influxUrl] = process.argv.slice(2);
const MAX_BATCH = 1_000;
/** mqtt.js sends no PUBACK of its own, and goes on, when the handler of a message has an error. */
const DEFERRED = new Error('acknowledged when it is written');

interface Arrival {
  readonly line: string;
  readonly messageId: number;
}

let waiting: Arrival[] = [];
let isWriting = false;
let written = 0;
let arrived = 0;

const client = mqtt.connect(`mqtt://127.0.0.1:${mqttPort}`, {
  clientId: 'mqtt-to-influx',
  clean: false,
  keepalive: 600,
});
client.handleMessage = (packet: IPublishPacket, callback: DoneCallback) => {
  waiting.push({ line: toLine(packet), messageId: packet.messageId ?? 0 });
  callback(DEFERRED);
  if (!isWriting) void writeAll();
};
client.on('connect', () => {
  client.subscribe('#', { qos: 1 }, () => process.send?.({ written }));
});

async function writeAll(): Promise<void> {
  isWriting = true;
  while (waiting.length > 0) {
    // What comes in one turn goes into one request.
    await new Promise((resolve) => setImmediate(resolve));
    const batch = waiting.slice(0, MAX_BATCH);
    waiting = waiting.slice(MAX_BATCH);
    await write(batch.map(({ line }) => line).join('\n'));
    client.stream.write(acknowledge(batch));
    written += batch.length;
    process.send?.({ written });
  }
  isWriting = false;
}

async function write(lines: string): Promise<void> {
  const answer = await fetch(`${influxUrl}/write?db=bench&precision=ns`, {
    method: 'POST',
    body: lines,
  });
  if (answer.status !== 204) throw new Error(`InfluxDB answered ${answer.status}`);
  await answer.arrayBuffer();
}

function acknowledge(batch: readonly Arrival[]): Buffer {
  const bytes = Buffer.alloc(batch.length * 4);
  batch.forEach(({ messageId }, index) => {
    bytes.writeUInt16BE(0x4002, index * 4);
    bytes.writeUInt16BE(messageId, index * 4 + 2);
  });
  return bytes;
}

/** Own JSON or a document of The Things Stack, as a point whose time is never that of another. */
function toLine({ topic, payload }: IPublishPacket): string {
  // Safe: the bench writes only these two forms.
  const document = JSON.parse(String(payload)) as {
    readonly fillPercent?: number;
    readonly temperatureC?: number;
    readonly uplink_message?: { readonly decoded_payload: Record<string, number> };
  };
  const device = topic.split('/').at(-2) ?? '';
  const decoded = document.uplink_message?.decoded_payload;
  const fill = document.fillPercent ?? decoded?.['distance'] ?? 0;
  const temperature = document.temperatureC ?? decoded?.['temperature'] ?? 0;
  arrived += 1;
  const atNs = `${Date.now()}${String(arrived % 1_000_000).padStart(6, '0')}`;
  return `telemetry,device=${device} fill=${fill},temperature=${temperature} ${atNs}`;
}
