/** Deployments as tests make them: with small stand-ins for the bundles and the flows, and the project's folder as it is. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { App } from "aws-cdk-lib";
import { withoutEffect } from "../lib/acknowledge.ts";
import type { Bundles } from "../../scripts/lambda/bundle.ts";
import type { CompiledFlow } from "../lib/compiled-flow.ts";
import { addDeployment, newApp } from "../lib/deployment-app.ts";
import { type Settings, parseSettings } from "../lib/settings.ts";
import { onboarding, renewal } from "./stand-in-flows.ts";

export const image = `registry.example.com/revops@sha256:${"0".repeat(64)}`;

/** Everything that can be asked for at once, so that every resource is looked at. */
export const everything = `
name: revops
slack: http
http: { certificate: "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b2c3d" }
crm: postgres
mail_from: RevOps <revops@example.com>
calendar: { id: team@example.com, impersonate: lead@example.com }
bedrock: { data_agent: AAAAAAAAAA/BBBBBBBBBB, decision_agent: CCCCCCCCCC/DDDDDDDDDD, execution_agent: EEEEEEEEEE/FFFFFFFFFF }
bot: { count: 2, image: "${image}" }
network: { kind: new, endpoints: true }
functions: { memory: 512, actions_at_once: 20, effects_at_once: 10 }
alarms: { email: oncall@example.com }
`;

export const plainest = `
bot: { image: "${image}" }
`;

/** Into a network that is there already. */
export const given = `${plainest}
network:
  kind: given
  vpc: vpc-0a1b2c3d
  availability_zones: [eu-central-1a, eu-central-1b]
  private_subnets: [subnet-0a1b2c3d, subnet-1a1b2c3d]
`;

/** The image is made of this folder at deployment, and only its hash is taken here. */
export const builtHere = `crm: sample\nengine: embedded\n`;

export const settingsOf = (text: string): Settings => parseSettings({ file: "deployment.yml", text });

export function deployed(parameters: {
  settings: Settings;
  flows?: readonly CompiledFlow[];
  /** True: rules that are not kept are listed, and so are all acknowledgements. */
  unacknowledged?: boolean;
}): App {
  const { settings, flows = [renewal, onboarding], unacknowledged = false } = parameters;
  const app = newApp({ into: mkdtempSync(join(tmpdir(), "revops-synth-")) });
  if (unacknowledged) withoutEffect(app);
  const embedded = settings.engine === "embedded";
  addDeployment({
    app,
    settings,
    flows: embedded ? [] : flows,
    bundles: embedded ? null : standInBundles(),
    context: standInContext(),
  });
  return app;
}

/** The texts of the real ones are long, and their hashes change with every line of `src`. */
function standInBundles(): Bundles {
  const [actions, effects] = ["actions", "effects"].map((which) => {
    const folder = mkdtempSync(join(tmpdir(), "revops-bundle-"));
    writeFileSync(join(folder, "index.mjs"), `export const handler = () => "${which}";\n`);
    return folder;
  });
  return { actions: actions ?? "", effects: effects ?? "" };
}

function standInContext(): string {
  const folder = mkdtempSync(join(tmpdir(), "revops-context-"));
  mkdirSync(join(folder, "deployment/bot"), { recursive: true });
  writeFileSync(join(folder, "deployment/bot/Dockerfile"), "FROM scratch\n");
  return folder;
}
