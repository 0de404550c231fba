/** References for errors: short enough to read out, and different for each error of a process. */
import { createHash } from "node:crypto";
import type { Clock } from "../flow/clock.ts";

export function createReferences(clock: Clock): () => string {
  let count = 0;
  return () => {
    count += 1;
    return createHash("sha256").update(`${clock.now()}/${count}`).digest("hex").slice(0, 6);
  };
}
