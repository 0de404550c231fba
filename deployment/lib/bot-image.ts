/** The bot's image: one that was pushed before, by its digest, or one that the deployment builds. */
import { cp, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as ecrAssets from "aws-cdk-lib/aws-ecr-assets";
import * as ecs from "aws-cdk-lib/aws-ecs";
import { ignoreMissing } from "./ignore-missing.ts";
import type { Settings } from "./settings.ts";

const dockerfile = "deployment/bot/Dockerfile";

/** Nothing is built while the template is made; the folder is only read, for its hash. */
export function botImage({ settings, context }: { settings: Settings; context: string }): ecs.ContainerImage {
  if (settings.bot.image !== null) return ecs.ContainerImage.fromRegistry(settings.bot.image);
  return ecs.ContainerImage.fromAsset(context, { file: dockerfile, platform: ecrAssets.Platform.LINUX_ARM64 });
}

/**
 * What the image is built of, in a folder of its own: to look through the whole project takes the construct library long. What a
 * team has of its own may be missing; its folders are there all the same, for the Dockerfile to copy.
 */
export async function gatherContext({ root, into }: { root: string; into: string }): Promise<void> {
  await rm(into, { recursive: true, force: true });
  for (const folder of ownFiles.filter((file) => !file.includes(".")))
    await mkdir(join(into, folder), { recursive: true });
  for (const path of [...ofTheProduct, ...ownFiles]) {
    await mkdir(dirname(join(into, path)), { recursive: true });
    await cp(join(root, path), join(into, path), { recursive: true }).catch(ignoreMissing);
  }
}

/** A team's own. */
const ownFiles = ["flows", "actions", "templates", "models", "revops.yml"];

const ofTheProduct = [
  "package.json",
  "package-lock.json",
  ".npmrc",
  "src",
  "deployment/runtime/google-key.ts",
  "deployment/bot/start.ts",
  "deployment/bot/healthy.ts",
  "deployment/bot/vitals.ts",
  "deployment/bot/gauge-values.ts",
  dockerfile,
];
