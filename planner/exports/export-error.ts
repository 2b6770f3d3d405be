/** A run sheet cannot be written in a format. The message says why in one line. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}
