/** `deploy`: everything in deployment/, to AWS; `--plan` says what that would be; `deploy table` makes the table alone. */
import { fileURLToPath } from "node:url";
import type { Answer, Call, Command } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";

const what = ["table", "state"] as const;

export const deploy: Command = {
  word: "deploy",
  usage: ["deploy [state] [--plan] [--settings FILE] [--yes]", "deploy table"],
  purpose: "puts flows, functions, table and bot on AWS; --plan says what that would change, without an account",
  options: {
    plan: { type: "flag", value: "", about: "makes the templates and says what they would change; AWS isn't asked" },
    settings: { type: "text", value: "FILE", about: "instead of deployment.yml" },
    yes: { type: "flag", value: "", about: "without being asked about rights that become wider" },
  },
  notes: [
    "deploy state makes the table and the secrets alone, which are to be filled before the rest starts.",
    "deploy table makes the DynamoDB table that REVOPS_STATE names, for an app that runs elsewhere; run again, it changes nothing.",
    "It needs AWS's own settings, such as AWS_PROFILE and AWS_REGION, and once npm ci --prefix deployment.",
  ],
  examples: [
    { line: "deploy --plan", about: "what would be made or changed, each flow's machine, schedules and cost" },
    { line: "deploy state", about: "the table and the secrets, first" },
    { line: "deploy --yes", about: "everything, from a pipeline" },
    { line: "deploy table", about: "with REVOPS_STATE=dynamodb:revops" },
  ],
  run: async (call) => {
    const [word, ...others] = call.words;
    if (others.length > 0) throw new UsageError("deploy takes one word: state or table.");
    if (word === undefined) return deployStacks(call, "all");
    if (word === "state") return deployStacks(call, "state");
    if (word === "table") return deployTheTable(call);
    const { nearest } = await import("../../flow/nearest.ts");
    throw new UsageError("What can be deployed alone is the state or the table.", { suggestion: nearest(word, what) });
  },
};

async function deployTheTable({ options, terminal }: Call): Promise<Answer> {
  const stray = ["plan", "settings", "yes"].find((name) => options.isSet(name));
  if (stray !== undefined)
    throw new UsageError(`--${stray} goes with what lies in deployment/, not with the table alone.`);
  const { deployTable } = await import("../../app/deploy-table.ts");
  const done: string[] = [];
  await deployTable({ environment: terminal.environment, say: (line) => done.push(line) });
  return { document: { done }, text: () => done.join("\n") };
}

async function deployStacks({ options, terminal }: Call, stacks: "all" | "state"): Promise<Answer> {
  if (options.isSet("plan") && options.isSet("yes"))
    throw new UsageError("--plan deploys nothing, so there is nothing to say --yes to.");
  const [{ DeployError }, { planDeployment, runDeployment }, { planText }] = await Promise.all([
    import("../../app/deployment/deploy-error.ts"),
    import("../../app/deployment/deploy-stacks.ts"),
    import("../views/deployment-plan.ts"),
  ]);
  const common = {
    environment: terminal.environment,
    folder: fileURLToPath(new URL("../../..", import.meta.url)),
    settingsFile: options.text("settings"),
  };
  const isPlan = options.isSet("plan");
  const run = {
    ...common,
    stacks,
    mayAsk: terminal.isInteractive && !options.isSet("yes"),
    isSure: options.isSet("yes"),
    say: (text: string) => terminal.err(text),
  };
  try {
    const plan = isPlan ? await planDeployment(common) : await runDeployment(run);
    return {
      document: { deployed: !isPlan, plan },
      text: (paper) => (isPlan ? planText(paper, plan) : `${paper.mark("bold", plan.name)} is deployed.`),
    };
  } catch (error) {
    throw error instanceof DeployError ? new CommandError(error.sentences) : error;
  }
}
