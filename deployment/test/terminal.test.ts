/** `npx revops deploy` as a person types it: the real terminal in a copy of the project, without an account. */
import { execFile } from "node:child_process";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { Plan } from "../../src/app/deployment/plan.ts";
import { projectCopy, type ProjectCopy } from "./project-copy.ts";

const run = promisify(execFile);
const step = "{ id: score, agent: decision_agent, action: score_health }";
const flow = (flowId: string, about: string): string =>
  `flow_id: ${flowId}\nversion: "1.0"\n${about}steps:\n  - ${step}\n`;
const each = (hour: number): string =>
  `trigger:\n  type: schedule\n  schedule: cron(0 ${hour} * * ? *)\n  timezone: Europe/Berlin\n`;
const action = `import { defineAction } from "revops-flows";
import { z } from "zod";
export const own = defineAction({ agent: "decision_agent", action: "score_health", description: "How well it goes.",
  parameters: z.strictObject({}), output: z.object({ health: z.number() }), run: () => ({ output: { health: 1 } }) });
`;

let copy: ProjectCopy;

beforeAll(async () => {
  copy = await projectCopy({
    "deployment.yml": `bot: { image: "registry.example.com/revops@sha256:${"0".repeat(64)}" }\n`,
    "actions/score_health.ts": action,
    "flows/changed.yml": flow("changed", each(9)),
    "flows/kept.yml": flow("kept", ""),
    "flows/leaving.yml": flow("leaving", ""),
  });
});

afterAll(() => copy.remove());

interface Typed {
  code: number;
  out: string;
  err: string;
}

/** Whoever looks for credentials finds none, and asks no machine for them. */
const nobody = {
  PATH: process.env["PATH"],
  HOME: "/nonexistent",
  AWS_REGION: "eu-central-1",
  AWS_EC2_METADATA_DISABLED: "true",
};

async function typed(...words: readonly string[]): Promise<Typed> {
  const asked = [join(copy.folder, "bin/revops.mjs"), "deploy", ...words];
  try {
    const { stdout, stderr } = await run(process.execPath, asked, { cwd: copy.folder, env: nobody });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = z
      .object({ code: z.number(), stdout: z.string(), stderr: z.string() })
      .parse(error);
    return { code, out: stdout, err: stderr };
  }
}

const Document = z.strictObject({ deployed: z.boolean(), plan: Plan });

test("a plan of what was deployed, of what has changed since, and of what is gone", async () => {
  const first = await typed("--plan", "--json");
  expect(first).toMatchObject({ code: 0, err: "" });
  const { deployed, plan } = Document.parse(JSON.parse(first.out));
  expect(deployed).toBe(false);
  expect(plan.compared_with).toBeNull();
  expect(new Set(plan.stacks.map(({ change }) => change))).toEqual(new Set(["new"]));
  expect(plan.flows.map(({ machine }) => machine)).toEqual(["revops-changed", "revops-kept", "revops-leaving"]);

  // What `deploy` itself does at its end.
  await run(process.execPath, [join(copy.folder, "deployment/main.ts"), "deployed", "revops"], { env: nobody });
  await copy.write({
    "flows/changed.yml": flow("changed", each(7)).replace("1.0", "1.1"),
    "flows/leaving.yml": null,
    "flows/coming.yml": flow("coming", each(8)),
  });
  const second = await typed("--plan");
  expect(second).toMatchObject({ code: 0, err: "" });
  const lines = second.out.split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^Compared with what was deployed from this folder at \d{4}-/),
      "unchanged revops-flow-kept",
      expect.stringMatching(/^changed {3}revops-flow-changed: /),
      expect.stringMatching(/^ +[+~] \w+ \(AWS::StepFunctions::StateMachineVersion\)$/),
      "            ~ Schedule1 (AWS::Scheduler::Schedule)",
      expect.stringMatching(/^new {7}revops-flow-coming: \d+ added$/),
      "gone      revops-flow-leaving: stays on AWS, and its schedules fire, until it is deleted there: docs/upgrading.md",
      "  cron(0 7 * * ? *) in Europe/Berlin starts one execution",
    ]),
  );
});

test("a flow that Step Functions can't do, and one that can't be read, each at its place", async () => {
  const when = '"${($states := 1; true)}"';
  await copy.write({
    "flows/states.yml": flow("own_name", "").replace("score_health }", `score_health, when: ${when} }`),
  });
  const refused = await typed("--plan");
  await copy.write({
    "flows/states.yml": null,
    "flows/typo.yml": flow("typo", "").replace("score_health", "score_helth"),
  });
  const misspelt = await typed("--plan");
  await copy.write({ "flows/typo.yml": null });
  expect(refused).toMatchObject({ code: 1, out: "" });
  expect(refused.err).toMatch(/^flows\/states\.yml:4:7: score: .*\$states is Step Functions' own name/);
  expect(misspelt).toMatchObject({ code: 1, out: "" });
  expect(misspelt.err).toMatch(/^flows\/typo\.yml:4:\d+: .*score_helth.*score_health/);
});

test("a mistake in revops.yml, and one in deployment.yml", async () => {
  await copy.write({ "revops.yml": "rolez: {}\n", "wrong.yml": "nmae: revops\n" });
  const [file, settings] = await Promise.all([typed("--plan"), typed("--plan", "--settings", "wrong.yml")]);
  await copy.write({ "revops.yml": null });
  expect(file).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/^revops\.yml:1:1: .*rolez/) });
  expect(settings).toMatchObject({ code: 1, out: "", err: expect.stringContaining("nmae") });
});

test("nobody is signed in", async () => {
  const { code, out, err } = await typed();
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(
    /^There are no AWS credentials\. Sign in by aws sso login, or set AWS_PROFILE; --plan needs none\./,
  );
});

test("the deployment's packages aren't installed", async () => {
  const packages = join(copy.folder, "deployment/node_modules");
  await rename(packages, `${packages}-away`);
  const answers = await Promise.all([typed("--plan"), typed()]);
  await rename(`${packages}-away`, packages);
  const sentence = "The deployment has packages of its own. Get them by npm ci --prefix deployment, then try again.";
  expect(answers.map(({ code, err }) => [code, err.trim()])).toEqual([
    [1, sentence],
    [1, sentence],
  ]);
});

test.each([
  ["a flag that there isn't", ["--plna"], "--plan"],
  ["a word that there isn't", ["tabel"], "table"],
  ["a plan that is agreed to", ["--plan", "--yes"], "--plan deploys nothing"],
])("what can't be meant ends with 2: %s", async (_, words, said) => {
  const { code, out, err } = await typed(...words);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(said);
});
