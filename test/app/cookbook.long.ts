/** Does docs/cookbook.md show flows that load, pass their tests and do what is said of them, in the files' own words? */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { FlowTestCase } from "revops-flows/testing";
import { actionCatalogue } from "../../src/cli/known-flows.ts";
import { compile } from "../../src/asl/compile.ts";
import { runFile } from "../../src/cli/test/run-files.ts";
import { mermaid } from "../../src/cli/views/graph.ts";
import { flowFiles, loadFlowFolders } from "../../src/flow/registry.ts";
import { Coverage } from "../../src/testing/flow-coverage.ts";
import { oneLine } from "../cli/terminal-line.ts";
import { blocks, root, rows, text } from "./page.ts";

const folder = join(root, "docs/cookbook");
const page = await text("docs/cookbook.md");
const sections = page.split(/^## /m).slice(1);
const flowIds = rows(page, "flow", "starts", "what it shows").map(([flow = ""]) => /^\[(\w+)\]/.exec(flow)?.[1] ?? "");
const { flows } = await loadFlowFolders({
  folders: [folder, join(root, "flows/standard")],
  catalogue: await actionCatalogue({ writable: ["champion_status"], refusal: null }),
  variables: { admin_email: "admin@example.com" },
});

it("is of ten flows, those of its folder, each with its tests, and in that order", async () => {
  const files = (await readdir(folder)).toSorted();
  expect(files).toEqual(flowIds.flatMap((flowId) => [`${flowId}.yml`, `${flowId}.test.yml`]).toSorted());
  expect(flowIds).toHaveLength(10);
  expect(sections.map((section) => /cookbook\/(\w+)\.yml/.exec(section)?.[1])).toEqual(flowIds);
});

it("the app doesn't load them by itself", async () => {
  const loaded = await flowFiles([join(root, "flows")], []);
  expect(loaded.length).toBeGreaterThan(3);
  expect(loaded.filter((file) => flowIds.some((flowId) => file.endsWith(`/${flowId}.yml`)))).toEqual([]);
});

const Validated = z.object({ problems: z.array(z.object({ file: z.string(), message: z.string() })) });

it("validate --strict warns of what the page explains, and of nothing else", async () => {
  const environment = { REVOPS_FLOWS: join(root, "flows") };
  const { out } = await oneLine({ args: ["validate", folder, "--strict", "--json"], environment, answer: null });
  const { problems } = Validated.parse(JSON.parse(out));
  expect(problems.map(({ file, message }) => `${file.slice(folder.length + 1)}: ${message}`)).toEqual([
    "overdue_invoice.yml: create_task reaches people, and no approval comes before it",
    "overdue_invoice.yml: send_slack_message reaches people, and no approval comes before it",
  ]);
  const explained = sections.find((section) => section.includes("cookbook/overdue_invoice.yml"));
  expect(explained).toMatch(/`validate --strict` warns of `ask_kindly` and `tell_the_team`/);
});

describe.each(flowIds)("%s", (flowId) => {
  const section = sections.find((section) => section.includes(`cookbook/${flowId}.yml`)) ?? "";
  const coverage = new Coverage();
  let outcome: Awaited<ReturnType<typeof runFile>>;
  beforeAll(async () => {
    outcome = await runFile({ file: join(folder, `${flowId}.test.yml`), coverage });
  });

  it("passes its tests, which go through each step", () => {
    expect(outcome.problems).toEqual([]);
    expect(outcome.tests.filter(({ problems }) => problems.length > 0)).toEqual([]);
    const own = coverage.flows().find((covered) => covered.flowId === flowId);
    expect(own?.steps).toMatchObject({ missing: [] });
  });

  it("is shown in its own words", async () => {
    const file = inLines(await text(`docs/cookbook/${flowId}.yml`));
    const excerpts = blocks(section).filter(({ kind }) => kind === "yaml");
    expect(excerpts.length).toBeGreaterThan(0);
    for (const { body } of excerpts) {
      const wanted = inLines(body).join("\n");
      const length = inLines(body).length;
      const places = file.map((_, from) => inLines(file.slice(from, from + length).join("\n")).join("\n"));
      expect(places).toContain(wanted);
    }
  });

  it("is drawn as it is", () => {
    const definition = flows.find(({ definition }) => definition.flow_id === flowId)?.definition;
    const [graph] = blocks(section).filter(({ kind }) => kind === "mermaid");
    expect(graph?.body).toBe(definition && `${mermaid({ definition, shown: null })}\n`);
  });
});

/** Without the indentation that all of them share. */
function inLines(part: string): string[] {
  const lines = part.trimEnd().split("\n");
  const indents = lines.filter((line) => line !== "").map((line) => line.length - line.trimStart().length);
  return lines.map((line) => line.slice(Math.min(...indents)));
}

describe("what the page says", () => {
  it("all of them run on Step Functions as they are", () => {
    const own = flows.filter(({ definition }) => flowIds.includes(definition.flow_id));
    expect(own.map(({ definition }) => definition.flow_id).toSorted()).toEqual(flowIds.toSorted());
    const refused = own.flatMap(({ definition }) => (compile(definition).ok ? [] : [definition.flow_id]));
    expect(refused).toEqual([]);
    expect(page).toMatch(/^All of them also run on \[AWS Step Functions\]/m);
  });

  it("notice_guard: ten mornings are one question", async () => {
    const test = new FlowTestCase({
      flows: [join(folder, "notice_guard.yml")],
      now: "2026-11-20T12:00:00Z",
      roles: { revops_lead: ["lead@example.com"] },
      fireSchedules: true,
    });
    test.mockCustomer({
      id: "acme",
      status: "active",
      auto_renew: true,
      notice_date: "2026-12-04",
      renewal_date: "2027-01-04",
      csm_email: "csm@example.com",
    });
    test.mockAgentResponse({
      agent: "data_agent",
      action: "retrieve_customer_data",
      response: { usage_metrics: { utilization: 0.2, trend: -0.5 }, support_history: { urgent_tickets: 2 } },
    });
    await test.advance({ to: "2026-11-23T08:00:00Z" });
    const [asked] = await test.results();
    await test.approve({ executionId: asked?.executionId ?? "" });
    await test.advance("P14D");
    const results = await test.results();
    expect(results.length).toBeGreaterThan(3);
    expect(results.filter(({ completedSteps }) => completedSteps.includes("act_before_notice"))).toHaveLength(1);
    expect(results.filter(({ status }) => status === "running")).toEqual([]);
    await test.close();
  });

  it("contract_handover: it comes back to sales when another onboarding of the customer runs", async () => {
    const test = new FlowTestCase({
      flows: [join(root, "flows/standard/onboarding.yml"), join(folder, "contract_handover.yml")],
      roles: { revops_lead: ["lead@example.com"] },
    });
    test.mockCustomer({ id: "new", csm_email: "csm@example.com", seats: 5 });
    await test.sendEvent({ event: "customer.created", input: { customer_id: "new" } });
    const [handover] = await test.sendEvent({
      event: "contract.signed",
      input: { customer_id: "new", promised: "Nothing." },
    });
    const executionId = handover?.executionId ?? "";
    await test.approve({ executionId, by: "manager@example.com" });
    const result = await test.approve({ executionId, by: "csm@example.com" });
    expect(result).toMatchObject({ status: "succeeded", failedSteps: ["onboard"] });
    expect(result.performedEffects.map(({ stepId }) => stepId)).toEqual(["pass_on", "tell_sales"]);
    await test.close();
  });
});
