/** Sensors that measure by light or radar, which are as fast in the cold. */
const NOT_BY_SOUND: ReadonlySet<string> = new Set([
  'adnexo/ax-opto',
  'decentlab/dl-lid',
  'decentlab/dl-lid2',
  'dingtek/df701',
  'milesight/em400-tld',
  'milesight/em400-tld-nb',
  'milesight/em410-rdl',
  'milesight/ws201',
  'terabee/lora-lm-xl',
  'vega/vegapuls-air',
]);

/** Sensors that measure by sound and correct their distances by the temperature themselves (MaxBotix data sheet). */
const CORRECT_THEMSELVES: ReadonlySet<string> = new Set(['decentlab/dl-mbx']);

/** Dragino's ultrasonic sensors correct themselves, as its manuals say, and its others measure by laser or radar. */
const DRAGINO = 'dragino/';

/**
 * Why the distances of a model must not be corrected by the temperature; `undefined` where they may. A second correction would
 * be an error of up to 7 %.
 * @param model id of a codec
 */
export function whyNoTemperatureCorrection(model: string): string | undefined {
  if (NOT_BY_SOUND.has(model)) return `${model} does not measure by sound`;
  if (CORRECT_THEMSELVES.has(model) || model.startsWith(DRAGINO)) {
    return `${model} gives distances that are right at any temperature`;
  }
  return undefined;
}

/** The models that are named one by one. */
export const MODELS_WITHOUT_CORRECTION: readonly string[] = [
  ...NOT_BY_SOUND,
  ...CORRECT_THEMSELVES,
];
