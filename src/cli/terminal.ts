/** The terminal as commands see it: where their words go, who may be asked, and the environment they stand in. */
import { createInterface } from "node:readline/promises";
import type { Environment } from "../app/environment.ts";

export interface Terminal {
  environment: Environment;
  /** The answer itself, and nothing else. */
  out(text: string): void;
  /** Problems and questions. */
  err(text: string): void;
  /** Somebody can be asked. */
  isInteractive: boolean;
  hasColours: boolean;
  /** The line that was typed; empty where the input has ended. */
  ask(question: string): Promise<string>;
}

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  // A reader that has seen enough (`| head`) is no error.
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  return {
    environment: process.env,
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    isInteractive: stdin.isTTY && stderr.isTTY,
    // `hasColors` honours NO_COLOR, FORCE_COLOR and TERM.
    hasColours: stdout.isTTY && stdout.hasColors(),
    ask: async (question) => {
      const lines = createInterface({ input: stdin, output: stderr });
      const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
      try {
        return await Promise.race([lines.question(question), ended]);
      } finally {
        lines.close();
      }
    },
  };
}
