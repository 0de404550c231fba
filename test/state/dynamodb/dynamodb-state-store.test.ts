import { testStateStore } from "../state-store.contract.ts";
import { laggingIndexes } from "./lagging-indexes.ts";
import { useLocalDynamoDb } from "./local-dynamodb.ts";
import { newTable, openStore } from "./open-store.ts";

const dynamoDb = useLocalDynamoDb();
let settle: () => Promise<void> = async () => {};

testStateStore({
  name: "DynamoDB with indexes that lag",
  setup: async (parameters) => {
    const plain = dynamoDb().client();
    const table = await newTable(plain);
    const lagging = await laggingIndexes({ plain, client: dynamoDb().client(), table, by: 5 });
    settle = lagging.settled;
    return openStore({ client: lagging.client, table, ...parameters });
  },
  teardown: (store) => store.close(),
  settled: () => settle(),
});
