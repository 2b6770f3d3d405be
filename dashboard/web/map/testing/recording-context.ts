/** One thing that was drawn, with the colour it was drawn in. */
export interface Stroke {
  readonly kind: 'fill' | 'stroke' | 'fillText' | 'strokeText' | 'fillRect';
  readonly colour: string;
  /** Of a text: what it says. */
  readonly text?: string;
  readonly isDashed: boolean;
}

/** A canvas that writes down what is drawn on it. */
export interface RecordingContext {
  readonly context: CanvasRenderingContext2D;
  readonly strokes: readonly Stroke[];
  /** Texts in the order they were written, each once. */
  texts(): string[];
  has(kind: Stroke['kind'], colour: string): boolean;
}

/** Makes the stand-in for a canvas, of which Node has none. */
export function createRecordingContext(): RecordingContext {
  const strokes: Stroke[] = [];
  let dash: readonly number[] = [];
  const state: Record<string, unknown> = { fillStyle: '', strokeStyle: '' };
  const note = (kind: Stroke['kind'], text?: string): void => {
    const colour = String(state[kind.startsWith('fill') ? 'fillStyle' : 'strokeStyle']);
    strokes.push({
      kind,
      colour,
      isDashed: dash.length > 0,
      ...(text === undefined ? {} : { text }),
    });
  };
  const methods: Record<string, (...values: never[]) => unknown> = {
    fill: () => note('fill'),
    stroke: () => note('stroke'),
    fillRect: () => note('fillRect'),
    fillText: (text: string) => note('fillText', text),
    strokeText: (text: string) => note('strokeText', text),
    measureText: (text: string) => ({ width: text.length * 6 }),
    setLineDash: (pattern: number[]) => {
      dash = pattern;
    },
  };
  const context = new Proxy(state, {
    // Whatever else a drawing asks of a canvas leaves no mark of its own.
    get: (_, name) => methods[String(name)] ?? state[String(name)] ?? (() => {}),
    set: (_, name, value) => {
      state[String(name)] = value;
      return true;
    },
  });
  return {
    // Safe: answers every call that a context has, and keeps every property.
    context: context as unknown as CanvasRenderingContext2D,
    strokes,
    texts: () => [...new Set(strokes.flatMap(({ text }) => text ?? []))],
    has: (kind, colour) => strokes.some((one) => one.kind === kind && one.colour === colour),
  };
}
