/** Why a message was set aside instead of becoming a reading, one sentence each, in words for an operator. */
export const QUARANTINE_REASONS = {
  'unknown-device': 'The message is sound, but no device of this id is registered.',
  'unknown-format': 'Neither the topic nor the shape of the message is one that Tunna reads.',
  'not-json': 'The message is not a JSON text.',
  'bad-encoding':
    'The message is not clean UTF-8, or has a byte order mark or half a character in it.',
  'too-deep': 'The message nests arrays or objects deeper than any real one does.',
  'too-long': 'The message is larger than any real one is.',
  'wrong-type':
    'A field is missing, unknown, or holds a value of the wrong type; the detail names it.',
  'no-level': 'The message carries neither a fill nor a distance.',
  'no-scale':
    'The message states a fill as a number, and neither its form nor its source says what the number means.',
  'no-mapping':
    "The names of the values are of somebody's own choosing, and the source does not say what they mean.",
  'no-codec': 'There is no codec for the model of this device, so its bytes cannot be read.',
  undecodable: 'The bytes do not follow the layout of the model that the device is registered as.',
  impossible: 'A value lies outside what any bin sensor could measure.',
  'device-mismatch': 'The topic names one device and the message another.',
  'bad-id': 'The id of the device is not one that Tunna accepts.',
  clock: 'The time in the message is not a point in time.',
  'no-identity': 'The message does not say which device it comes from.',
  'internal-error':
    'The message could not be stored, which is a fault of Tunna; the log has the cause.',
} as const satisfies Record<string, string>;

/** Name of a reason, as stored in the quarantine. */
export type QuarantineReason = keyof typeof QUARANTINE_REASONS;
