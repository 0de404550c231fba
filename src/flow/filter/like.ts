/** LIKE as PostgreSQL has it, without a regular expression, so that no pattern can make it slow. */

export type LikePattern = readonly LikePart[];
type LikePart = { kind: "character"; character: string } | { kind: "one" } | { kind: "many" };

/** Null where the pattern ends with its escape, the backslash. */
export function parseLike(text: string): LikePattern | null {
  const parts: LikePart[] = [];
  const characters = Array.from(text);
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] ?? "";
    if (character === "\\") {
      const escaped = characters[++index];
      if (escaped === undefined) return null;
      parts.push({ kind: "character", character: escaped });
    } else if (character === "%") {
      if (parts.at(-1)?.kind !== "many") parts.push({ kind: "many" });
    } else parts.push(character === "_" ? { kind: "one" } : { kind: "character", character });
  }
  return parts;
}

/** Greedy with one way back: text × pattern steps at worst. */
export function matchesLike(text: string, pattern: LikePattern): boolean {
  const characters = Array.from(text);
  let at = 0;
  let part = 0;
  let retry: { at: number; part: number } | null = null;
  while (at < characters.length) {
    const wanted = pattern[part];
    if (wanted?.kind === "many") {
      retry = { at, part: ++part };
    } else if (wanted !== undefined && (wanted.kind === "one" || wanted.character === characters[at])) {
      at++;
      part++;
    } else if (retry !== null) {
      retry = { at: retry.at + 1, part: retry.part };
      ({ at, part } = retry);
    } else return false;
  }
  return pattern.slice(part).every(({ kind }) => kind === "many");
}

/** Letter by letter, as PostgreSQL does: ß stays one letter, İ becomes i, ᾳ becomes ᾼ. */
export function lower(text: string): string {
  return mapLetters(text, (letter) => (letter === "İ" ? "i" : letter.toLowerCase()));
}

export function upper(text: string): string {
  return mapLetters(text, (letter) => iotaCapitals.get(letter) ?? letter.toUpperCase());
}

/** The Greek letters with an iota below: JavaScript writes the iota beside the capital, in two letters. */
const iotaCapitals: ReadonlyMap<string, string> = new Map(
  Array.from("ᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ", (capital) => [capital.toLowerCase(), capital]),
);

function mapLetters(text: string, change: (letter: string) => string): string {
  let changed = "";
  for (const letter of text) {
    const other = change(letter);
    changed += Array.from(other).length === 1 ? other : letter;
  }
  return changed;
}
