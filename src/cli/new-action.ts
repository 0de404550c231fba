/** An action to begin with: what `new action` writes. Pure: the same answers give the same file. */
import type { AgentName } from "../flow/flow.ts";

export interface NewAction {
  action: string;
  agent: AgentName;
  description: string;
}

/** It loads as it stands. */
export function actionFile({ action, agent, description }: NewAction): string {
  const name = action.replaceAll(/_+([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase()).replaceAll("_", "");
  return `import { defineAction, ${agent === "execution_agent" ? "planSlackMessage, " : ""}type ActionTypesOf } from "revops-flows";
import { z } from "zod";

export const ${name} = defineAction({
  agent: ${JSON.stringify(agent)},
  action: ${JSON.stringify(action)},
  description: ${JSON.stringify(description)},
  parameters: z.strictObject({
    note: z.string().default("").describe("what a step may give it"),
  }),
  output: z.object({
    customer: z.string().describe("whom it is about"),
  }),
  readsCustomer: true,
${agent === "execution_agent" ? planning : giving}});

declare module "revops-flows" {
  interface ActionTypes {
    ${action}: ActionTypesOf<typeof ${name}>;
  }
}
`;
}

const giving = `  run: ({ note }, { customer }) => ({ output: { customer: \`\${customer?.name ?? "nobody"} \${note}\`.trim() } }),
`;

/** What leaves is planned here, and sent by the engine once it may. */
const planning = `  run: ({ note }, { customer }) => ({
    output: { customer: customer?.name ?? "nobody" },
    effects: [planSlackMessage({ to: "#revops", text: \`\${customer?.name ?? "Nobody"} \${note}\`.trim() })],
  }),
`;
