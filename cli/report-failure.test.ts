import { describe, expect, test } from 'vitest';
import { EXIT, Refusal } from './exit-codes.ts';
import { explainListenError } from './parts/listen-error.ts';
import { reportFailure } from './report-failure.ts';
import { parseSettings } from './settings/read-settings.ts';

describe('a failure', () => {
  test('that is expected is told in one line, with its own exit code', () => {
    const refusal = new Refusal(EXIT.config, 'no', { cause: new Error('why') });
    expect(reportFailure(refusal)).toEqual({ text: 'no', exitCode: 78 });
  });

  test('of the system is told with its causes and without a stack', () => {
    const error = new Error('The step failed', { cause: new Error('disk full') });
    expect(reportFailure(error)).toEqual({ text: 'The step failed: disk full', exitCode: 1 });
  });

  test('of every address of a host says what each said', () => {
    const refused = new AggregateError([new Error('refused ::1'), new Error('refused 127.0.0.1')]);
    expect(reportFailure(refused).text).toBe('refused ::1; refused 127.0.0.1');
  });

  test('that is a bug of ours comes with its stack', () => {
    expect(reportFailure(new TypeError('x is undefined')).text).toContain('    at ');
  });
});

describe('a port that cannot be had', () => {
  const parsed = parseSettings({ TUNNA_MQTT_PORT: '1884', TUNNA_BIND: '192.0.2.1' }, '/srv');
  if (!parsed.ok) throw new Error(parsed.mistakes.join());
  const { settings } = parsed;
  const listenError = (code: string, port: number): Error =>
    Object.assign(new Error(`listen ${code}`), { code, port });

  test.each([
    ['EADDRINUSE', 1884, 69, 'port 1884 is taken; set TUNNA_MQTT_PORT to another'],
    ['EADDRINUSE', 9999, 69, 'port 9999 is taken'],
    ['EADDRNOTAVAIL', 1884, 78, 'TUNNA_BIND=192.0.2.1 is no address of this machine'],
  ])('%s of port %i is told with its setting', (code, port, exitCode, message) => {
    const explained = explainListenError(listenError(code, port), settings);
    expect(explained).toMatchObject({ exitCode, message });
  });

  test('another error stays what it is', () => {
    const error = new Error('no journal');
    expect(explainListenError(error, settings)).toBe(error);
  });
});
