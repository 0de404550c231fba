/** What DynamoDB refuses, in words that say what to do and hold no secret (T3). */
import { inspect } from "node:util";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, test } from "vitest";
import { createTable } from "../../../src/state/dynamodb/table.ts";
import { StoreUnavailableError } from "../../../src/state/state-store.ts";
import { useLocalDynamoDb } from "./local-dynamodb.ts";
import { newTable, openStore } from "./open-store.ts";

const dynamoDb = useLocalDynamoDb();

async function refusalOf(awsError: Error): Promise<StoreUnavailableError> {
  const client = dynamoDb().client();
  client.middlewareStack.add(() => () => Promise.reject(awsError), { step: "initialize", name: "refuse" });
  const opened = openStore({ client, table: "revops", pause: () => Promise.resolve() });
  const refusal: unknown = await opened.catch((reason: unknown) => reason);
  if (refusal instanceof StoreUnavailableError) return refusal;
  throw new Error("It was not refused in words.", { cause: refusal });
}

const named = (name: string, message = "") => Object.assign(new Error(message), { name });
const coded = (code: string) => Object.assign(new Error(code), { code });

test("There is no such table: is the command named that makes one?", async () => {
  const opened = openStore({ client: dynamoDb().client(), table: "missing" });
  await expect(opened).rejects.toThrow(StoreUnavailableError);
  await expect(opened).rejects.toThrow(/no DynamoDB table missing .*npx revops deploy table/);
});

describe("other refusals", () => {
  test.each([
    [named("CredentialsProviderError", "Could not load"), /No AWS credentials .*AWS_PROFILE/],
    [named("ExpiredTokenException"), /does not accept these credentials.*clock/],
    [named("AccessDeniedException"), /may not use the table revops.*docs\/dynamodb\.md/],
    [named("Error", "Region is missing"), /AWS_REGION=us-east-1/],
    [named("ValidationException", "The table does not have the specified index: time"), /lacks an index/],
    [coded("ECONNREFUSED"), /does not answer for the table revops \(ECONNREFUSED\)/],
    [coded("ENOTFOUND"), /does not answer for the table revops \(ENOTFOUND\)/],
  ])("Is %s told in words?", async (error, words) => {
    expect((await refusalOf(error)).message).toMatch(words);
  });

  test("AWS repeats a wrongly signed request, session token and all: does any of it get into the error?", async () => {
    const said = "The Canonical String for this request should have been 'x-amz-security-token:SECRET-SESSION'";
    const refusal = await refusalOf(named("InvalidSignatureException", said));
    expect(inspect(refusal, { depth: 9, showHidden: true })).not.toContain("SECRET-SESSION");
  });
});

test("Written by a newer version: is it left alone?", async () => {
  const client = dynamoDb().client();
  const table = await newTable(client);
  const Item = { pk: { S: "format" }, sk: { S: "format" }, version: { N: "99" } };
  await client.send(new PutItemCommand({ TableName: table, Item }));
  await expect(openStore({ client, table })).rejects.toThrow(
    /newer version of RevOps Flows \(format 99; this one knows 1\)/,
  );
});

test("Is the table made twice, and is it said what the server can't do?", async () => {
  const client = dynamoDb().client();
  const parts = { client, table: "made-twice", tags: { application: "revops-flows" } };
  const common = { timeToLive: false, pointInTimeRecovery: false, missingIndexes: [] };
  expect(await createTable(parts)).toEqual({ created: true, ...common });
  expect(await createTable(parts)).toEqual({ created: false, ...common });
  const store = await openStore({ client, table: parts.table });
  expect(await store.nextWake()).toBeNull();
});
