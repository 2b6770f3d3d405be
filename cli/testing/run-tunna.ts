import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The command, as a script for Node. */
export const MAIN = path.resolve(import.meta.dirname, '../main.ts');

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedTunna {
  readonly child: ChildProcessWithoutNullStreams;
  /** Everything written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** `tunna` as a user runs it: in a process of its own, in an empty folder, with ports that are free. */
export class TunnaShell implements Disposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'tunna-cli-'));
  readonly #running = new Set<ChildProcessWithoutNullStreams>();

  /** Runs to the end. `settings` are added to the environment, which has no other of Tunna's. */
  async run(args: readonly string[], settings: Record<string, string> = {}): Promise<Outcome> {
    const started = this.start(args, settings);
    await once(started.child, 'close');
    const { stdout, stderr } = started;
    return { exitCode: started.child.exitCode, stdout: stdout(), stderr: stderr() };
  }

  /** Starts it and leaves it running. */
  start(args: readonly string[], settings: Record<string, string> = {}): StartedTunna {
    return this.#spawn(process.execPath, [MAIN, ...args], settings);
  }

  /** Starts it as npm does: in a shell that waits for it, which is the child. */
  startInShell(args: readonly string[], settings: Record<string, string> = {}): StartedTunna {
    const script = '"$0" "$@"; exit $?';
    const asNpm = { npm_lifecycle_event: 'start', ...settings };
    return this.#spawn('sh', ['-c', script, process.execPath, MAIN, ...args], asNpm);
  }

  #spawn(command: string, args: string[], settings: Record<string, string>): StartedTunna {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !name.startsWith('TUNNA_') && name !== 'NODE_ENV',
    );
    const free = { TUNNA_HTTP_PORT: '0', TUNNA_MQTT_PORT: '0', TUNNA_MQTT_WS_PORT: '0' };
    const child = spawn(command, args, {
      cwd: this.folder,
      env: { ...Object.fromEntries(inherited), ...free, ...settings },
    });
    this.#running.add(child);
    child.once('exit', () => this.#running.delete(child));
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    return { child, stdout: () => output.stdout, stderr: () => output.stderr };
  }

  [Symbol.dispose](): void {
    for (const child of this.#running) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, maxRetries: 20, retryDelay: 100 });
  }
}
