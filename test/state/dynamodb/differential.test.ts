/** Does DynamoDB answer any sequence of calls as memory does, where its indexes don't lag? */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { MemoryStateStore } from "../../../src/state/memory.ts";
import { outcome, storeCalls } from "../differential-calls.ts";
import { useLocalDynamoDb } from "./local-dynamodb.ts";
import { newTable, openStore } from "./open-store.ts";

const dynamoDb = useLocalDynamoDb();
const calls = storeCalls({ auditId: fc.uuid() });

test("Do memory and DynamoDB ever answer differently, corrupt records included? (property)", async () => {
  const client = dynamoDb().client();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(...calls), { minLength: 1, maxLength: 40 }), async (sequence) => {
      const memory = new MemoryStateStore();
      const store = await openStore({ client, table: await newTable(client) });
      for (const call of sequence) expect(await outcome(call(store))).toEqual(await outcome(call(memory)));
      await Promise.all([memory.close(), store.close()]);
    }),
    { numRuns: 20 },
  );
});
