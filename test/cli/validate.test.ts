/** Does `validate` tell every problem at its place, and nothing where all is fine? */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { sitDown, type Sitting } from "./terminal-line.ts";

let sitting: Sitting;
beforeEach(async () => {
  sitting = await sitDown();
});
afterEach(() => sitting.close());

const broken = `flow_id: broken
version: "1.0"
stps: []
steps:
  - { id: look, agent: data_agent, action: retrieve_customer_dat, depends_on: [asess] }
  - { id: assess, agent: decision_agent, action: assess_renewal_risk, depends_on: [look] }
`;
const calls = `flow_id: calls
version: "1.0"
steps:
  - { id: hold, type: flow, flow_id: meet, input: { at: "2100-01-01T00:00:00Z" } }
`;

async function write(name: string, text: string): Promise<string> {
  const path = join(sitting.folder, name);
  await writeFile(path, text);
  return path;
}

it("all that the app would load is fine", async () => {
  expect(await sitting.line("validate")).toEqual({ code: 0, out: "2 flows are fine.\n", err: "" });
  expect(await sitting.json("validate")).toEqual({ problems: [] });
});

it("each problem of a file, in its order, with the nearest right name", async () => {
  const path = await write("broken.yml", broken);
  const { code, out, err } = await sitting.line("validate", path);
  expect({ code, err }).toEqual({ code: 1, err: "" });
  expect(out.trimEnd().split("\n")).toEqual([
    `${path}:3:1: a flow has no key "stps"; did you mean steps?`,
    `${path}:5:44: data_agent has no action "retrieve_customer_dat"; did you mean retrieve_customer_data?`,
    `${path}:5:80: there is no step "asess"; did you mean assess?`,
  ]);
  expect(await sitting.json("validate", path)).toMatchObject({
    problems: [
      { file: path, line: 3, column: 1, message: expect.stringContaining("stps") },
      { line: 5, column: 44 },
      { line: 5, column: 80 },
    ],
  });
});

it("a file is checked in the company of the flows that it calls", async () => {
  const path = await write("calls.yml", calls);
  expect(await sitting.line("validate", path)).toEqual({ code: 0, out: "1 file is fine.\n", err: "" });
  sitting.environment["REVOPS_FLOWS"] = join(sitting.folder, "crm");
  const { code, out } = await sitting.line("validate", path);
  expect(code).toBe(1);
  expect(out).toContain(`${path}:4:`);
});

it("another file's problems are not this one's", async () => {
  await write("flows/broken.yml", broken);
  const path = await write("calls.yml", calls);
  expect((await sitting.line("validate", path)).code).toBe(0);
  expect((await sitting.line("validate")).code).toBe(1);
});

it("a named file of the app's own folder is told once, however its path is written", async () => {
  await write("flows/broken.yml", broken);
  const { out } = await sitting.line("validate", join(sitting.folder, "flows/../flows/broken.yml"));
  expect(out.trimEnd().split("\n")).toHaveLength(3);
});

it("a folder means its flow files, and a file that isn't there is a problem at its place", async () => {
  const { code, out } = await sitting.line("validate", join(sitting.folder, "flows"), "nowhere.yml");
  expect({ code, out }).toEqual({ code: 1, out: "nowhere.yml:1:1: this file can't be read (it isn't there)\n" });
});

it("revops.yml is checked too, at its place", async () => {
  const path = await write("revops.yml", "rolez: {}\n");
  const problem = `${path}:1:1: revops.yml has no key "rolez"; did you mean roles?`;
  expect((await sitting.line("validate")).out).toContain(problem);
  expect(await sitting.line("validate", path)).toEqual({ code: 1, out: `${problem}\n`, err: "" });
});

it("a role that revops.yml doesn't have is a warning, and a warning is no failure", async () => {
  await write("revops.yml", "roles: { revops_leads: [lead@example.com] }\n");
  const { code, out } = await sitting.line("validate");
  expect(code).toBe(0);
  expect(out).toMatch(/review\.yml:1:1: warning: approve asks role:revops_lead, and revops\.yml has no such role\./);
  expect(out).toContain("Did you mean role:revops_leads?");
});

it("--strict asks about what reaches people unasked, and then it is a failure", async () => {
  const path = join(sitting.folder, "flows", "loud.yml");
  const flow = `flow_id: loud
version: "1.0"
steps: [{ id: tell, agent: execution_agent, action: send_slack_message, parameters: { to: "#revops", text: Hello } }]
`;
  await writeFile(path, flow);
  expect((await sitting.line("validate", path)).code).toBe(0);
  expect(await sitting.line("validate", path, "--strict")).toEqual({
    code: 1,
    out: `${path}:3:9: warning: send_slack_message reaches people, and no approval comes before it\n`,
    err: "",
  });
});
