/** Is flow.schema.json what the loader holds: does each example fit, each mistake that a schema can see stand out, each key? */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { flowSchemaFile, flowSchemaText } from "../../scripts/flow-schema-text.ts";
import { blocks, root, text } from "./page.ts";

const written = await text(flowSchemaFile);
const schema: unknown = JSON.parse(written);
const validate = new Ajv({ strict: false, allErrors: true }).compile(Object(schema));

function mistakes(flow: unknown): string[] {
  if (validate(flow)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = "" }) => `${instancePath} ${message}`);
}

const flow = (steps: unknown[], head: object = {}) => ({ flow_id: "f", version: "1.0", ...head, steps });
const mail = { id: "tell", agent: "execution_agent", action: "send_email" };

it("stands as `node scripts/flow-schema.ts` writes it", async () => {
  expect(written).toBe(await flowSchemaText());
});

const standard = (await readdir(join(root, "flows/standard"))).filter((name) => /^[^.]+\.yml$/.test(name));
it.each(standard)("%s fits, and names the schema to editors", async (name) => {
  const yaml = await readFile(join(root, "flows/standard", name), "utf8");
  expect(mistakes(parse(yaml))).toEqual([]);
  expect(yaml).toMatch(/^# yaml-language-server: \$schema=\.\.\/\.\.\/flow\.schema\.json\n/);
});

const examples = blocks(await text("docs/flow-language.md")).filter(
  ({ kind }) => kind === "yaml" || kind === "yaml extends",
);
it.each(examples.map(({ body }) => ({ name: body.split("\n", 2).join(" "), body })))("$name fits", ({ body }) => {
  const part: unknown = parse(body);
  const steps = [{ id: "step", type: "wait", duration: "P1D" }];
  expect(mistakes({ flow_id: "f", version: "1.0", steps, ...Object(part) })).toEqual([]);
});

it.each(["renewal_management.yml", "every_key.yml"])("%s of the tests fits", async (name) => {
  expect(mistakes(parse(await text(`test/flow/fixtures/${name}`)))).toEqual([]);
});

describe("what doesn't fit", () => {
  it.each([
    ["a flow without an id", { version: "1.0", steps: [mail] }],
    ["a flow without steps", { flow_id: "f", version: "1.0" }],
    ["an unknown key", flow([mail], { tirgger: {} })],
    ["an id in capitals", flow([{ ...mail, id: "Tell" }])],
    ["an id with a meaning", flow([{ ...mail, id: "customer" }])],
    ["an unknown agent", flow([{ ...mail, agent: "mail_agent" }])],
    ["an unknown action", flow([{ ...mail, action: "send_male" }])],
    ["an unknown parameter", flow([{ ...mail, parameters: { tu: "a@example.com" } }])],
    ["a duration in words", flow([{ id: "w", type: "wait", duration: "3 days" }])],
    ["a duration in months", flow([{ id: "w", type: "wait", duration: "P1M" }])],
    ["a timeout on a wait", flow([{ id: "w", type: "wait", duration: "P1D", timeout: "P2D" }])],
    ["an approval without approvers", flow([{ id: "a", type: "approval" }])],
    ["an approval that repeats", flow([{ id: "a", type: "approval", approvers: "role:lead", for_each: "${[1]}" }])],
    ["a condition in words", flow([{ ...mail, when: "customer.arr > 3" }])],
    ["a schedule without a schedule", flow([mail], { trigger: { type: "schedule" } })],
    ["an event with a time zone", flow([mail], { trigger: { type: "event", event: "e", timezone: "UTC" } })],
    ["a number that is out of range", flow([mail], { error_handling: { retry_count: 101 } })],
  ])("%s", (_name, written) => {
    expect(mistakes(written)).not.toEqual([]);
  });
});

it("an expression may stand where a number or a list is meant", () => {
  const book = { id: "book", agent: "execution_agent", action: "create_calendar_event" };
  const parameters = { title: "T", attendees: "${customer.csm_email}", duration_minutes: "${input.minutes}" };
  expect(mistakes(flow([{ ...book, parameters }]))).toEqual([]);
});

it("each key of a flow says what it means", () => {
  const described = z.looseObject({ properties: z.record(z.string(), z.looseObject({ description: z.string() })) });
  expect(() => described.parse(schema)).not.toThrow();
});
