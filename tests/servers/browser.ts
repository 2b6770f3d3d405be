import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { requireProgram } from './programs.ts';

/** Keeps the browser from talking to anybody but the page under test. */
const QUIET_FLAGS = [
  // Test containers have no user namespaces, and only our own pages are opened.
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // Containers have a tiny /dev/shm, on which pages with a map would crash.
  '--disable-dev-shm-usage',
];

/** Launches a headless Chromium with a fresh profile, which is gone when the browser is closed. */
export async function launchBrowser(): Promise<Browser> {
  const program = requireProgram('chromium');
  return chromium.launch({ executablePath: program.path, env: program.env, args: QUIET_FLAGS });
}
