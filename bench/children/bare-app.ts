/** Child: what any app on Bolt takes to serve one page: Bolt loaded, with what Node kept of an earlier time, and an HTTP server. */
import { once } from "node:events";
import { createServer } from "node:http";
import { enableCompileCache } from "node:module";

enableCompileCache();
const { App } = await import("@slack/bolt");
const server = createServer((_request, response) => response.end(App.name));
await once(server.listen(0, "127.0.0.1"), "listening");
const address = server.address();
if (address === null || typeof address === "string") throw new Error("The server listens to no port.");
// Ended by a signal, a process leaves nothing behind that it has compiled.
process.once("SIGTERM", () => process.exit(0));
console.log(`http://127.0.0.1:${address.port}`);
