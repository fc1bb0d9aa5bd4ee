/**
 * Which parts of the bot's own words may be tapped: official numbers only.
 *
 * What stands between quotation marks is a stranger's text and stays dead, whatever
 * it says; so does everything a person wrote.
 */
export type Hotline = {
  name: string;
  number: string;
  /** The day on which somebody last made sure of the number. */
  checked?: string;
  /** When to call it, and when it is answered. */
  scope?: string;
  hours?: string;
  urgent?: boolean;
};
export type Part = { text: string; tel?: Hotline };

/** The official numbers in a text, each once. */
export function numbers(text: string, hotlines: readonly Hotline[]): Hotline[] {
  return [...new Set(parts(text, hotlines).flatMap(({ tel }) => tel ?? []))];
}

/**
 * A text in the order it is written in: without the invisible signs that turn the
 * reading direction, with which a sender can show another number than the one given.
 */
export const visible = (text: string): string => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");

/** Cuts a text into plain parts and official numbers. */
export function parts(text: string, hotlines: readonly Hotline[]): Part[] {
  const known = new Map(hotlines.map((each) => [each.number, each]));
  const found: Part[] = [];
  let plain = "";
  let depth = 0;
  for (const piece of text.match(/[“”]|[0-9][0-9-]*|[^0-9“”]+/g) ?? []) {
    if (piece === "“") depth++;
    if (piece === "”") depth = Math.max(0, depth - 1);
    const tel = depth ? undefined : known.get(piece);
    if (!tel) {
      plain += piece;
      continue;
    }
    if (plain) found.push({ text: plain });
    found.push({ text: piece, tel });
    plain = "";
  }
  return plain ? [...found, { text: plain }] : found;
}
