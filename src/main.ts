/** The app. Node keeps what it has compiled, so that every start but the first is twice as fast; hence the import at run time. */
import { enableCompileCache } from "node:module";

enableCompileCache();
const { runProcess } = await import("./app/process.ts");
await runProcess();
