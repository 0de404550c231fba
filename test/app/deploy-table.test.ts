/** `npx revops deploy table`, and opening what it made by the same environment. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { deployTable } from "../../src/app/deploy-table.ts";
import { openState } from "../../src/app/state.ts";
import { localRegion, useLocalDynamoDb } from "../state/dynamodb/local-dynamodb.ts";

const dynamoDb = useLocalDynamoDb();

afterEach(() => {
  vi.unstubAllEnvs();
});

/** The SDK reads its own settings from the process. */
function useEndpoint(): void {
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb().endpoint);
  vi.stubEnv("AWS_REGION", localRegion);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
}

async function said(environment: Record<string, string>): Promise<string[]> {
  const lines: string[] = [];
  await deployTable({ environment, say: (line) => lines.push(line) });
  return lines;
}

describe("deploying the table", () => {
  test("Can the app use what it made, and does a second call change anything?", async () => {
    useEndpoint();
    expect((await said({ REVOPS_STATE: "dynamodb:revops" }))[0]).toBe("The table revops is created and ready.");
    expect((await said({ REVOPS_STATE: "dynamodb:revops" }))[0]).toBe("The table revops was there already.");
    const store = await openState({ kind: "dynamodb", table: "revops" });
    const lease = await store.openLease({ owner: "owner-1" });
    const expiresAt = lease.expiresAt();
    expect(expiresAt).toBeGreaterThan(Date.now());
    // Deadlines are made of it.
    expect(Number.isInteger(expiresAt)).toBe(true);
    expect(await store.isGone({ owner: "owner-1" })).toBe(false);
    await store.close();
  });

  test("Without a table in REVOPS_STATE: is it said what to set?", async () => {
    await expect(said({})).rejects.toThrow(/REVOPS_STATE names no DynamoDB table.*dynamodb:TABLE/);
    await expect(said({ REVOPS_STATE: "dynamodb:no" })).rejects.toThrow(/needs a table's name/);
  });
});
