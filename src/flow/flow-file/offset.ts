/** Where a character of a YAML text stands in the file: quotes, escapes and indentation stand there too. */
import type { Scalar } from "yaml";

interface Asked {
  text: string;
  scalar: Scalar;
  /** Character of the scalar's value, from 0. */
  offset: number;
}

/** As exact as the way of writing allows; folded texts give their beginning. */
export function offsetIn({ text, scalar, offset }: Asked): number {
  const [start, end] = scalar.range ?? [0, 0];
  const raw = text.slice(start, end);
  switch (scalar.type) {
    case "PLAIN":
      return raw.includes("\n") ? start : start + Math.min(offset, raw.length);
    case "QUOTE_SINGLE":
      return start + quoted({ raw, offset, widthAt: (at) => (raw.startsWith("''", at) ? 2 : 1) });
    case "QUOTE_DOUBLE":
      return start + quoted({ raw, offset, widthAt: (at) => escapeWidth(raw, at) });
    case "BLOCK_LITERAL":
      return start + inLines({ raw, value: String(scalar.value), offset });
    case "BLOCK_FOLDED":
    case undefined:
    default:
      return start;
  }
}

function quoted({ raw, offset, widthAt }: { raw: string; offset: number; widthAt: (at: number) => number }): number {
  if (raw.includes("\n")) return 0;
  let at = 1;
  for (let index = 0; index < offset && at < raw.length - 1; index++) at += widthAt(at);
  return at;
}

function escapeWidth(raw: string, at: number): number {
  if (raw.charAt(at) !== "\\") return 1;
  const digits = { x: 2, u: 4, U: 8 }[raw.charAt(at + 1)] ?? 0;
  return 2 + digits;
}

/** The lines below the header, each after the indentation that they share. */
function inLines({ raw, value, offset }: { raw: string; value: string; offset: number }): number {
  const before = value.slice(0, offset).split("\n");
  const lines = raw.split("\n");
  const header = lines[0]?.length ?? 0;
  const content = lines.slice(1);
  const first = value.split("\n")[0] ?? "";
  const indent = (content[0]?.length ?? 0) - first.length;
  const skipped = content.slice(0, before.length - 1).reduce((sum, line) => sum + line.length + 1, 0);
  return header + 1 + skipped + Math.max(0, indent) + (before.at(-1)?.length ?? 0);
}
