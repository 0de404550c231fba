/** A row of the database, all texts, as a row of ours; what can't be read is told by table, column and the row's id. */
import type { CellValue } from "../csv/cell.ts";
import type { TableShape } from "./catalogue.ts";
import type { TextRow } from "./database.ts";
import { asText, readField } from "./field.ts";

/** The select list, in the order in which `readRow` reads it. */
export function selectList({ columns }: TableShape): string {
  return [...columns.values()].map(({ sql, type }) => asText(sql, type)).join(", ");
}

export type RowAnswer = { kind: "row"; values: Record<string, CellValue> } | { kind: "fault"; message: string };

/** `idFields` name the row where it can't be read. Fields without a column are null. */
export function readRow(
  shape: TableShape,
  { row, fields, idFields }: { row: TextRow; fields: readonly string[]; idFields: readonly string[] },
): RowAnswer {
  const values: Record<string, CellValue> = Object.fromEntries(fields.map((name) => [name, null]));
  const texts = new Map([...shape.columns.keys()].map((name, index) => [name, row[index] ?? null]));
  for (const { field, name, type } of shape.columns.values()) {
    const answer = readField(field, { type, text: texts.get(field.name) ?? null });
    if (answer.kind === "fault") {
      const ids = idFields.map((id) => `${shape.columns.get(id)?.name ?? id} ${JSON.stringify(texts.get(id) ?? null)}`);
      return { kind: "fault", message: `${shape.name}.${name}, where ${ids.join(" and ")}: ${answer.message}` };
    }
    values[field.name] = answer.value;
  }
  return { kind: "row", values };
}
