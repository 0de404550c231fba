/** Whom does a search find, and does it say what it leaves out and doesn't know? */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { CustomerSource } from "../../../src/agents/crm/customer-source.ts";
import { createLocalAgents } from "../../../src/agents/local/local-agents.ts";
import type { Customer } from "../../../src/flow/customer.ts";
import { readFlowFile } from "../../../src/flow/flow-file.ts";
import type { JsonObject } from "../../../src/flow/json.ts";
import { customerWith, echoTemplates, failureOf, requestFor } from "../support.ts";

const Found = z.looseObject({
  as_of: z.string(),
  total: z.number(),
  is_complete: z.boolean(),
  customers: z.array(z.looseObject({ id: z.string() })),
  missing: z.array(z.strictObject({ field: z.string(), customers: z.number() })),
});

function agentOver(pages: Customer[][], narrowed: (string | null)[] = []) {
  const source: CustomerSource = {
    get: () => Promise.resolve(null),
    find: () => Promise.resolve([]),
    all: async function* (parameters) {
      narrowed.push(parameters?.hint?.filter.texts.join() ?? null);
      yield* pages;
    },
    records: () => Promise.resolve({ usage: null, tickets: null, invoices: null, contacts: null }),
  };
  return createLocalAgents({ source, templates: echoTemplates }).agents.data_agent;
}

async function found(pages: Customer[][], parameters: JsonObject, fields: { now?: number; timezone?: string } = {}) {
  const answer = await agentOver(pages).invoke(requestFor("find_customers", { parameters, ...fields }));
  return Found.parse(answer.output);
}

const many = [
  [customerWith({ id: "a", arr: 10 }), customerWith({ id: "b", arr: 20 })],
  [customerWith({ id: "c", arr: 30 }), customerWith({ id: "d", arr: null })],
];

describe("who matches", () => {
  it("is found over all pages; one whose field is empty isn't", async () => {
    const { customers, total, is_complete } = await found(many, { filter: "customer.arr >= 20" });
    expect(customers.map(({ id }) => id)).toEqual(["b", "c"]);
    expect({ total, is_complete }).toEqual({ total: 2, is_complete: true });
  });

  it("must meet every predicate of a list", async () => {
    const filter = ["customer.arr >= 20", "customer.arr < 30"];
    expect((await found(many, { filter })).customers.map(({ id }) => id)).toEqual(["b"]);
  });

  it("depends on the recorded clock and the flow's zone, not on this machine's", async () => {
    const page = [[customerWith({ id: "today", renewal_date: "2026-11-24" })]];
    const filter = "customer.renewal_date = current_date";
    const now = Date.parse("2026-11-23T23:30:00Z");
    expect((await found(page, { filter }, { now, timezone: "UTC" })).total).toBe(0);
    expect(await found(page, { filter }, { now, timezone: "Asia/Tokyo" })).toMatchObject({
      total: 1,
      as_of: "2026-11-24",
    });
  });

  it("is told to the source too, which may narrow by it", async () => {
    const narrowed: (string | null)[] = [];
    const parameters = { filter: "customer.arr >= 20" };
    await agentOver(many, narrowed).invoke(requestFor("find_customers", { parameters }));
    expect(narrowed).toEqual(["customer.arr >= 20"]);
  });
});

describe("what is left out", () => {
  it("is counted when there are more than the limit", async () => {
    const { customers, total, is_complete } = await found(many, { filter: "customer.arr > 0", limit: 2 });
    expect(customers.map(({ id }) => id)).toEqual(["a", "b"]);
    expect({ total, is_complete }).toEqual({ total: 3, is_complete: false });
  });

  it("is named field by field, the widest gap first", async () => {
    const page = [
      customerWith({ id: "a", arr: 10, champion_status: "unknown", timezone: "UTC" }),
      customerWith({ id: "b", arr: 20, champion_status: "active", nps: 7 }),
    ];
    const { missing } = await found([page], { filter: "customer.arr > 0" });
    expect(missing[0]?.customers).toBe(2);
    expect(missing).toContainEqual({ field: "nps", customers: 1 });
    expect(missing).toContainEqual({ field: "champion_status", customers: 1 });
    expect(missing.map(({ field }) => field)).not.toContain("arr");
  });
});

describe("a filter that can't be read", () => {
  it.each<[JsonObject, string]>([
    [{ filter: "customer.arrr > 1" }, "there is no customer.arrr; did you mean customer.arr?"],
    [{ filter: ["customer.arr > 1", "pg_sleep(10) = 1"] }, "filter.1: pg_sleep(…) isn't allowed in a filter"],
    [{ filter: "" }, "filter"],
    [{ filter: [] }, "filter"],
    [{}, "filter"],
    [{ filter: "customer.arr > 1", limit: 1_001 }, "limit"],
    [{ filters: "customer.arr > 1" }, "filters is unknown, did you mean filter"],
  ])("%j fails by name and sends nobody to the source", async (parameters, said) => {
    const narrowed: (string | null)[] = [];
    const failure = await failureOf(agentOver(many, narrowed).invoke(requestFor("find_customers", { parameters })));
    expect(failure.error).toBe("Input.Invalid");
    expect(failure.cause).toContain(said);
    expect(narrowed).toEqual([]);
  });

  it("is already told when the flow is loaded, where it stands", () => {
    const text = [
      "flow_id: book",
      'version: "1.0"',
      "steps:",
      "  - id: find",
      "    agent: data_agent",
      "    action: find_customers",
      "    parameters:",
      "      filter: customer.renewal_dat < now()",
    ].join("\n");
    const { definition, problems } = readFlowFile({
      file: "book.yml",
      text,
      catalogue: agentOver([]).actions,
      variables: {},
    });
    expect(definition).toBeNull();
    expect(problems.map(({ line, column, message }) => `${line}:${column}: ${message}`)).toEqual([
      "8:15: parameter filter: there is no customer.renewal_dat; did you mean customer.renewal_date?",
    ]);
  });
});
