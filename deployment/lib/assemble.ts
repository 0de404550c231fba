/** The project itself as a deployment: its functions bundled, its image gathered, its templates in a folder of CDK's. */
import { join } from "node:path";
import { DeployError } from "../../src/app/deployment/deploy-error.ts";
import { gatherContext } from "./bot-image.ts";
import { bundleFunctions } from "./bundle.ts";
import type { CompiledFlow } from "./compiled-flow.ts";
import { addDeployment, newApp } from "./deployment-app.ts";
import { refuseTooLarge } from "./limits.ts";
import type { Settings } from "./settings.ts";
import { type Template, templatesOf } from "./templates.ts";

/** Rejects with a `DeployError`. */
export async function assemble(parameters: {
  root: string;
  settings: Settings;
  flows: readonly CompiledFlow[];
  into: string;
}): Promise<readonly Template[]> {
  const { root, settings, flows, into } = parameters;
  const build = join(root, "deployment/build");
  const bundles =
    settings.engine === "embedded" ? null : await bundleFunctions({ root, into: join(build, "functions") });
  const context = join(build, "image");
  if (settings.bot.image === null) await gatherContext({ root, into: context });
  const app = newApp({ into });
  addDeployment({ app, settings, flows, bundles, context });
  const templates = synthesised(() => templatesOf(app));
  refuseTooLarge(templates);
  return templates;
}

/** The construct library's own faults, as sentences. */
function synthesised<Made>(make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new DeployError([error.message]);
  }
}
