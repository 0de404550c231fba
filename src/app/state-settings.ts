/** Where the state is kept: `REVOPS_STATE`. */
import { dirname } from "node:path";
import type { SettingsReader } from "./environment.ts";

export type StateSettings = { kind: "sqlite"; path: string } | { kind: "dynamodb"; table: string };

const defaultState = { kind: "sqlite", path: "data/revops.db" } as const;
/** AWS's rule. */
const tableName = /^[a-zA-Z0-9_.-]{3,255}$/;

/** Never shown: an address of another kind may hold a password (T3). */
export function readStateSettings(reader: SettingsReader): StateSettings {
  const text = reader.text("REVOPS_STATE");
  if (text === null) return defaultState;
  if (text === "sqlite::memory:")
    reader.problems.push("REVOPS_STATE=sqlite::memory: would lose everything at the end. Name a file: sqlite:PATH.");
  else if (text.startsWith("sqlite:") && text !== "sqlite:")
    return { kind: "sqlite", path: text.slice("sqlite:".length) };
  else if (text.startsWith("dynamodb:")) {
    const table = text.slice("dynamodb:".length);
    if (tableName.test(table)) return { kind: "dynamodb", table };
    reader.problems.push(
      "REVOPS_STATE=dynamodb:TABLE needs a table's name: 3 to 255 letters, digits, dots, hyphens and underscores.",
    );
  } else reader.problems.push("REVOPS_STATE must be sqlite:PATH, such as sqlite:data/revops.db, or dynamodb:TABLE.");
  return defaultState;
}

/** Beside a file its folder: there the sandbox's own database and the sample are. */
export function dataFolderOf(state: StateSettings): string {
  return dirname(state.kind === "sqlite" ? state.path : defaultState.path);
}
