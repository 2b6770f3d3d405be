import { NO_WAY } from '../../problem/matrix.ts';
import type { Matrix } from '../../problem/matrix.ts';

/** A part of a table: some rows and some columns, as indices of positions. */
export interface Block {
  readonly sources: readonly number[];
  readonly targets: readonly number[];
}

/** Seconds and metres, row by row; `null`: no way. */
export interface BlockAnswer {
  readonly seconds: readonly (readonly (number | null)[])[];
  readonly metres: readonly (readonly (number | null)[])[];
}

/** Cuts a table of `size` positions into parts with at most `side` rows and columns. */
export function cutBlocks(size: number, side: number): Block[] {
  const runs: number[][] = [];
  for (let from = 0; from < size; from += side) {
    runs.push(Array.from({ length: Math.min(side, size - from) }, (_, index) => from + index));
  }
  return runs.flatMap((sources) => runs.map((targets) => ({ sources, targets })));
}

/** Asks for all blocks, `atOnce` at the same time. The first failure ends it: what is not asked yet never is. */
export async function collectBlocks(
  size: number,
  blocks: readonly Block[],
  atOnce: number,
  ask: (block: Block) => Promise<BlockAnswer>,
): Promise<Matrix> {
  const matrix = {
    size,
    seconds: new Int32Array(size * size),
    metres: new Int32Array(size * size),
  };
  const queue = [...blocks];
  const work = async (): Promise<void> => {
    for (let block = queue.shift(); block !== undefined; block = queue.shift()) {
      try {
        fill(matrix, block, await ask(block));
      } catch (error) {
        queue.length = 0;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, blocks.length) }, work));
  return matrix;
}

function fill({ size, seconds, metres }: Matrix, { sources, targets }: Block, answer: BlockAnswer) {
  sources.forEach((source, row) => {
    targets.forEach((target, column) => {
      const entry = source * size + target;
      const time = answer.seconds[row]?.[column] ?? null;
      const length = answer.metres[row]?.[column] ?? null;
      const isWay = time !== null && length !== null;
      seconds[entry] = isWay ? Math.min(NO_WAY, Math.round(time)) : NO_WAY;
      metres[entry] = isWay ? Math.min(NO_WAY, Math.round(length)) : NO_WAY;
    });
  });
}

/** Whether an answer has as many rows and columns as were asked for. */
export function hasShape({ seconds, metres }: BlockAnswer, { sources, targets }: Block): boolean {
  return [seconds, metres].every(
    (rows) => rows.length === sources.length && rows.every((row) => row.length === targets.length),
  );
}
