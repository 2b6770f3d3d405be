import { InfluxDB } from '@influxdata/influxdb-client';
import { expect, test, vi } from 'vitest';
import { needs } from './needs.ts';
import { startVictoriaMetrics } from './victoria-metrics.ts';

needs('victoria-metrics')('a VictoriaMetrics for tests', () => {
  test('takes a write of InfluxDB 2 and shows it', async () => {
    await using server = await startVictoriaMetrics();
    const writer = new InfluxDB({ url: server.url, token: 'none' }).getWriteApi('o', 'b', 'ms');
    writer.writeRecord(`fill,bin=a percent=42 ${Date.now()}`);
    await writer.close();
    await vi.waitFor(async () => {
      const series = await server.exportMetric('fill_percent');
      expect(series).toMatchObject([{ metric: { bin: 'a' }, values: [42] }]);
    }, 20_000);
  });
});
