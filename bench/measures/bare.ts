/** The floor on SQLite: what the bare writes of the same bytes take, in a process of their own. */
import { join } from "node:path";
import { z } from "zod";
import { figuresOf, lastLineOf } from "../child.ts";

const Bytes = z.array(z.number()).min(1);
const OfOne = z.object({
  /** Of the first execution, the flow's definition included. */
  first: Bytes,
  later: Bytes,
});

let known: Promise<z.infer<typeof OfOne>> | null = null;

/** Bytes of each write of one execution of five steps; asked for once, as they are the same in every run. */
export function writesOfOne(): Promise<z.infer<typeof OfOne>> {
  known ??= lastLineOf("writes-of-one.ts", {}).then((line) => OfOne.parse(line));
  return known;
}

export async function bareWrites(
  folder: string,
  options: { flows: number; atOnce: number; bytes?: number[]; done?: number; single?: number },
): Promise<Record<string, number>> {
  const bytes = options.bytes ?? (await writesOfOne()).later;
  return figuresOf("bare-writes.ts", { ...options, bytes, path: join(folder, "bare.db") });
}
