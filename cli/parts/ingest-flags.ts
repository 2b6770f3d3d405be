/**
 * Room for the objects of a whole batch where V8 puts what is young, MiB: they live as long as the batch, and are copied out of the
 * way whenever that room is full. With the default of 16 that takes a tenth of ingest's time (`bench/drain`).
 */
export const INGEST_FLAGS = ['--max-semi-space-size=32'];
