import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CompiledFlow } from "../lib/compiled-flow.ts";
import { deployedBefore, rememberDeployed } from "../lib/deployed-before.ts";
import { refuseTooLarge } from "../lib/limits.ts";
import { planOf } from "../lib/plan.ts";
import { parseSettings } from "../lib/settings.ts";
import { templatesOf } from "../lib/templates.ts";
import { deployed, everything, settingsOf } from "./assembled.ts";
import { onboarding, renewal } from "./stand-in-flows.ts";

const settings = settingsOf(everything);
const at = "2026-11-26T09:00:00.000Z";

/** A plan for `flows`, after `before` was deployed. */
async function planned({ flows, before }: { flows: CompiledFlow[]; before: CompiledFlow[] | null }) {
  const about = { root: await mkdtemp(join(tmpdir(), "revops-plan-")), name: settings.name };
  if (before !== null) {
    const then = deployed({ settings, flows: before });
    then.synth();
    await rememberDeployed({ ...about, made: then.outdir, at });
  }
  const templates = templatesOf(deployed({ settings, flows }));
  return planOf({ settings, flows, templates, before: await deployedBefore(about) });
}

const changes = (plan: Awaited<ReturnType<typeof planned>>) =>
  Object.fromEntries(plan.stacks.map(({ stack, change }) => [stack, change]));

test("everything is new where nothing was deployed", async () => {
  const plan = await planned({ flows: [renewal, onboarding], before: null });
  expect(plan.compared_with).toBeNull();
  expect(new Set(Object.values(changes(plan)))).toEqual(new Set(["new"]));
  expect(plan.flows[0]).toMatchObject({
    machine: "revops-renewal_management",
    change: "new",
    schedules: [{ expression: "cron(0 9 ? * MON-FRI *)", timezone: "America/New_York", starts: "batch" }],
    added_waits: [{ waits: "send", for: "begin" }],
  });
});

test("the same again changes nothing", async () => {
  const plan = await planned({ flows: [renewal, onboarding], before: [renewal, onboarding] });
  expect(plan.compared_with).toBe(at);
  expect(new Set(Object.values(changes(plan)))).toEqual(new Set(["unchanged"]));
});

test("one flow's new version touches its stack alone, and publishes a version", async () => {
  const next = { ...onboarding, version: "1.1", hash: "c".repeat(64) };
  const plan = await planned({ flows: [renewal, next], before: [renewal, onboarding] });
  const touched = plan.stacks.filter(({ change }) => change !== "unchanged");
  expect(touched.map(({ stack, change }) => [stack, change])).toEqual([["revops-flow-onboarding", "changed"]]);
  expect(touched[0]?.changed.join()).toContain("AWS::StepFunctions::StateMachineVersion");
  expect(touched[0]?.removed).toEqual([]);
});

test("a flow that is gone is told, since its stack stays", async () => {
  const plan = await planned({ flows: [onboarding], before: [onboarding, { ...renewal, sub_flows: [] }] });
  expect(changes(plan)["revops-flow-renewal-management"]).toBe("gone");
});

test("a template over CloudFormation's limits", () => {
  const resources = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`R${index}`, {}]));
  expect(() => refuseTooLarge([{ stack: "revops-x", template: { Resources: resources } }])).toThrow(
    /501 resources, and CloudFormation takes 500/,
  );
  expect(() => refuseTooLarge([{ stack: "revops-x", template: { Description: "x".repeat(1_048_577) } }])).toThrow(
    /Split the flow/,
  );
});

test.each([
  ["name: Rev_Ops", /name: must be at most 15 small letters/],
  ["slack: http", /http: slack: http needs http: \{ certificate: ARN \}/],
  ["crm: sample", /crm: sample lies in the bot's own folder/],
  ["bot: { image: registry.example.com/revops:latest }", /bot\.image: must end with @sha256:/],
  ["nmae: revops", /nmae/],
  ["name: [", /deployment\.yml: /],
  ["log_days: 31", /log_days/],
  ["bedrock: { data_agent: x }", /bedrock\.data_agent: must be agentId\/aliasId/],
])("settings that can't be meant: %s", (text, sentence) => {
  expect(() => parseSettings({ file: "deployment.yml", text })).toThrow(sentence);
});
