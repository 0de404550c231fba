/** The table of the template is the one that `npx revops deploy table` makes: an app can't tell which of the two it has. */
import { CreateTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Template } from "aws-cdk-lib/assertions";
import { expect, test } from "vitest";
import { z } from "zod";
import { createTable } from "../../src/state/dynamodb/table.ts";
import { StateStack } from "../lib/state-stack.ts";
import { deployed, everything, settingsOf } from "./assembled.ts";

const Attributes = z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() }));
const Index = z.object({ IndexName: z.string(), KeySchema: z.unknown(), Projection: z.unknown() });
const Table = z.object({
  AttributeDefinitions: Attributes,
  KeySchema: z.unknown(),
  BillingMode: z.string(),
  GlobalSecondaryIndexes: z.array(Index),
});

/** The order of neither matters to DynamoDB. */
function comparable(table: unknown) {
  const { AttributeDefinitions, GlobalSecondaryIndexes, ...rest } = Table.parse(table);
  return {
    ...rest,
    attributes: AttributeDefinitions.map(({ AttributeName }) => AttributeName).toSorted(),
    indexes: Object.fromEntries(GlobalSecondaryIndexes.map((index) => [index.IndexName, index])),
  };
}

async function asked(): Promise<unknown> {
  const sent: unknown[] = [];
  const client = {
    send: (command: unknown) => {
      if (command instanceof CreateTableCommand) sent.push(command.input);
      return Promise.reject(new Error("seen enough"));
    },
    config: {},
  };
  await createTable({ client: client as unknown as DynamoDBClient, table: "revops" }).catch(() => {});
  return sent[0];
}

function stateTemplate(): Template {
  const stack = deployed({ settings: settingsOf(everything) }).node.children.find((each) => each instanceof StateStack);
  if (stack === undefined) throw new Error("There is no stack of the state.");
  return Template.fromStack(stack);
}

test("a key, an index or what an index holds differs", async () => {
  const [table] = Object.values(stateTemplate().findResources("AWS::DynamoDB::Table"));
  expect(comparable(table?.["Properties"])).toEqual(comparable(await asked()));
});

test("a table that a deployment could take away", () => {
  const kept = {
    DeletionPolicy: "Retain",
    UpdateReplacePolicy: "Retain",
    Properties: {
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
      SSESpecification: { SSEEnabled: true },
    },
  };
  expect(Object.values(stateTemplate().findResources("AWS::DynamoDB::Table"))).toEqual([
    expect.objectContaining({ ...kept, Properties: expect.objectContaining(kept.Properties) }),
  ]);
});
