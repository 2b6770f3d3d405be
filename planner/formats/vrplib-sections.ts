import { FormatError } from './format-error.ts';
import { readNumber, readNumbers, shorten, splitLines } from './lines.ts';
import type { Line } from './lines.ts';

/** A file of TSPLIB 95 and its successors: fields of one line, then sections of many. */
export class VrplibFile {
  readonly #fields = new Map<string, { readonly value: string; readonly line: number }>();
  readonly #sections = new Map<string, { readonly lines: Line[]; readonly line: number }>();

  /** @throws FormatError when a line is neither, or something is there twice. */
  constructor(text: string) {
    let section: Line[] | undefined;
    for (const line of splitLines(text)) {
      const [, name, value = ''] = /^([A-Z][A-Z_0-9]*)\s*:?\s*(.*)$/.exec(line.text) ?? [];
      if (name === 'EOF') break;
      if (name === undefined) {
        if (section === undefined) {
          throw new FormatError(`"${shorten(line.text)}" is out of place`, line.number);
        }
        section.push(line);
        continue;
      }
      if (this.#fields.has(name) || this.#sections.has(name)) {
        throw new FormatError(`${shorten(name)} is there twice`, line.number);
      }
      section = this.#begin(name, value, line.number);
    }
  }

  /** Lines of the section that begins here, if one does. */
  #begin(name: string, value: string, line: number): Line[] | undefined {
    if (!name.endsWith('_SECTION')) {
      this.#fields.set(name, { value: value.replaceAll('"', ''), line });
      return undefined;
    }
    if (value !== '') throw new FormatError(`"${shorten(value)}" is out of place`, line);
    const lines: Line[] = [];
    this.#sections.set(name, { lines, line });
    return lines;
  }

  text(name: string): string | undefined {
    return this.#fields.get(name)?.value;
  }

  lineOf(name: string): number | undefined {
    return (this.#fields.get(name) ?? this.#sections.get(name))?.line;
  }

  has(name: string): boolean {
    return this.#fields.has(name) || this.#sections.has(name);
  }

  /** A number that is not negative. */
  number(name: string): number | undefined {
    const field = this.#fields.get(name);
    if (field === undefined) return undefined;
    const value = readNumber(field.value, field.line);
    if (value < 0) throw new FormatError(`${name} is ${value}`, field.line);
    return value;
  }

  /** A whole number from `least` to `most`. */
  whole(name: string, least: number, most: number): number | undefined {
    const value = this.number(name);
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) {
      return value;
    }
    throw new FormatError(
      `${name} is ${value}, it must be a whole number from ${least} to ${most}`,
      this.lineOf(name),
    );
  }

  lines(name: string): readonly Line[] | undefined {
    return this.#sections.get(name)?.lines;
  }

  /** Rows of a section, each without its node, and their lines. The nodes must be 1, 2, 3 and so on to `count`. */
  rows(name: string, count: number, width: number): Row[] | undefined {
    const section = this.#sections.get(name);
    if (section === undefined) return undefined;
    const { lines, line } = section;
    if (lines.length !== count) {
      throw new FormatError(`${name} has ${lines.length} lines, ${count} are expected`, line);
    }
    return lines.map((each, index) => {
      const [node, ...values] = readNumbers(each, width + 1);
      if (node !== index + 1) {
        throw new FormatError(`${index + 1} is expected, not ${node}`, each.number);
      }
      return { values, line: each.number };
    });
  }

  /** Names that are none of these. @returns fields and sections */
  unknown(known: ReadonlySet<string>): { readonly fields: string[]; readonly sections: string[] } {
    const others = (names: Iterable<string>): string[] =>
      [...names].filter((name) => !known.has(name));
    return { fields: others(this.#fields.keys()), sections: others(this.#sections.keys()) };
  }
}

export interface Row {
  readonly values: readonly number[];
  readonly line: number;
}
