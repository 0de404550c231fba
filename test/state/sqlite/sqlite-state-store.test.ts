import { openSqliteStateStore } from "../../../src/state/sqlite/sqlite-state-store.ts";
import { testStateStore } from "../state-store.contract.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const temporary = temporaryFolder();

testStateStore({
  name: "SQLite on a file",
  setup: (parameters) => openSqliteStateStore({ path: temporary("revops.db"), ...parameters }),
  teardown: (store) => store.close(),
});

testStateStore({
  name: "SQLite in memory",
  setup: (parameters) => openSqliteStateStore({ path: ":memory:", ...parameters }),
  teardown: (store) => store.close(),
});
