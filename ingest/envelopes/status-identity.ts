import { createHash } from 'node:crypto';

/**
 * Identity of a document that has no frame counter of its own: the same bytes are the same document.
 * @param prefix says whose document it is
 */
export function hashIdentity(prefix: string, documentBytes: Uint8Array): string {
  return `${prefix}:${createHash('sha256').update(documentBytes).digest('hex')}`;
}
