/** Child: a DynamoDB of its own, in memory, until it is killed. Its only line is its address. */
import { once } from "node:events";
import dynalite from "dynalite";

const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
await once(server.listen(0, "127.0.0.1"), "listening");
const address = server.address();
if (address === null || typeof address === "string") throw new Error("The server listens to no port.");
console.log(`http://127.0.0.1:${address.port}`);
