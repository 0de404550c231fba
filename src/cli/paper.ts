/** What answers are written on: with colours or without. */
import { styleText } from "node:util";

export type Mark = "bold" | "dim" | "red" | "green" | "yellow";

export interface Paper {
  mark(mark: Mark, text: string): string;
}

export function createPaper({ hasColours }: { hasColours: boolean }): Paper {
  return {
    mark: (mark, text) => (hasColours && text !== "" ? styleText(mark, text, { validateStream: false }) : text),
  };
}
