import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCsv, writeCsv } from "../../../src/agents/crm/csv/csv-text.ts";

const texts = (csv: string) => readCsv(csv).rows.map(({ cells }) => cells.map(({ text }) => text));

describe("does CSV mean what RFC 4180 says?", () => {
  it("keeps commas, doubled quotes and line breaks inside quotes", () => {
    expect(texts('a,"b, c","say ""hi""","two\r\nlines"\r\nd,,,\r\n')).toEqual([
      ["a", "b, c", 'say "hi"', "two\r\nlines"],
      ["d", "", "", ""],
    ]);
  });

  it("reads LF, CRLF and lone CR, a BOM, and a last line without an end", () => {
    expect(texts("\uFEFFa,b\nc,d\r\ne,f\rg,h")).toEqual([
      ["a", "b"],
      ["c", "d"],
      ["e", "f"],
      ["g", "h"],
    ]);
  });

  it("says where each cell starts, also after a cell of two lines", () => {
    const { rows } = readCsv('"x\ny",b\nc,d');
    expect(rows[0]?.cells[1]).toEqual({ text: "b", line: 2, column: 4 });
    expect(rows[1]).toEqual({
      line: 3,
      cells: [
        { text: "c", line: 3, column: 1 },
        { text: "d", line: 3, column: 3 },
      ],
    });
  });

  it("skips blank lines", () => {
    expect(texts("a\n\n  \nb\n")).toEqual([["a"], ["b"]]);
  });

  it("loses only its own line to a stray quote", () => {
    const { rows, faults } = readCsv('a,b\nc,d"e\n"f"g,h\ni,j\n');
    expect(rows.map(({ line }) => line)).toEqual([1, 4]);
    expect(faults.map(({ line, column }) => [line, column])).toEqual([
      [2, 4],
      [3, 4],
    ]);
  });

  it("names the quote that is never closed, and reads on after its line", () => {
    const { rows, faults } = readCsv('a,b\nc,"d\ne,f\n');
    expect(faults).toEqual([{ line: 2, column: 3, message: "this quote is never closed" }]);
    expect(rows.map(({ cells }) => cells[0]?.text)).toEqual(["a", "e"]);
  });

  it("reads back whatever it writes", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", "é", " ") });
    const row = fc.array(cell, { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
        expect(texts(writeCsv(rows))).toEqual(rows);
      }),
    );
  });

  it("ends on any text at all, with every line accounted for", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", "\uFEFF") }), (text) => {
        const { rows, faults } = readCsv(text);
        expect(rows.length + faults.length).toBeLessThanOrEqual(text.split(/\r\n|\r|\n/).length);
      }),
    );
  });
});
