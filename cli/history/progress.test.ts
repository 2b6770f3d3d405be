import { expect, test } from 'vitest';
import { ProgressLine } from './progress.ts';

function tell(isTTY: boolean, times: readonly number[]): string[] {
  const written: string[] = [];
  let now = 0;
  const line = new ProgressLine({ isTTY, write: (text) => written.push(text) }, () => now);
  for (const time of times) {
    now = time;
    line.tell('a.csv', { bytes: 50, totalBytes: 200, records: 7 });
  }
  line.clear();
  return written;
}

test('a terminal sees one line that is written over, and nothing of it in the end', () => {
  const text = '\ra.csv: 25 % read, 7 records taken\u001b[K';
  expect(tell(true, [0, 1])).toEqual([text, text, '\r\u001b[K']);
});

test('elsewhere a line comes every ten seconds', () => {
  expect(tell(false, [1, 9_999, 10_000, 10_001, 20_000])).toEqual([
    'a.csv: 25 % read, 7 records taken\n',
    'a.csv: 25 % read, 7 records taken\n',
  ]);
});

test('what comes out of the quarantine first is told in the same way', () => {
  const written: string[] = [];
  const line = new ProgressLine({ isTTY: true, write: (text) => written.push(text) }, () => 0);
  line.tellReplay('dev-1', 200);
  expect(written).toEqual(['\rdev-1: 200 messages came out of the quarantine so far\u001b[K']);
});
