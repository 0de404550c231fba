/** The terminal, `npx revops`. Node keeps what it has compiled, so that every call but the first is quicker; hence the imports at run time. */
import { enableCompileCache } from "node:module";

enableCompileCache();
const [{ runCli }, { processTerminal }] = await Promise.all([import("./cli/run-cli.ts"), import("./cli/terminal.ts")]);
process.exitCode = await runCli({ args: process.argv.slice(2), terminal: processTerminal() });
