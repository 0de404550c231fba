/** Which engine the bot speaks to, and where its machines are. */
import type { Settings } from "./settings.ts";
import type { Construct } from "constructs";

export function engineEnvironment(
  _scope: Construct,
  { settings }: { settings: Settings; machines: readonly string[] },
): Record<string, string> {
  return settings.engine === "embedded" ? {} : { REVOPS_ENGINE: "stepfunctions" };
}
