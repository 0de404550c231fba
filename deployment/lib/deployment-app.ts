/**
 * The whole deployment as one app of CDK: what must outlive it, the functions, a stack for each flow, the bot, what watches them.
 * It is made without account, network or Docker; account and region are those of whoever deploys.
 */
import { App, Tags } from "aws-cdk-lib";
import type { Bundles } from "../../scripts/lambda/bundle.ts";
import { BotStack } from "./bot-stack.ts";
import type { CompiledFlow } from "./compiled-flow.ts";
import { FlowStack } from "./flow-stack.ts";
import { FunctionsStack } from "./functions-stack.ts";
import { flowStackName, machineName } from "./names.ts";
import type { Settings } from "./settings.ts";
import { StateStack } from "./state-stack.ts";
import { WatchStack } from "./watch-stack.ts";

/** What the construct library itself finds wrong in a template fails the synthesis. */
export function newApp({ into }: { into: string }): App {
  const context = { "@aws-cdk/core:validateAgainstDefaultRules": true, ...currentFeatures };
  return new App({ outdir: into, analyticsReporting: false, context });
}

/** What CDK advises for new projects, where it changes what we make. */
const currentFeatures = {
  "@aws-cdk/aws-ecs:arnFormatIncludesClusterName": true,
  "@aws-cdk/aws-iam:minimizePolicies": false,
  "@aws-cdk/core:checkSecretUsage": true,
};

export interface DeploymentParameters {
  app: App;
  settings: Settings;
  /** None with the embedded engine. */
  flows: readonly CompiledFlow[];
  /** Null with the embedded engine. */
  bundles: Bundles | null;
  /** The folder that the bot's image is built of. */
  context: string;
}

/** The stacks stand in `app` afterwards, each under its own name. */
export function addDeployment({ app, settings, flows, bundles, context }: DeploymentParameters): void {
  const { name } = settings;
  Tags.of(app).add("application", "revops-flows");
  const state = new StateStack(app, `${name}-state`, {
    description: "RevOps Flows: the table and the secrets",
    terminationProtection: true,
    settings,
  });
  const { table, secrets } = state;
  const flowMachines = flows.map(({ flow_id }) => machineName(name, flow_id));
  const bot = new BotStack(app, `${name}-bot`, {
    description: "RevOps Flows: the bot",
    settings,
    table,
    secrets,
    machines: flowMachines,
    context,
  });
  if (bundles !== null) {
    const functions = new FunctionsStack(app, `${name}-functions`, {
      description: "RevOps Flows: what the machines call",
      settings,
      bundles,
      table,
      secrets,
      machines: flowMachines,
    });
    const { actions, effects } = functions;
    for (const flow of flows) {
      const description = `RevOps Flows: ${flow.flow_id} ${flow.version}`;
      const stack = new FlowStack(app, flowStackName(name, flow.flow_id), {
        description,
        settings,
        flow,
        actions,
        effects,
      });
      // A new bot stores the definitions as it starts, and the functions look there for what a new machine was compiled from.
      stack.addStackDependency(bot);
    }
  }
  new WatchStack(app, `${name}-watch`, { description: "RevOps Flows: alarms and the dashboard", settings, flows });
}
