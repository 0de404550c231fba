/** The weekly flows on the engine: each owner once, on their own morning, whatever dies in between. */
import { expect, test } from "vitest";
import { createLocalAgents } from "../../src/agents/local/local-agents.ts";
import { defaultDigests, type DigestSettings } from "../../src/agents/local/digest/digest-settings.ts";
import { CaseRecords } from "../../src/engine/case-records.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { loadFlowFolders } from "../../src/flow/registry.ts";
import { loadTemplates } from "../../src/notify/templates/templates.ts";
import { standingOf } from "../../src/app/standing.ts";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { customerDirectory } from "../engine/scripted-agents.ts";
import { kill, startHarness } from "../engine/harness.ts";
import { VirtualClock } from "../engine/virtual-clock.ts";
import { World, worldPorts } from "../engine/world.ts";
import { sampleCustomer } from "../notify/slack/sample-cards.ts";
import { sampleCase } from "../state/sample-records.ts";

const hour = 3_600_000;
const sunday = Date.UTC(2026, 10, 29, 8, 30);
const customers = [
  ["acme", "dana@example.com"],
  ["beta", "second@example.com"],
  ["gone", "gone@example.com"],
].map(([id = "", account_manager_email = ""]) =>
  sampleCustomer({
    id,
    name: id,
    account_manager_email,
    renewal_date: "2026-12-10",
    status: id === "gone" ? "churned" : "active",
  }),
);
const zones: Record<string, string> = { "dana@example.com": "America/New_York" };

async function weekly(settings: Partial<DigestSettings> = {}) {
  const store = new MemoryStateStore();
  const world = new World();
  const clock = new VirtualClock(sunday);
  const running: { engine: Engine | null } = { engine: null };
  const directory = customerDirectory(customers);
  const none = { usage: null, tickets: null, invoices: null, contacts: null };
  const { people } = worldPorts(world, { alive: true, step: () => {} });
  const { agents } = createLocalAgents({
    source: { ...directory, records: () => Promise.resolve(none) },
    templates: await loadTemplates(),
    cases: new CaseRecords(store),
    digests: {
      settings: { ...defaultDigests, channel: "#revops", timezone: "UTC", ...settings },
      standing: standingOf({ engine: () => running.engine, people: () => people }),
    },
    zoneOf: async (email) => zones[email] ?? null,
  });
  const catalogue = Object.values(agents).flatMap((agent) => agent.actions);
  const loaded = await loadFlowFolders({ folders: ["flows"], catalogue, variables: { admin_email: "a@example.com" } });
  const wanted = ["weekly_digest", "owner_digest"];
  const flows = loaded.flows.map(({ definition }) => definition).filter(({ flow_id }) => wanted.includes(flow_id));
  const open = async (seed: number) => {
    const harness = await startHarness({ flows, store, world, clock, agents, directory, seed });
    running.engine = harness.engine;
    return harness;
  };
  return { open, world, store };
}

const told = (world: World) =>
  world.effects.flatMap(({ effect }) =>
    effect.kind === "slack_message"
      ? [`${effect.to.kind === "person" ? effect.to.email : effect.to.channel}: ${effect.text.split("\n")[0] ?? ""}`]
      : [],
  );

test("each owner on their own Monday morning, the channel on its own, the next week again", async () => {
  const { open, world } = await weekly();
  const harness = await open(1);
  await harness.moveTo(Date.UTC(2026, 10, 30, 7, 59));
  expect(told(world)).toEqual([]);
  await harness.moveTo(Date.UTC(2026, 10, 30, 8, 1));
  const utc = ["#revops: *Renewals of the next 8 weeks*", "second@example.com: *Your week from 30 Nov*"];
  expect(told(world).toSorted((one, other) => one.localeCompare(other))).toEqual(utc);
  await harness.moveTo(Date.UTC(2026, 10, 30, 13, 1));
  expect(told(world).slice(2)).toEqual(["dana@example.com: *Your week from 30 Nov*"]);
  await harness.moveTo(Date.UTC(2026, 11, 8));
  expect(told(world)).toHaveLength(6);
  expect(harness.logged).toEqual([]);
});

test("killed again and again, by two processes in turn: nobody is told twice", async () => {
  const { open, world, store } = await weekly();
  for (let seed = 1; seed <= 12; seed += 1) {
    const harness = await open(seed);
    await harness.moveTo(sunday + seed * 3 * hour);
    await kill(harness);
  }
  const last = await open(99);
  await last.engine.idle();
  const mondays = told(world);
  expect(new Set(mondays).size).toBe(mondays.length);
  expect(mondays).toHaveLength(3);
  const { items } = await store.list({ filter: { flowId: "owner_digest" }, limit: 10 });
  expect(items.map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
});

test("switched off, or with nothing to do: silence; the case of a churned customer is closed", async () => {
  const { open, world, store } = await weekly({ owners: false, rollUp: false });
  await store.putCase({ record: sampleCase({ customer: { ...sampleCase().customer, id: "gone" } }) });
  const harness = await open(1);
  await harness.moveTo(Date.UTC(2026, 11, 1));
  expect(told(world)).toEqual([]);
  expect((await store.getCase({ caseId: "renewal_risk:gone" }))?.closed?.note).toBe("The customer has churned.");
  const { items } = await store.list({ filter: { flowId: "weekly_digest" }, limit: 10 });
  expect(items.map(({ status }) => status)).toEqual(["succeeded"]);
});
