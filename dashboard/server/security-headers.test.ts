import { expect, test } from 'vitest';
import { listTileOrigins } from './security-headers.ts';

test.each([
  [undefined, []],
  ['/tiles/{z}/{x}/{y}.png', []],
  ['tiles/{z}/{x}/{y}.png', []],
  ['https://tile.example/{z}/{x}/{y}.png', ['https://tile.example']],
  ['http://127.0.0.1:9000/{z}/{x}/{y}{r}.png?key=a', ['http://127.0.0.1:9000']],
  ['//tile.example/{z}/{x}/{y}.png', ['http://tile.example']],
  [
    'https://{s}.tile.example/{z}/{x}/{y}.png',
    ['https://a.tile.example', 'https://b.tile.example', 'https://c.tile.example'],
  ],
  ["https://tile.example/;script-src 'unsafe-inline'/{z}", ['https://tile.example']],
])('tiles of %s come from %j', (url, origins) => {
  expect(listTileOrigins(url)).toEqual(origins);
});

test.each(['javascript:alert(1)', 'data:image/png,{z}', 'file:///{z}/{x}/{y}.png', 'https://'])(
  'tiles cannot come from %s',
  (url) => {
    expect(() => listTileOrigins(url)).toThrow(TypeError);
  },
);
