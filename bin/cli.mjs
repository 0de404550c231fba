/** The terminal, for a Node that runs TypeScript as it is. Plain JavaScript for the same reason as app.mjs. */
import { enableCompileCache } from "node:module";

enableCompileCache();
await import("../src/cli.ts");
