/** An item that says nothing of a bin. */
export type DeviceItem = readonly [type: number, byteCount: number];

/** Channels of items that a device says of itself (FF), and of echoes of commands (FE or FF). */
export const DEVICE_CHANNELS = [0xfe, 0xff];

/** What every device says of itself when it joins, and how it echoes the commands that all know. */
export const DEVICE_ITEMS: readonly DeviceItem[] = [
  [0x01, 1], // protocol version
  [0x02, 2], // collection interval
  [0x03, 2], // report interval
  [0x06, 9], // alarm threshold
  [0x09, 2], // hardware version
  [0x0a, 2], // firmware version
  [0x0b, 1], // power on
  [0x0f, 1], // LoRaWAN class
  [0x10, 1], // reboot
  [0x13, 1], // install height on or off
  [0x16, 8], // serial number
  [0x1c, 2], // recollection
  [0x28, 1], // status query
  [0x3e, 1], // tilt linkage
  [0x4a, 1], // time sync
  [0x56, 1], // ToF on or off
  [0x70, 2], // height of people
  [0x71, 1], // working mode
  [0x77, 2], // install height
  [0xfe, 1], // reset event
  [0xff, 2], // TSL version
];

/** Echoes of commands about kept history, of the models that keep one. */
export const HISTORY_REPLIES: readonly DeviceItem[] = [
  [0x27, 1], // clear history
  [0x68, 1], // history on or off
  [0x69, 1], // retransmission on or off
  [0x6a, 3], // retransmission interval
  [0xf2, 2], // number of alarm reports
];
