/**
 * Three processes on one store, one of them killed or standing still every few seconds while executions with effects run: is
 * nothing lost, nothing there twice, nothing left behind (D3, D5, E2)? PROCESSES_SEED=… draws other moments.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { QueryCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { describe, expect, onTestFinished, test } from "vitest";
import type { StateSettings } from "../../src/app/state-settings.ts";
import { openSqliteStateStore } from "../../src/state/sqlite/sqlite-state-store.ts";
import type { StateStore } from "../../src/state/state-store.ts";
import { drawFrom } from "../scene/moment.ts";
import { localRegion, useLocalDynamoDb } from "../state/dynamodb/local-dynamodb.ts";
import { newTable, openStore } from "../state/dynamodb/open-store.ts";
import { expectAllWell, expectNoLeases, type Counts } from "./aftermath.ts";
import { Fleet } from "./fleet.ts";
import { Journal } from "./journal.ts";
import { throughTheStorm, type Plan, type Storm } from "./storm.ts";

const seed = Number(process.env["PROCESSES_SEED"] ?? 20_783);
const dynamoDb = useLocalDynamoDb();

describe(`three processes, killed and paused (PROCESSES_SEED=${seed})`, () => {
  test("on one SQLite file", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "revops.db");
    const store = await openSqliteStateStore({ path });
    const plan = { executions: 2_000, rounds: 12, pauseEach: 4, pauseMs: 3_000, patienceMs: 90_000 };
    const counts = await weather({ folder, store, state: { kind: "sqlite", path }, environment: {}, plan });
    expect(counts.cardsAgain).toEqual([]);
    // Whoever comes next clears away what the killed left.
    const lease = await store.openLease({ owner: "next" });
    await lease.release();
    expect(readdirSync(`${path}.leases`)).toEqual([]);
    await store.close();
  });

  test("on one DynamoDB table", async () => {
    const folder = temporaryFolder();
    const client = dynamoDb().client();
    const table = await newTable(client);
    const store = await openStore({ client, table });
    const environment = {
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb().endpoint,
      AWS_REGION: localRegion,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    };
    // As many as dynalite can bear in the time; a pause is longer than a lease holds.
    const plan = { executions: 240, rounds: 6, pauseEach: 3, pauseMs: 10_000, patienceMs: 100_000 };
    await weather({ folder, store, state: { kind: "dynamodb", table }, environment, plan });
    expect(await leasesIn(client, table)).toEqual([]);
    await store.close();
  });
});

async function leasesIn(client: DynamoDBClient, table: string): Promise<unknown[]> {
  const names = { ExpressionAttributeNames: { "#pk": "pk" }, ExpressionAttributeValues: { ":pk": { S: "leases" } } };
  const query = new QueryCommand({ TableName: table, KeyConditionExpression: "#pk = :pk", ...names });
  return (await client.send(query)).Items ?? [];
}

interface Weather {
  folder: string;
  store: StateStore;
  state: StateSettings;
  environment: Record<string, string>;
  plan: Plan;
}

async function weather({ folder, store, state, environment, plan }: Weather): Promise<Counts> {
  const draw = drawFrom(seed);
  const fleet = await Fleet.start({ state, journal: folder, environment, draw });
  onTestFinished(() => fleet.end());
  const storm: Storm = { fleet, store, journal: new Journal(folder), draw, plan };
  const ids = await throughTheStorm(storm);
  const counts = await expectAllWell(storm, ids);
  expect(await fleet.stop()).toEqual([0, 0, 0]);
  await expectNoLeases(storm);
  console.info(state.kind, counts, Object.fromEntries(fleet.complaints));
  return counts;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "revops-processes-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
