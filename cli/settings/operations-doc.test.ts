import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { createProgram } from '../program.ts';
import { DEFINITIONS, SETTING_NAMES } from './definitions.ts';
import { parseSettings } from './read-settings.ts';

const ROOT = new URL('../../', import.meta.url);

/** Rows of the table whose first heading is given, as texts without the marks for code. */
function readTable(heading: string): string[][] {
  const lines = readFileSync(new URL('docs/operations.md', ROOT), 'utf8').split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} `));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

/** Commands without commands of their own, such as `device add`. */
function commandNames(command: Command, above: readonly string[] = []): string[] {
  if (command.commands.length === 0) return [above.join(' ')];
  return command.commands.flatMap((each) => commandNames(each, [...above, each.name()]));
}

/** A cell such as `tunna device list <id>, show`: further names are of the same command as the first. */
function documentedCommands(cell: string): string[] {
  const names = cell.split(', ').map((code) => code.replace(/^tunna /, '').replace(/ [<[-].*/, ''));
  const [group, isOfGroup] = names[0]?.split(' ') ?? [];
  return names.map((name) =>
    isOfGroup === undefined || name.startsWith(`${group} `) ? name : `${group} ${name}`,
  );
}

describe('docs/operations.md', () => {
  test('lists every setting with its default, and no other', () => {
    const documented = readTable('Setting').map(([name = '', text]) => [name, text] as const);
    const defined = SETTING_NAMES.map((name) => [name, DEFINITIONS[name].default] as const);
    expect(documented).toHaveLength(defined.length);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(defined));
  });

  test('lists every command, and no other', () => {
    const documented = readTable('Command').flatMap(([cell = '']) => documentedCommands(cell));
    expect(new Set(documented)).toEqual(new Set(commandNames(createProgram())));
  });

  test('lists every exit code, and no other', () => {
    const documented = readTable('Code').map(([code]) => Number(code));
    expect(documented).toEqual(Object.values(EXIT));
  });
});

test('.env.example has only settings that are understood', () => {
  const lines = readFileSync(new URL('.env.example', ROOT), 'utf8').split('\n');
  const pairs = lines.flatMap((line) => {
    const [, name, text] = /^#?(NODE_ENV|TUNNA_\w+)=(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, text === '' ? 'sample' : text] as const];
  });
  expect(pairs.length).toBeGreaterThan(10);
  const result = parseSettings(Object.fromEntries(pairs), fileURLToPath(ROOT));
  expect(result).toMatchObject({ ok: true, warnings: [] });
});
