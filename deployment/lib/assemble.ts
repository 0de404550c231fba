/** The project itself as a deployment: its flows compiled, its functions bundled, its templates in a folder of CDK's. */
import { join } from "node:path";
import { gatherContext } from "./bot-image.ts";
import { bundleFunctions } from "./bundle.ts";
import { compileFlows } from "./compile-flows.ts";
import type { CompiledFlow } from "./compiled-flow.ts";
import { addDeployment, newApp } from "./deployment-app.ts";
import { refuseTooLarge } from "./limits.ts";
import { DeploymentProblem } from "./problem.ts";
import type { Settings } from "./settings.ts";
import { type Template, templatesOf } from "./templates.ts";

export interface Assembled {
  flows: readonly CompiledFlow[];
  templates: readonly Template[];
}

/** Rejects with a `DeploymentProblem`. */
export async function assemble(parameters: { root: string; settings: Settings; into: string }): Promise<Assembled> {
  const { root, settings, into } = parameters;
  const build = join(root, "deployment/build");
  const embedded = settings.engine === "embedded";
  const flows = embedded ? [] : await compileFlows({ root, settings });
  const bundles = embedded ? null : await bundleFunctions({ root, into: join(build, "functions") });
  const context = join(build, "image");
  if (settings.bot.image === null) await gatherContext({ root, into: context });
  const app = newApp({ into });
  addDeployment({ app, settings, flows, bundles, context });
  const templates = synthesised(() => templatesOf(app));
  refuseTooLarge(templates);
  return { flows, templates };
}

/** The construct library's own faults, as sentences. */
function synthesised<Made>(make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new DeploymentProblem([error.message]);
  }
}
