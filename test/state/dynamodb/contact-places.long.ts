/** N1: the last place of a week is given once on DynamoDB too, whichever process asks. */
import { expect, test } from "vitest";
import { race } from "../../engine/contact-race.ts";
import { useLocalDynamoDb } from "./local-dynamodb.ts";
import { newTable, openStore } from "./open-store.ts";

const dynamoDb = useLocalDynamoDb();

test("three processes that ask twelve times at once", async () => {
  const client = dynamoDb().client();
  const { winners, again, kept } = await race(await openStore({ client, table: await newTable(client) }));
  expect(winners).toHaveLength(3);
  expect([again, kept]).toEqual([winners, winners]);
});
