/**
 * Indexes that lag on purpose, as AWS's may: what is written to the table is repeated on a copy of it some writes later, and
 * queries of an index are answered by the copy.
 */
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { createTable } from "../../../src/state/dynamodb/table.ts";

export interface LaggingIndexes {
  client: DynamoDBClient;
  /** The copy has caught up. */
  settled: () => Promise<void>;
}

type Repeat = () => Promise<unknown>;

/** `by`: how many writes an index is behind. `plain` and the client that it gives talk to the same server. */
export async function laggingIndexes(options: {
  plain: DynamoDBClient;
  client: DynamoDBClient;
  table: string;
  by: number;
}): Promise<LaggingIndexes> {
  const { plain, client, table, by } = options;
  const copy = `${table}-copy`;
  await createTable({ client: plain, table: copy });
  const behind: Repeat[] = [];
  let repeating: Promise<unknown> = Promise.resolve();
  const repeatAllBut = (count: number) => {
    const due = behind.splice(0, Math.max(0, behind.length - count));
    for (const repeat of due) repeating = repeating.then(repeat);
    return repeating;
  };
  const send = client.send.bind(client);
  // The middleware sees an input without its kind; the command itself says what it is.
  client.send = async (command: object, ...rest: never[]) => {
    if (command instanceof QueryCommand && command.input.IndexName !== undefined) {
      await repeatAllBut(by);
      return send(new QueryCommand({ ...command.input, TableName: copy }), ...rest);
    }
    const answer = await Reflect.apply(send, client, [command, ...rest]);
    const repeat = repeatOn({ plain, copy, table, command });
    if (repeat !== null) behind.push(repeat);
    return answer;
  };
  return { client, settled: async () => void (await repeatAllBut(0)) };
}

/** Without its condition, which has held. Null: it writes nothing. */
function repeatOn(options: { plain: DynamoDBClient; copy: string; table: string; command: object }): Repeat | null {
  const { plain, copy, table, command } = options;
  if (command instanceof PutItemCommand) {
    const { Item } = command.input;
    return () => plain.send(new PutItemCommand({ TableName: copy, Item }));
  }
  if (command instanceof DeleteItemCommand) {
    const { Key } = command.input;
    return () => plain.send(new DeleteItemCommand({ TableName: copy, Key }));
  }
  if (command instanceof UpdateItemCommand) {
    const { ConditionExpression: _, ...update } = command.input;
    return () => plain.send(new UpdateItemCommand({ ...update, ...used(update), TableName: copy }));
  }
  if (command instanceof BatchWriteItemCommand) {
    const RequestItems = { [copy]: command.input.RequestItems?.[table] ?? [] };
    return () => plain.send(new BatchWriteItemCommand({ RequestItems }));
  }
  return null;
}

/** DynamoDB refuses names and values that no expression uses. */
function used(update: UpdateItemCommand["input"]) {
  const expression = update.UpdateExpression ?? "";
  const only = <V>(all: Record<string, V> | undefined) => {
    const kept = Object.entries(all ?? {}).filter(([name]) => new RegExp(`${name}\\b`).test(expression));
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  };
  return {
    ExpressionAttributeNames: only(update.ExpressionAttributeNames),
    ExpressionAttributeValues: only(update.ExpressionAttributeValues),
  };
}
