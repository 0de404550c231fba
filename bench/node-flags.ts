/**
 * What `npm start` has Node started with: whatever is measured runs with the same. Left alone, V8 lets the space of young objects
 * grow until there are a hundred megabytes of garbage in it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Package = z.object({ scripts: z.object({ start: z.string() }) });

const { scripts } = Package.parse(JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8")));

export const nodeFlags: readonly string[] = scripts.start.split(" ").filter((word) => word.startsWith("--"));
