import type { TestProject } from 'vitest/node';
import { PACKAGE_NAMES, unpackPackage } from './debian-packages.ts';
import type { PackageName } from './debian-packages.ts';
import { hasPackage } from './programs.ts';

/**
 * Unpacks those of the given packages whose programs this machine lacks, and says so.
 * What cannot be had is said loudly and returned; the tests that need it decide what that means.
 */
export async function provision(
  names: readonly PackageName[] = PACKAGE_NAMES,
): Promise<PackageName[]> {
  const missing = names.filter((name) => !hasPackage(name));
  const results = await Promise.all(missing.map(provisionOne));
  return missing.filter((_name, index) => !results[index]);
}

async function provisionOne(name: PackageName): Promise<boolean> {
  console.log(`test servers: unpacking Debian package ${name} ...`);
  try {
    await unpackPackage(name);
    if (hasPackage(name)) return true;
    console.error(`TEST SERVERS: ${name} was unpacked, but its program was not found in it.`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(`TEST SERVERS: ${name} CANNOT BE HAD, its tests will not run: ${reason}`);
  }
  return false;
}

/** Vitest calls this once per project before its tests. */
export async function setup(project: TestProject): Promise<void> {
  await provision(packagesOf(project.name));
}

/** A browser is by far the largest download, so only the tests that need one cause it. */
function packagesOf(projectName: string): readonly PackageName[] {
  if (projectName === 'browser') return ['chromium'];
  return PACKAGE_NAMES.filter((name) => name !== 'chromium');
}
