import { accessSync, constants, mkdirSync } from 'node:fs';
import path from 'node:path';
import { errorText } from '../domain/error-text.ts';
import { EXIT, Refusal } from './exit-codes.ts';

/** What lies where in the data folder; `docs/operations.md` lists it. */
export function dataPaths(dataFolder: string): {
  readonly journals: string;
  readonly simulator: string;
  readonly startFile: string;
  readonly roads: string;
} {
  return {
    journals: path.join(dataFolder, 'journals'),
    simulator: path.join(dataFolder, 'simulator'),
    startFile: path.join(dataFolder, 'start.json'),
    roads: path.join(dataFolder, 'roads.bin'),
  };
}

/** Makes the folder if it is not there. Throws a {@link Refusal} when it cannot be written to. */
export function ensureDataFolder(dataFolder: string): void {
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    accessSync(dataFolder, constants.W_OK);
  } catch (error) {
    const message = `The data folder ${dataFolder} (TUNNA_DATA_DIR) cannot be written to: ${errorText(error)}`;
    throw new Refusal(EXIT.config, message, { cause: error });
  }
}
