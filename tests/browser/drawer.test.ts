import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { needs } from '../servers/needs.ts';
import { drawerOf, eventually, textOf } from './look.ts';
import { countColour } from './map.ts';
import { LORAWAN_SENSOR, networkServerDocument } from './network-server.ts';
import { useTown } from './use-town.ts';

const HOUR_SECONDS = 3600;

const TOPIC = 'v3/town@ttn/devices/bin-sensor-1/up';

/** Rows of the history as a table, newest first. */
async function tableOf(page: Page): Promise<string[]> {
  const rows = await page.getByRole('table').locator('tbody tr').all();
  return await Promise.all(rows.map(textOf));
}

needs('chromium')('the drawer', () => {
  const here = useTown([
    {
      id: 'quay',
      name: 'Kajen',
      description: 'Bakom isbodarna.\nNyckel i receptionen.',
      stream: 'litter',
      area: 'Hamnen',
      volumeLitres: 240,
      thresholdPercent: 75,
      reports: [
        { fillPercent: 10, agoSeconds: 40 * HOUR_SECONDS },
        { fillPercent: 30, agoSeconds: 9 * HOUR_SECONDS },
        { fillPercent: 55, agoSeconds: 8.5 * HOUR_SECONDS },
        { fillPercent: 80, agoSeconds: 300, temperatureC: -4.5, batteryPercent: 4, tilted: true },
      ],
    },
    { id: 'lorawan', name: 'Sluss 1', sensor: LORAWAN_SENSOR },
    { id: 'other', name: 'En annan', reports: [{ fillPercent: 5 }] },
  ]);
  const history = (page: Page) => drawerOf(page).locator('[data-field=history-summary]');

  test('tells level, age, why, and what is known of the bin', async () => {
    const page = await here.visit({ path: '/?bin=quay' });
    const drawer = drawerOf(page);
    await eventually(() => textOf(drawer.locator('[data-field=level]'))).toBe('80 %');
    expect(await textOf(drawer.locator('[data-field=age]'))).toMatch(/^Mätt för \d minuter sedan$/);
    expect(await textOf(drawer.locator('[data-field=reasons]'))).toBe(
      'Har nått gränsen för tömning Lutar eller har vält Svagt batteri',
    );
    expect(await textOf(drawer.locator('.level-panel .state-tag'))).toBe('Full');
    await drawer.locator('[data-device-id=sensor-quay]').waitFor();
    const facts = await textOf(drawer);
    for (const fact of ['Bakom isbodarna. Nyckel', 'Avfallsslag Skräp', 'Område Hamnen']) {
      expect(facts).toContain(fact);
    }
    for (const fact of ['Volym 240 l', 'Töms från 75 %', 'Batteri 4 %', 'Temperatur −4,5 °C']) {
      expect(facts).toContain(fact);
    }
    expect(facts).toContain('Inaktuell efter 1 timme');
    expect(facts).toContain('Avstånd till botten / full / dödzon 1 200 mm / 200 mm / 30 mm');
  });

  test('draws the history as a chart that says the same in words and as a table', async () => {
    const page = await here.visit({ path: '/?bin=quay' });
    const chart = drawerOf(page).getByRole('img', { name: /^Diagram över fyllnad\. Lägst 30 %/ });
    await chart.locator('canvas').waitFor();
    expect(await textOf(history(page))).toBe('Lägst 30 %, i snitt 55 %, högst 80 %. 3 mätningar.');
    await page.getByRole('button', { name: 'Visa som tabell' }).click();
    await eventually(() => chart.count()).toBe(0);
    const rows = await tableOf(page);
    expect(rows.map((row) => row.replace(/^.*?(\d+ %)/, '$1'))).toEqual([
      '80 % Spåra',
      '55 % Spåra',
      '30 % Spåra',
    ]);
    await page.getByRole('button', { name: '7 dygn' }).click();
    await eventually(() => textOf(history(page))).toContain('Lägst 10 %');
    expect(await textOf(history(page))).toContain('4 mätningar');
    const heads = await page.getByRole('columnheader').allInnerTexts();
    expect(heads).toEqual(['Tid', 'Lägst', 'Medel', 'Högst']);
    await page.getByRole('button', { name: 'Visa som diagram' }).click();
    await chart.or(page.getByRole('img', { name: /Lägst 10 %/ })).waitFor();
    await page.getByRole('button', { name: '30 dygn' }).click();
    await eventually(() => textOf(history(page))).toContain('4 mätningar');
  });

  test('draws a level that stands alone, which no line would show', async () => {
    const page = await here.visit({ path: '/?bin=other' });
    const canvas = drawerOf(page).locator('.chart canvas');
    await canvas.waitFor();
    expect(await countColour(canvas, '--accent')).toBeGreaterThan(8);
    expect(await countColour(canvas, '--text'), 'the limit').toBeGreaterThan(50);
  });

  test('keeps the last raw messages at hand, newest first', async () => {
    const page = await here.visit({ path: '/?bin=quay' });
    const messages = drawerOf(page).locator('.message');
    await eventually(() => messages.count()).toBe(4);
    expect(await textOf(messages.first())).toMatch(/bins\/sensor-quay\/up \{"observedAt".*Spåra$/);
    expect(await textOf(messages.last())).toContain('"fillPercent":10');
    // However long the topic is, the time keeps to its line.
    await messages
      .locator('.message__topic')
      .first()
      .evaluate((topic) => topic.append('/level'.repeat(30)));
    const time = await messages.locator('time').first().boundingBox();
    expect(time?.height, 'in pixels, of letters of 14').toBeLessThan(28);
  });

  test('traces a level back to the bytes of the sensor, step by step', async () => {
    const page = await here.visit({ path: '/?bin=lorawan' });
    const level = drawerOf(page).locator('[data-field=level]');
    await eventually(() => textOf(level)).toBe('Nivå okänd');
    const payload = networkServerDocument('bin-sensor-1');
    await here.town.publish(TOPIC, payload);
    await eventually(() => textOf(level)).toBe('75 %');

    await page.getByRole('button', { name: 'Varifrån kommer siffran?' }).click();
    const step = (name: string) => drawerOf(page).locator(`[data-step=${name}]`);
    await eventually(() => textOf(step('reading'))).toContain('Fyllnad 75 %');
    expect(await textOf(step('reading'))).toContain(`Sensor ${LORAWAN_SENSOR.id}`);
    expect(await textOf(step('geometry'))).toContain('Uppmätt avstånd 450 mm');
    expect(await textOf(step('geometry'))).toContain('(1 200 − 450) / (1 200 − 200) = 75 %');
    expect(await textOf(step('decoding'))).toContain('Avkodare milesight/em400-mud Port 85');
    const bytes = step('decoding').locator('[data-field=payload-hex]');
    expect(await textOf(bytes)).toBe('01 75 64 03 67 18 01 04 82 c2 01 05 00 00');
    expect(await textOf(step('message'))).toContain(`Ämne ${TOPIC}`);
    const raw = step('message').locator('[data-field=raw-payload]');
    expect(JSON.parse(await raw.innerText())).toEqual(JSON.parse(payload));

    await page.getByRole('button', { name: 'Hex', exact: true }).click();
    const dump = (await raw.innerText()).split('\n');
    const hex = dump.map((line) => line.slice(6, 29)).join(' ');
    expect(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex').toString()).toBe(payload);

    expect(page.url()).toMatch(/[?&]reading=\d+/);
    await page.getByRole('button', { name: 'Tillbaka till tunnan' }).click();
    await eventually(() => textOf(level)).toBe('75 %');
  });

  test('shows how a fill follows from leaning walls, a table and the temperature, number by number', async () => {
    const page = await here.visit({ path: '/?bin=lorawan' });
    const level = drawerOf(page).locator('[data-field=level]');
    await eventually(() => textOf(level)).toBe('75 %');
    const measures = { emptyDistanceMm: 1200, fullDistanceMm: 200, blindZoneMm: 30 };
    const strappingTable = [
      { heightMm: 0, litres: 0 },
      { heightMm: 500, litres: 120 },
      { heightMm: 1000, litres: 300 },
    ];
    await here.town.remount('lorawan', LORAWAN_SENSOR.id, {
      ...{ ...measures, shape: 'taper', areaRatio: 0.25, temperatureReferenceC: 20 },
    });
    await eventually(() => textOf(level)).toBe('61 %');
    await page.getByRole('button', { name: 'Varifrån kommer siffran?' }).click();
    const step = drawerOf(page).locator('[data-step=geometry]');
    await eventually(() => textOf(step)).toContain('Form lutande väggar');
    expect(await textOf(step)).toContain('Bottens yta / ytan vid full 0,25 Stämmer vid 20 °C');
    expect(await textOf(step)).toContain('450 × √((273,15 + 28) / (273,15 + 20)) = 456,1 mm');
    expect(await textOf(step)).toContain('h = (1 200 − 456,1) / (1 200 − 200) = 0,7439');
    expect(await textOf(step)).toContain('a = √kvoten = 0,5; V(h) / V(1) = 61,5 %');

    await page.getByRole('button', { name: 'Tillbaka till tunnan' }).click();
    await here.town.remount('lorawan', LORAWAN_SENSOR.id, {
      ...{ ...measures, shape: 'strapping-table', strappingTable },
    });
    await eventually(() => textOf(level)).toBe('70 %');
    await eventually(() => textOf(drawerOf(page))).toContain('Form uppmätt tabell');
    await page.getByRole('button', { name: 'Varifrån kommer siffran?' }).click();
    await eventually(() => textOf(step)).toContain('1 200 − 450 = 750 mm över botten');
    expect(await textOf(step)).toContain(
      'Linjen från (500 mm, 120 l) till (1 000 mm, 300 l) ger 210 l; 210 / 300 = 70 %',
    );
    await step.getByText('3 rader').click();
    expect(await textOf(step)).toContain('500 mm: 120 l');
  });

  test('traces any reading of the history and any message', async () => {
    const page = await here.visit({ path: '/?bin=quay' });
    await page.getByRole('button', { name: 'Visa som tabell' }).click();
    const fill = drawerOf(page).locator('[data-step=reading] strong');
    await page.getByRole('table').getByRole('button').nth(1).click();
    await eventually(() => textOf(fill)).toBe('55 %');
    expect(await textOf(drawerOf(page))).toContain('Sensorn räknade själv ut fyllnaden');
    await page.goBack();
    await drawerOf(page).locator('.message').last().getByRole('button').click();
    await eventually(() => textOf(fill)).toBe('10 %');
  });

  test('says what could not be loaded, part by part, and tries again when asked', async () => {
    const page = await here.visit({ expects: [/503/] });
    const readings = '**/api/v1/bins/other/readings**';
    await page.route(readings, (route) => route.fulfill({ status: 503 }));
    await page.locator('[data-bin-id=other]').click();
    const alert = drawerOf(page).getByRole('alert');
    await eventually(() => textOf(alert)).toBe('Det här kunde inte hämtas. Försök igen');
    expect(await textOf(drawerOf(page))).toContain('5 %');
    await page.unroute(readings);
    await alert.getByRole('button', { name: 'Försök igen' }).click();
    await eventually(() => textOf(history(page))).toContain('högst 5 %');
  });
});
