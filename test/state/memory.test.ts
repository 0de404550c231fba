import { MemoryStateStore } from "../../src/state/memory.ts";
import { testStateStore } from "./state-store.contract.ts";

testStateStore({
  name: "memory",
  setup: async (parameters) => new MemoryStateStore(parameters),
  teardown: (store) => store.close(),
});
