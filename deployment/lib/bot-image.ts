/** The bot's image: one that was pushed before, by its digest, or one that the deployment builds. */
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as ecrAssets from "aws-cdk-lib/aws-ecr-assets";
import * as ecs from "aws-cdk-lib/aws-ecs";
import type { Settings } from "./settings.ts";

const dockerfile = "deployment/bot/Dockerfile";

/** Nothing is built while the template is made; the folder is only read, for its hash. */
export function botImage({ settings, context }: { settings: Settings; context: string }): ecs.ContainerImage {
  if (settings.bot.image !== null) return ecs.ContainerImage.fromRegistry(settings.bot.image);
  return ecs.ContainerImage.fromAsset(context, { file: dockerfile, platform: ecrAssets.Platform.LINUX_ARM64 });
}

/** What the image is built of, in a folder of its own: to look through the whole project takes the construct library long. */
export async function gatherContext({ root, into }: { root: string; into: string }): Promise<void> {
  await rm(into, { recursive: true, force: true });
  for (const path of await letIn(root)) {
    await mkdir(dirname(join(into, path)), { recursive: true });
    await cp(join(root, path), join(into, path), {
      recursive: true,
      filter: (file) => !/\.test\.(?:ts|yml)$/.test(file),
    }).catch(ignoreMissing);
  }
}

/** One list for `docker build` and for us. */
async function letIn(root: string): Promise<string[]> {
  const lines = (await readFile(join(root, `${dockerfile}.dockerignore`), "utf8")).split("\n");
  return lines.flatMap((line) => (line.startsWith("!") ? [line.slice(1)] : []));
}

/** There needn't be a revops.yml. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
