import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { unpackedRoot } from './debian-packages.ts';
import type { PackageName } from './debian-packages.ts';

/** A program found on this machine or in the cache of unpacked packages. */
export interface Program {
  readonly path: string;
  /** The environment it needs: that of this process, and its own libraries when it is an unpacked copy. */
  readonly env: NodeJS.ProcessEnv;
}

/** How a program that was run to its end went. */
export interface ProgramResult {
  /** Null when it was killed by a signal or by the deadline. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const MULTIARCH = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';

/** The file that matters in each package, relative to the root it is unpacked into; `*` stands for a version. */
const PROGRAM_FILES = {
  mosquitto: ['mosquitto', 'usr/sbin/mosquitto'],
  mosquitto_pub: ['mosquitto-clients', 'usr/bin/mosquitto_pub'],
  mosquitto_sub: ['mosquitto-clients', 'usr/bin/mosquitto_sub'],
  influxd: ['influxdb', 'usr/bin/influxd'],
  'victoria-metrics': ['victoria-metrics', 'usr/bin/victoria-metrics'],
  postgres: ['postgresql-15', 'usr/lib/postgresql/*/bin/postgres'],
  initdb: ['postgresql-15', 'usr/lib/postgresql/*/bin/initdb'],
  pg_dump: ['postgresql-15', 'usr/lib/postgresql/*/bin/pg_dump'],
  chromium: ['chromium', 'usr/lib/chromium/chromium'],
  strace: ['strace', 'usr/bin/strace'],
  'nats-server': ['nats-server', 'usr/sbin/nats-server'],
  // What the scripts of the package come down to, which know no other place than the one they are installed in.
  erlexec: ['rabbitmq-server', 'usr/lib/erlang/*/bin/erlexec'],
  epmd: ['rabbitmq-server', 'usr/lib/erlang/*/bin/epmd'],
  'rabbitmq-plugins': ['rabbitmq-server', 'usr/lib/rabbitmq/lib/*/plugins'],
  gpsbabel: ['gpsbabel', 'usr/bin/gpsbabel'],
  xmllint: ['libxml2-utils', 'usr/bin/xmllint'],
  pdftotext: ['poppler-utils', 'usr/bin/pdftotext'],
  pdftoppm: ['poppler-utils', 'usr/bin/pdftoppm'],
  calcurse: ['calcurse', 'usr/bin/calcurse'],
  zbarimg: ['zbar-tools', 'usr/bin/zbarimg'],
  xlsx2csv: ['xlsx2csv', 'usr/bin/xlsx2csv'],
  // Which xlsx2csv is a script of, and comes with it where the machine has none.
  python3: ['xlsx2csv', 'usr/bin/python3'],
  libfaketime: ['faketime', `usr/lib/${MULTIARCH}/faketime/libfaketime.so.1`],
} as const satisfies Record<string, readonly [PackageName, string]>;

/** The programs (and one library to preload) the tests know. */
export type ProgramName = keyof typeof PROGRAM_FILES;

const SEARCH_PATH = [
  ...(process.env['PATH'] ?? '').split(path.delimiter),
  // Daemons live here, and the PATH of an ordinary user lacks it.
  '/usr/local/sbin',
  '/usr/sbin',
];

/** Finds a program: first on this machine, then among the unpacked packages. Undefined when there is none. */
export function findProgram(name: ProgramName): Program | undefined {
  const [packageName, file] = PROGRAM_FILES[name];
  const installed = expandVersion('/', file) ?? onSearchPath(name);
  if (installed) return { path: installed, env: { ...process.env } };
  const root = unpackedRoot(packageName);
  const unpacked = root && expandVersion(root, file);
  return unpacked ? { path: unpacked, env: unpackedEnv(root) } : undefined;
}

/** Like {@link findProgram}, for tests that have already checked that it is there. @throws when it is not. */
export function requireProgram(name: ProgramName): Program {
  const program = findProgram(name);
  if (!program) {
    throw new Error(`${name} is missing: Debian package ${PROGRAM_FILES[name][0]} is not unpacked`);
  }
  return program;
}

/** True when every program of the package can be found. */
export function hasPackage(packageName: PackageName): boolean {
  // Object.keys widens the names of a constant object to string.
  const names = Object.keys(PROGRAM_FILES) as ProgramName[];
  const wanted = names.filter((name) => PROGRAM_FILES[name][0] === packageName);
  return wanted.every((name) => findProgram(name) !== undefined);
}

/** Runs a program to its end. A non-zero exit is a result, not an error. */
export function runProgram(
  name: ProgramName,
  args: readonly string[],
  options: { readonly input?: string | Uint8Array; readonly timeoutMs?: number } = {},
): Promise<ProgramResult> {
  const program = requireProgram(name);
  const { promise, resolve } = Promise.withResolvers<ProgramResult>();
  const timeout = options.timeoutMs ?? 20_000;
  const child = execFile(
    program.path,
    args,
    { env: program.env, timeout },
    (_error, stdout, stderr) => resolve({ exitCode: child.exitCode, stdout, stderr }),
  );
  // A program that exits without reading its input is judged by its exit code, not by the broken pipe.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input ?? '');
  return promise;
}

function onSearchPath(name: string): string | undefined {
  return SEARCH_PATH.filter((folder) => folder !== '')
    .map((folder) => path.join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Replaces `*` by the newest version there is. */
function expandVersion(root: string, file: string): string | undefined {
  const [before, after] = file.split('*');
  if (after === undefined) return existingFile(path.join(root, file));
  const folder = path.join(root, before ?? '');
  if (!existsSync(folder)) return undefined;
  const versions = readdirSync(folder).sort((a, b) => Number(b) - Number(a));
  return versions
    .map((version) => existingFile(path.join(folder, version, after)))
    .find((found) => found !== undefined);
}

function existingFile(file: string): string | undefined {
  return existsSync(file) ? file : undefined;
}

function unpackedEnv(root: string): NodeJS.ProcessEnv {
  const shared = path.join(root, `usr/lib/${MULTIARCH}`);
  const libraries = [
    shared,
    // Some libraries keep others in a folder of their own, which they name by an absolute path (PulseAudio).
    ...foldersOfLibraries(shared),
    ...[`lib/${MULTIARCH}`, 'usr/lib'].map((folder) => path.join(root, folder)),
    process.env['LD_LIBRARY_PATH'],
  ];
  const coders = imageCoders(shared);
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: libraries.filter(Boolean).join(':'),
    ...(coders === undefined ? {} : { MAGICK_CODER_MODULE_PATH: coders }),
  };
  if (existsSync('/etc/fonts/fonts.conf') || !existsSync(path.join(root, 'etc/fonts'))) return env;
  // A machine without fonts: the unpacked settings look for them below XDG_DATA_HOME.
  return {
    ...env,
    FONTCONFIG_PATH: path.join(root, 'etc/fonts'),
    XDG_DATA_HOME: path.join(root, 'usr/share'),
  };
}

/** Where an unpacked ImageMagick (of zbarimg) keeps its image formats, which it looks for by an absolute path otherwise. */
function imageCoders(libraries: string): string | undefined {
  const magick = existsSync(libraries)
    ? readdirSync(libraries).find((folder) => folder.startsWith('ImageMagick-'))
    : undefined;
  return magick && expandVersion(path.join(libraries, magick), '*/coders');
}

function foldersOfLibraries(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name))
    .filter((inside) => readdirSync(inside).some((file) => /^lib.*\.so/.test(file)));
}
