import type { RoadProfile } from '../../road-profiles.ts';
import type { Tags } from './read-blocks.ts';

/** Whether signs for height, width, length and weight let a vehicle pass. Signs that cannot be read count as absent. */
export function fitsLimits(tags: Tags, profile: RoadProfile): boolean {
  const fits = (least: number, read: (text: string) => number | undefined, ...keys: string[]) =>
    keys.every((key) => {
      const limit = tags[key] === undefined ? undefined : read(tags[key]);
      return limit === undefined || limit >= least;
    });
  return (
    fits(profile.heightM, readMetres, 'maxheight', 'maxheight:physical') &&
    fits(profile.widthM, readMetres, 'maxwidth', 'maxwidth:physical') &&
    fits(profile.lengthM, readMetres, 'maxlength') &&
    fits(profile.axleLoadT, readTonnes, 'maxaxleload') &&
    fits(profile.weightT, readTonnes, 'maxweight', ...(profile.isTruck ? TRUCK_WEIGHTS : []))
  );
}

const TRUCK_WEIGHTS = ['maxweight:hgv', 'maxweightrating', 'maxweightrating:hgv'];
const FOOT_M = 0.3048;
const INCH_M = 0.0254;

/** `3.8`, `3.8 m`, `12'6"`; `undefined` for words such as `default`. */
export function readMetres(text: string): number | undefined {
  const [, feet, inches] = /^(\d+)'\s*(?:(\d+(?:\.\d+)?)")?$/.exec(text.trim()) ?? [];
  if (feet !== undefined) return Number(feet) * FOOT_M + Number(inches ?? 0) * INCH_M;
  const [, number, unit] = /^(\d+(?:[.,]\d+)?)\s*(m|cm|ft)?$/.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const value = Number(number.replace(',', '.'));
  return unit === 'cm' ? value / 100 : unit === 'ft' ? value * FOOT_M : value;
}

/** `7.5`, `7.5 t`, `3500 kg`, `10 st` (short tons). */
export function readTonnes(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:[.,]\d+)?)\s*(t|kg|st)?$/.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const value = Number(number.replace(',', '.'));
  return unit === 'kg' ? value / 1000 : unit === 'st' ? value * 0.907185 : value;
}
