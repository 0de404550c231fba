/**
 * The requests to one table.
 *
 * Job: retries, strong reads, pages, portions of what is written or read in bulk, and refusals in words.
 * Non-job: what items mean.
 *
 * - Q1. A read of an item or of a partition is strongly consistent; only an index lags.
 * - Q2. A conditional write carries a token of its own. When its answer was lost and the next try finds the condition broken,
 *   the token says whether it was this very write that had been applied.
 * - Q3. Whatever is written without a condition may be written twice.
 */
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { Limiter } from "../../flow/limiter.ts";
import { mostConnections } from "./client.ts";
import { type Item, type Key, keyItem, keyOf, text, textOf } from "./item.ts";
import type { Index } from "./indexes.ts";
import { delayMs, type Pacing, withRetries } from "./retry.ts";
import { explain } from "./unavailable.ts";

const mostKeysRead = 100;
const mostItemsWritten = 25;

/** `text` names attributes as `#name` and values as `:name`. */
export interface Condition {
  text: string;
  values?: Item;
}

export interface RequestsOptions extends Pacing {
  client: DynamoDBClient;
  table: string;
  /** A token that no other write has. */
  newToken: () => string;
}

export type Range = { operator: "<" | ">"; value: string } | { from: string; to: string };

export interface QueryOptions {
  pk: string;
  /** Left out: the whole partition. */
  range?: Range;
  index?: Index;
  descending?: boolean;
  limit?: number;
  /** Attributes to give; all where left out. */
  only?: readonly string[];
  after?: Item | undefined;
}

export interface QueryPage {
  items: Item[];
  /** Where the next page begins; undefined: that was all. */
  next: Item | undefined;
}

export class Requests {
  readonly table: string;
  readonly newToken: () => string;
  readonly #client: DynamoDBClient;
  readonly #pacing: Pacing;
  /** Left to the SDK, they would wait for one of its connections, which it takes for a server that doesn't answer. */
  readonly #limiter = new Limiter(mostConnections);

  constructor({ client, table, newToken, pause, fraction }: RequestsOptions) {
    this.#client = client;
    this.table = table;
    this.newToken = newToken;
    this.#pacing = { pause, fraction };
  }

  async get(key: Key, only?: readonly string[]): Promise<Item | null> {
    const command = new GetItemCommand({
      TableName: this.table,
      Key: keyItem(key),
      ConsistentRead: true,
      ...projection(only),
    });
    const { Item } = await this.#send(() => this.#client.send(command));
    return Item ?? null;
  }

  async queryPage(options: QueryOptions): Promise<QueryPage> {
    const { pk, range, index, descending = false, limit, only, after } = options;
    const condition = rangeCondition(range, index?.sk ?? "sk");
    const names = { "#pk": index?.pk ?? "pk", ...condition.names };
    const projected = projection(only);
    const command = new QueryCommand({
      TableName: this.table,
      ...(index === undefined ? { ConsistentRead: true } : { IndexName: index.name }),
      KeyConditionExpression: `#pk = :pk${condition.text}`,
      ScanIndexForward: !descending,
      ...projected,
      ExpressionAttributeNames: { ...projected.ExpressionAttributeNames, ...names },
      ExpressionAttributeValues: { ":pk": text(pk), ...condition.values },
      ...(limit === undefined ? {} : { Limit: limit }),
      ...(after === undefined ? {} : { ExclusiveStartKey: after }),
    });
    const { Items = [], LastEvaluatedKey } = await this.#send(() => this.#client.send(command));
    return { items: Items, next: LastEvaluatedKey };
  }

  /** All pages. */
  async query(options: QueryOptions): Promise<Item[]> {
    const items: Item[] = [];
    let after: Item | undefined;
    do {
      const page = await this.queryPage({ ...options, after });
      items.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    return items;
  }

  /** Those that are there, in the order of the keys. */
  async getAll(keys: readonly Key[], only?: readonly string[]): Promise<Item[]> {
    const portions = inPortions(keys, mostKeysRead);
    const found = (await Promise.all(portions.map((portion) => this.#getPortion(portion, only)))).flat();
    const byKey = new Map(found.map((item) => [nameOf(keyOf(item)), item]));
    return keys.map((key) => byKey.get(nameOf(key))).filter((item) => item !== undefined);
  }

  async #getPortion(keys: readonly Key[], only?: readonly string[]): Promise<Item[]> {
    const found: Item[] = [];
    let left: Item[] = keys.map(keyItem);
    for (let attempt = 1; left.length > 0; attempt += 1) {
      const asked = {
        Keys: left,
        ConsistentRead: true,
        ...projection(only === undefined ? undefined : ["pk", "sk", ...only]),
      };
      const command = new BatchGetItemCommand({ RequestItems: { [this.table]: asked } });
      const { Responses, UnprocessedKeys } = await this.#send(() => this.#client.send(command));
      found.push(...(Responses?.[this.table] ?? []));
      left = UnprocessedKeys?.[this.table]?.Keys ?? [];
      if (left.length > 0) await this.#pauseFor(attempt);
    }
    return found;
  }

  /** False: the condition does not hold, and nothing was written. Without one it always is. */
  async put(item: Item, condition?: Condition): Promise<boolean> {
    const token = this.newToken();
    const command = new PutItemCommand({
      TableName: this.table,
      Item: { ...item, token: text(token) },
      ...expression(condition),
    });
    return (await this.#conditional({ key: keyOf(item), token, send: () => this.#client.send(command) })) !== null;
  }

  /** As `put`, for some attributes of an item; it gives the item as it was before, or null. */
  async update(parameters: {
    key: Key;
    set?: Item;
    remove?: readonly string[];
    condition?: Condition;
    /** False: the item keeps the token that it has, and a lost answer counts as a broken condition. */
    marks?: boolean;
  }): Promise<{ before: Item } | null> {
    const { key, set = {}, remove = [], condition, marks = true } = parameters;
    const token = this.newToken();
    const all = marks ? { ...set, token: text(token) } : set;
    const sets = Object.keys(all).map((name) => `#${name} = :set_${name}`);
    const values = Object.fromEntries(Object.entries(all).map(([name, value]) => [`:set_${name}`, value]));
    const update = [
      ...(sets.length === 0 ? [] : [`SET ${sets.join(", ")}`]),
      ...(remove.length === 0 ? [] : [`REMOVE ${remove.map((name) => `#${name}`).join(", ")}`]),
    ].join(" ");
    const command = new UpdateItemCommand({
      TableName: this.table,
      Key: keyItem(key),
      UpdateExpression: update,
      ReturnValues: "ALL_OLD",
      ...(condition === undefined ? {} : { ConditionExpression: condition.text }),
      ExpressionAttributeNames: namesIn(`${update} ${condition?.text ?? ""}`),
      ...valuesOf({ ...values, ...condition?.values }),
    });
    const answer = await this.#conditional({ key, token, send: () => this.#client.send(command) });
    return answer === null ? null : { before: answer.Attributes ?? {} };
  }

  /** True: it is not there any more. False: it is, and the condition does not hold. */
  async remove(key: Key, condition: Condition): Promise<boolean> {
    const command = new DeleteItemCommand({
      TableName: this.table,
      Key: keyItem(key),
      ...expression({ ...condition, text: `attribute_not_exists(#pk) OR (${condition.text})` }),
    });
    return (await this.#conditional({ key, token: "", send: () => this.#client.send(command) })) !== null;
  }

  /** Q2. Null: the condition does not hold. */
  async #conditional<T extends { Attributes?: Item | undefined }>(parameters: {
    key: Key;
    token: string;
    send: () => Promise<T>;
  }): Promise<{ Attributes?: Item | undefined } | null> {
    const { key, token, send } = parameters;
    let attempts = 0;
    try {
      return await this.#send((attempt) => {
        attempts = attempt;
        return send();
      });
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const tries = Math.max(attempts, error.$metadata.attempts ?? 1);
      if (tries === 1) return null;
      return textOf(await this.get(key, ["token"]), "token") === token ? {} : null;
    }
  }

  /** Q3. Of the same item once at most. */
  async writeAll({ puts = [], deletes = [] }: { puts?: readonly Item[]; deletes?: readonly Key[] }): Promise<void> {
    const requests: WriteRequest[] = [
      ...puts.map((item) => ({ PutRequest: { Item: item } })),
      ...deletes.map((key) => ({ DeleteRequest: { Key: keyItem(key) } })),
    ];
    for (const portion of inPortions(requests, mostItemsWritten)) await this.#writePortion(portion);
  }

  async #writePortion(requests: readonly WriteRequest[]): Promise<void> {
    let left = [...requests];
    for (let attempt = 1; left.length > 0; attempt += 1) {
      const command = new BatchWriteItemCommand({ RequestItems: { [this.table]: left } });
      const { UnprocessedItems } = await this.#send(() => this.#client.send(command));
      left = UnprocessedItems?.[this.table] ?? [];
      if (left.length > 0) await this.#pauseFor(attempt);
    }
  }

  #pauseFor(attempt: number): Promise<void> {
    return this.#pacing.pause(delayMs({ attempt, fraction: this.#pacing.fraction }));
  }

  async #send<T>(call: (attempt: number) => Promise<T>): Promise<T> {
    try {
      return await withRetries(this.#pacing, (attempt) => this.#limiter.run(() => call(attempt)));
    } catch (error) {
      throw explain({ error, table: this.table });
    }
  }
}

export function nameOf({ pk, sk }: Key): string {
  return `${pk} ${sk}`;
}

function projection(only: readonly string[] | undefined): {
  ProjectionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
} {
  if (only === undefined) return {};
  const names = only.map((name) => `#${name}`).join(", ");
  return { ProjectionExpression: names, ExpressionAttributeNames: namesIn(names) };
}

function rangeCondition(
  range: Range | undefined,
  sk: string,
): { text: string; names: Record<string, string>; values: Item } {
  if (range === undefined) return { text: "", names: {}, values: {} };
  const names = { "#sk": sk };
  if ("from" in range)
    return {
      text: " AND #sk BETWEEN :from AND :to",
      names,
      values: { ":from": text(range.from), ":to": text(range.to) },
    };
  return { text: ` AND #sk ${range.operator} :bound`, names, values: { ":bound": text(range.value) } };
}

function expression(condition: Condition | undefined) {
  if (condition === undefined) return {};
  return {
    ConditionExpression: condition.text,
    ExpressionAttributeNames: namesIn(condition.text),
    ...valuesOf(condition.values ?? {}),
  };
}

/** An empty map of values is refused. */
function valuesOf(values: Record<string, AttributeValue>) {
  return Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values };
}

function namesIn(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/#(\w+)/g)].map(([placeholder, name = ""]) => [placeholder, name]));
}

function inPortions<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
