import { expect, test } from 'vitest';
import { needs } from '../servers/needs.ts';
import { drawerOf, eventually, listedIds, rowOf, textOf } from './look.ts';
import { connectSensor, deviceOf } from './test-town.ts';
import { useTown } from './use-town.ts';

needs('chromium')('the live page', () => {
  const here = useTown([
    { id: 'square', name: 'Torget', reports: [{ fillPercent: 41, agoSeconds: 120 }] },
    { id: 'harbour', name: 'Hamnen', reports: [{ fillPercent: 12, agoSeconds: 600 }] },
    { id: 'bridge', name: 'Slussbron', reports: [{ fillPercent: 55, agoSeconds: 600 }] },
  ]);

  test('shows a level with its age, which grows by itself', async () => {
    const page = await here.visit({ hasClock: true, path: '/?bin=harbour' });
    const row = rowOf(page, 'harbour');
    expect(await textOf(row)).toMatch(/Hamnen .* 12 % 1\d min$/);
    await page.clock.fastForward('10:00');
    await eventually(() => textOf(row)).toMatch(/12 % 2\d min$/);
    const age = drawerOf(page).locator('[data-field=age]');
    await eventually(() => textOf(age)).toMatch(/^Mätt för 2\d minuter sedan$/);
  });

  test('calls a level stale once its sensor has been silent, without word from the server', async () => {
    const page = await here.visit({ hasClock: true });
    const row = rowOf(page, 'bridge');
    expect(await row.getAttribute('data-state')).toBe('ok');
    await page.clock.fastForward('59:00');
    await eventually(() => row.getAttribute('data-state')).toBe('stale');
    expect(await textOf(row)).toContain('Inaktuell');
    expect(await textOf(page.locator('.summary'))).toContain('utan färsk nivå');
  });

  test('follows a sensor in list, counts and open drawer without being loaded anew', async () => {
    const page = await here.visit({ path: '/?bin=square' });
    await page.evaluate('window.isSameDocument = true');
    const summary = page.locator('.summary');
    const full = page.getByRole('button', { name: /^Full / });
    const [level, reasons] = ['level', 'reasons'].map((field) =>
      drawerOf(page).locator(`[data-field=${field}]`),
    );
    if (!level || !reasons) throw new Error('two fields were asked for');
    expect(await textOf(level)).toBe('41 %');
    expect(await textOf(summary)).toContain('0 behöver tömmas');
    expect(await textOf(full)).toBe('Full 0');

    const sensor = await connectSensor(here.town.tunna, await here.town.addSensorLogin('square'));
    const payload = JSON.stringify({ fillPercent: 91 });
    await sensor.publishAsync(`bins/${deviceOf('square')}/up`, payload, { qos: 1 });
    await sensor.endAsync();

    await eventually(() => textOf(level)).toBe('91 %');
    expect(await textOf(reasons)).toBe('Har nått gränsen för tömning');
    expect(await textOf(rowOf(page, 'square'))).toMatch(/Full 91 % \d+ s$/);
    expect(await textOf(summary)).toContain('1 behöver tömmas');
    expect(await textOf(full)).toBe('Full 1');
    expect((await listedIds(page))[0], 'the most urgent comes first').toBe('square');
    await eventually(() => textOf(drawerOf(page).locator('[data-field=history-summary]'))).toMatch(
      /Lägst 41 %.* högst 91 %\. 2 mätningar/,
    );
    await eventually(() => drawerOf(page).locator('.message').count()).toBe(2);
    expect(await page.evaluate('window.isSameDocument')).toBe(true);
  });

  test('shows a bin as soon as it is registered, and its first level when it comes', async () => {
    const page = await here.visit();
    await here.town.addBins([{ id: 'new', name: 'Nya torget' }]);
    const row = rowOf(page, 'new');
    await row.waitFor();
    expect(await textOf(row)).toMatch(/Nya torget .*Okänd Nivå okänd$/);
    await here.town.report('new', { fillPercent: 7 });
    await eventually(() => textOf(row)).toMatch(/Plats kvar 7 % \d+ s$/);
  });
});
