/** As much of a TrueType file as tests ask: which characters it has, and how wide they are. */

export interface ReadFont {
  has: (character: string) => boolean;
  /** In ems; 0 for a character that it hasn't. */
  advance: (character: string) => number;
}

export function readFont(file: Buffer): ReadFont {
  const tables = new Map<string, number>();
  for (let index = 0; index < file.readUInt16BE(4); index += 1) {
    const at = 12 + 16 * index;
    tables.set(file.toString("latin1", at, at + 4), file.readUInt32BE(at + 8));
  }
  const table = (name: string) => {
    const at = tables.get(name);
    if (at === undefined) throw new Error(`The font has no table ${name}.`);
    return at;
  };
  const glyphs = charactersOf(file, table("cmap"));
  const unitsPerEm = file.readUInt16BE(table("head") + 18);
  const metrics = file.readUInt16BE(table("hhea") + 34);
  const advanceOf = (glyph: number) => file.readUInt16BE(table("hmtx") + 4 * Math.min(glyph, metrics - 1));
  const glyphOf = (character: string) => glyphs.get(character.codePointAt(0) ?? -1);
  return {
    has: (character) => glyphOf(character) !== undefined,
    advance: (character) => {
      const glyph = glyphOf(character);
      return glyph === undefined ? 0 : advanceOf(glyph) / unitsPerEm;
    },
  };
}

/** Of the tables by format 4 and 12. */
function charactersOf(file: Buffer, cmap: number): Map<number, number> {
  const glyphs = new Map<number, number>();
  for (let index = 0; index < file.readUInt16BE(cmap + 2); index += 1) {
    const at = cmap + file.readUInt32BE(cmap + 8 + 8 * index);
    const format = file.readUInt16BE(at);
    if (format === 12) readGroups(file, at, glyphs);
    if (format === 4) readSegments(file, at, glyphs);
  }
  return glyphs;
}

function readGroups(file: Buffer, at: number, glyphs: Map<number, number>): void {
  for (let group = 0; group < file.readUInt32BE(at + 12); group += 1) {
    const own = at + 16 + 12 * group;
    const first = file.readUInt32BE(own);
    const glyph = file.readUInt32BE(own + 8);
    for (let code = first; code <= file.readUInt32BE(own + 4); code += 1) glyphs.set(code, glyph + code - first);
  }
}

function readSegments(file: Buffer, at: number, glyphs: Map<number, number>): void {
  const count = file.readUInt16BE(at + 6) / 2;
  for (let segment = 0; segment < count; segment += 1) {
    const last = file.readUInt16BE(at + 14 + 2 * segment);
    const first = file.readUInt16BE(at + 16 + 2 * count + 2 * segment);
    const delta = file.readInt16BE(at + 16 + 4 * count + 2 * segment);
    const range = at + 16 + 6 * count + 2 * segment;
    const offset = file.readUInt16BE(range);
    for (let code = first; code <= last && code < 0xffff; code += 1) {
      const listed = offset === 0 ? code : file.readUInt16BE(range + offset + 2 * (code - first));
      const glyph = listed === 0 ? 0 : (listed + delta) & 0xffff;
      if (glyph !== 0) glyphs.set(code, glyph);
    }
  }
}
