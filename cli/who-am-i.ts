import { userInfo } from 'node:os';

/** Who runs this command, for the record. */
export function whoAmI(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    // A user without an entry, as containers have.
    return 'cli';
  }
}
