import { pbkdf2Sync, randomBytes } from 'node:crypto';

/** As Mosquitto 2 writes it. */
const ROUNDS = 101;

/** A line of Mosquitto's `password_file`. */
export function passwordLine(user: string, password: string): string {
  const salt = randomBytes(12);
  const hash = pbkdf2Sync(password, salt, ROUNDS, 64, 'sha512');
  return `${user}:$7$${ROUNDS}$${salt.toString('base64')}$${hash.toString('base64')}\n`;
}
