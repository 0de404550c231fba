/** `npx revops deploy table`: the DynamoDB table that REVOPS_STATE names. Run again, it changes nothing. */
import type { Environment } from "./environment.ts";
import { SettingsReader } from "./environment.ts";
import { StartError } from "./start-problem.ts";
import { readStateSettings } from "./state-settings.ts";

/** `say` hears what was done, line by line. Rejects with an error that says what to do. */
export async function deployTable(parameters: {
  environment: Environment;
  say: (line: string) => void;
}): Promise<void> {
  const { environment, say } = parameters;
  const reader = new SettingsReader(environment);
  const state = readStateSettings(reader);
  if (reader.problems.length > 0) throw new StartError(reader.problems.join("\n"));
  if (state.kind !== "dynamodb")
    throw new StartError("REVOPS_STATE names no DynamoDB table. Set it to dynamodb:TABLE, such as dynamodb:revops.");
  const { deployDynamoDbTable } = await import("../state/dynamodb/deploy.ts");
  for (const line of await deployDynamoDbTable({ table: state.table })) say(line);
}
