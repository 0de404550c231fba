/** `/revops` alone: a form that starts what the word `run` starts, whatever is chosen, typed wrong or sent twice. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import { startForm } from "../../src/bot/views/start-form.ts";
import { actionIds, callbackIds, encodeStartForm } from "../../src/notify/slack/action-ids.ts";
import { checkView } from "../../src/notify/slack/check-blocks.ts";
import { bot } from "./bot-harness.ts";
import { dana, definition } from "./fake-engine.ts";
import { command, submit } from "./fake-slack.ts";

const field = { type: "string" as const, enum: null, required: false, default: null, description: null };
const customer_id = { ...field, required: true };
const offer: FlowDefinition = definition({
  flow_id: "offer",
  description: "Offer <!channel> help",
  input: {
    customer_id,
    seat_use: { ...field, type: "number", default: 0.7, description: "Ask below this" },
    tone: { ...field, enum: ["formal", "friendly"], default: "friendly" },
    kickoff_on: { ...field, type: "date" },
    asap: { ...field, type: "boolean" },
    at: { ...field, type: "datetime", required: true },
  },
});
const metadata = (flowId: string | null) => encodeStartForm({ channel: "C1", flowId });
const typed = (values: Record<string, object>) =>
  Object.fromEntries(Object.entries(values).map(([block, value]) => [block, { value }]));

const View = z.looseObject({
  private_metadata: z.string(),
  blocks: z.array(z.looseObject({ type: z.string(), block_id: z.string().optional() })),
});
const viewOf = (call: Record<string, unknown> | undefined) => View.parse(call?.["view"]);
const named = (view: z.infer<typeof View>) => view.blocks.flatMap(({ block_id }) => block_id ?? []);

function choose(flowId: string) {
  const option = { text: { type: "plain_text", text: flowId }, value: flowId };
  return {
    type: "block_actions",
    team: { id: "T1", domain: "test" },
    user: { id: "UDANA", username: "dana", name: "dana", team_id: "T1" },
    container: { type: "view", view_id: "V1" },
    trigger_id: "trigger-5",
    view: { id: "V1", hash: "h1", type: "modal", callback_id: callbackIds.start, private_metadata: metadata(null) },
    actions: [
      {
        type: "static_select",
        action_id: actionIds.chooseFlow,
        block_id: "flow",
        action_ts: "1",
        selected_option: option,
      },
    ],
  };
}

const sent = (flowId: string | null, values: Record<string, object>) =>
  submit({ callbackId: callbackIds.start, metadata: metadata(flowId), values: typed(values) });

describe("the form that /revops alone opens", () => {
  test.each(["", "  \u00a0 "])("offers all flows and answers nothing else (%j)", async (text) => {
    const { receiver, slack } = await bot("socket");
    await receiver.deliver(command(text));
    const [opened] = slack.of("views.open");
    expect(opened?.["trigger_id"]).toBe("trigger-1");
    expect(JSON.stringify(opened)).toContain("nightly_sync");
    expect(viewOf(opened).private_metadata).toBe(metadata(null));
    expect(slack.responses).toEqual([]);
  });

  test("once a flow is chosen it asks for what that one takes, in the view that was chosen in", async () => {
    const { receiver, engine, slack } = await bot("socket");
    engine.definitions.push(offer);
    await receiver.deliver(choose("offer"));
    const [updated] = slack.of("views.update");
    expect(updated).toMatchObject({ view_id: "V1", hash: "h1" });
    expect(named(viewOf(updated))).toEqual([
      "flow",
      "offer/customer",
      "offer/input/seat_use",
      "offer/input/tone",
      "offer/input/kickoff_on",
      "offer/input/asap",
      "offer/input/at",
    ]);
    expect(JSON.stringify(updated)).not.toContain("<!channel>");
  });

  test("a flow that has gone since is told over the form", async () => {
    const { receiver, slack } = await bot("socket");
    await receiver.deliver(choose("gone"));
    expect(JSON.stringify(slack.of("views.push"))).toContain("There is no flow gone.");
  });

  test("it fits Slack with a hundred inputs and flows, and long words", () => {
    const inputs = Array.from({ length: 200 }, (_, index) => [
      `input_${index}`,
      { ...field, description: "x".repeat(4_000) },
    ]);
    const huge = definition({ flow_id: "f".repeat(64), input: { customer_id, ...Object.fromEntries(inputs) } });
    const flows = [huge, ...Array.from({ length: 150 }, (_, index) => definition({ flow_id: `flow_${index}` }))];
    expect(checkView(startForm({ channel: "C1", flows, chosen: huge }))).toEqual([]);
    expect(checkView(startForm({ channel: "C1", flows: [offer], chosen: offer }))).toEqual([]);
  });
});

describe("the submitted form", () => {
  test("starts for one customer, with typed inputs and nothing that was left empty", async () => {
    const { receiver, engine } = await bot("socket");
    engine.definitions.push(offer);
    const acknowledged = await receiver.deliver(
      sent("offer", {
        "offer/customer": { value: " Acme Robotics " },
        "offer/input/seat_use": { value: "0.5" },
        "offer/input/tone": { selected_option: { value: "0" } },
        "offer/input/asap": { selected_option: { value: "yes" } },
        "offer/input/at": { value: "2027-01-31T09:00:00Z" },
      }),
    );
    const input = {
      customer_id: "cust-1",
      seat_use: "0.5",
      tone: "formal",
      asap: "true",
      at: "2027-01-31T09:00:00Z",
    };
    expect(engine.of("start")).toEqual([{ flowId: "offer", input, person: dana }]);
    expect(JSON.stringify(acknowledged)).toMatch(/"response_action":"update".*Started `offer`/);
  });

  test("without a customer it is a batch, once however often Slack submits it", async () => {
    const { receiver, engine } = await bot("socket");
    const again = sent("renewal_management", {});
    await receiver.deliver(again);
    const acknowledged = await receiver.deliver(again);
    expect(engine.of("startBatch")).toMatchObject([
      { flowId: "renewal_management", channel: "C1", requestId: "V1" },
      { requestId: "V1" },
    ]);
    expect(JSON.stringify(acknowledged)).toContain("`renewal_management` runs. The progress stands in");
  });

  test("defaults that the form shows are no inputs for many; what was changed is refused at its place", async () => {
    const { receiver, engine } = await bot("socket");
    const batched = { ...offer, triggers: definition({}).triggers, input: { ...offer.input, at: field } };
    engine.definitions.push(batched);
    const shown = { "offer/input/seat_use": { value: "0.7" }, "offer/input/tone": { selected_option: { value: "1" } } };
    await receiver.deliver(sent("offer", shown));
    expect(engine.of("startBatch")).toHaveLength(1);
    const refused = await receiver.deliver(sent("offer", { ...shown, "offer/input/seat_use": { value: "0.2" } }));
    expect(refused).toMatchObject({ response_action: "errors", errors: { "offer/customer": expect.any(String) } });
    expect(engine.of("startBatch")).toHaveLength(1);
  });

  test.each([
    [
      "nobody's name",
      "offer",
      { "offer/customer": { value: "Acmee" } },
      "offer/customer",
      "No customer has the id or name",
    ],
    ["no number", "offer", { "offer/input/seat_use": { value: "lots" } }, "offer/input/seat_use", "is no number"],
    ["no flow", null, {}, "flow", "Choose a flow."],
  ])("%s is said at its field, and starts nothing", async (_, flowId, values, block, message) => {
    const { receiver, engine } = await bot("socket");
    engine.definitions.push(offer);
    const acknowledged = await receiver.deliver(sent(flowId, values));
    expect(acknowledged).toEqual({
      response_action: "errors",
      errors: { [block]: expect.stringContaining(message) },
    });
    expect(engine.of("start")).toEqual([]);
  });
});
