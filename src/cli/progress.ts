/** How far long work is, in one line that is drawn over; nothing where nobody looks. */
import type { Terminal } from "./terminal.ts";

const width = 24;

export interface Progress {
  /** `done`: from 0 to 1. */
  show(done: number, about: string): void;
  /** Wipes the line, so that the answer stands alone. */
  end(): void;
}

export function progressOn({ isInteractive, err }: Pick<Terminal, "isInteractive" | "err">): Progress {
  if (!isInteractive) return { show: () => {}, end: () => {} };
  let shown = "";
  return {
    show: (done, about) => {
      const part = Math.min(1, Math.max(0, done));
      const filled = Math.round(part * width);
      const line = `[${"#".repeat(filled)}${" ".repeat(width - filled)}] ${Math.floor(part * 100)} % ${about}`;
      // A percent at a time: a terminal takes longer to draw than most work to go on.
      if (line === shown) return;
      err(`\r\x1b[K${line}`);
      shown = line;
    },
    end: () => {
      if (shown !== "") err("\r\x1b[K");
    },
  };
}
