/** `deploy table`: the DynamoDB table that REVOPS_STATE names. */
import type { Command } from "../command.ts";
import { UsageError } from "../errors.ts";

export const deploy: Command = {
  word: "deploy",
  usage: ["deploy table"],
  purpose: "creates the DynamoDB table that REVOPS_STATE names; run again, it changes nothing",
  options: {},
  notes: ["It needs AWS's own settings, such as AWS_REGION, and the right to create tables."],
  examples: [{ line: "deploy table", about: "with REVOPS_STATE=dynamodb:revops" }],
  run: async ({ words, terminal }) => {
    const [what, ...others] = words;
    if (what !== "table" || others.length > 0)
      throw new UsageError("What can be deployed is the table.", { suggestion: what === undefined ? null : "table" });
    const { deployTable } = await import("../../app/deploy-table.ts");
    const done: string[] = [];
    await deployTable({ environment: terminal.environment, say: (line) => done.push(line) });
    return { document: { done }, text: () => done.join("\n") };
  },
};
