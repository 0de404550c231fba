/** `lease-child.ts PATH OWNER`: holds a lease until it is killed. */
import { openSqliteStateStore } from "../../../src/state/sqlite/sqlite-state-store.ts";

const [path = "", owner = ""] = process.argv.slice(2);
const store = await openSqliteStateStore({ path });
await store.openLease({ owner });
console.log("held");
// A process without anything to do would end.
setInterval(() => {}, 60_000);
