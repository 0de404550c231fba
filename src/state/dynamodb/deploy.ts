/** Creates the table with the SDK's own environment, and says in words what came of it. */
import { explain } from "./unavailable.ts";
import { type CreatedTable, createTable } from "./table.ts";
import { createClient } from "./client.ts";

/** Creating takes AWS longer than a request of the store. */
const timeoutMs = 20_000;

/** Rejects with a `StoreUnavailableError` that says what to do. */
export async function deployDynamoDbTable({ table }: { table: string }): Promise<string[]> {
  const client = createClient({ timeoutMs });
  try {
    return told({ table, result: await createTable({ client, table, tags: { application: "revops-flows" } }) });
  } catch (error) {
    throw explain({ error, table });
  } finally {
    client.destroy();
  }
}

function told({ table, result }: { table: string; result: CreatedTable }): string[] {
  const { created, timeToLive, pointInTimeRecovery, missingIndexes } = result;
  return [
    created ? `The table ${table} is created and ready.` : `The table ${table} was there already.`,
    timeToLive
      ? "Expired claims and leases are removed by DynamoDB (TTL on the attribute ttl)."
      : "This server has no time to live: expired claims and leases stay in the table, which does no harm.",
    pointInTimeRecovery
      ? "Point-in-time recovery is on: the last 35 days can be restored."
      : "This server has no point-in-time recovery: make backups of your own.",
    ...missingIndexes.map((name) => `The table lacks the index ${name}; see docs/dynamodb.md for its keys.`),
  ];
}
