import { MODEL, ttsDocument } from '../system/lorawan-documents.ts';

/** The sensor in the documents. */
export const LORAWAN_SENSOR = { id: '24e124713c140001', model: MODEL } as const;

/** A document of The Things Stack with the frame of a sensor. @param name what its owner has called the sensor there */
export function networkServerDocument(name: string): string {
  const document = ttsDocument();
  return JSON.stringify({
    ...document,
    end_device_ids: { ...document.end_device_ids, device_id: name },
  });
}
