/** Items as DynamoDB takes and gives them, and their attributes read without trust. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

export type Item = Record<string, AttributeValue>;

export interface Key {
  pk: string;
  sk: string;
}

export const text = (value: string): AttributeValue => ({ S: value });
export const number = (value: number): AttributeValue => ({ N: String(value) });

export function keyItem({ pk, sk }: Key): Item {
  return { pk: text(pk), sk: text(sk) };
}

export function keyOf(item: Item): Key {
  return { pk: item["pk"]?.S ?? "", sk: item["sk"]?.S ?? "" };
}

export function textOf(item: Item | null | undefined, name: string): string | null {
  return item?.[name]?.S ?? null;
}

export function numberOf(item: Item | null | undefined, name: string): number | null {
  const value = item?.[name]?.N;
  return value === undefined ? null : Number(value);
}
