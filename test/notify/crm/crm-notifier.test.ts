/** Does only what is planned and allowed reach the CRM, and is it told what came of it? */
import { expect, it } from "vitest";
import type { CustomerWriter } from "../../../src/flow/customer-writer.ts";
import type { Effect } from "../../../src/flow/effect.ts";
import { createCrmNotifier } from "../../../src/notify/crm/crm-notifier.ts";
import { failureOf } from "../../agents/support.ts";

const update: Effect = {
  kind: "crm_update",
  customer: { id: "C-001", name: "Acme Robotics" },
  changes: [{ field: "csm_email", from: "lee@example.com", to: null }],
  reason: "Left",
};
const call = { key: "exec-1/note/crm:C-001", now: 0, signal: new AbortController().signal };

function opened(writable: Parameters<typeof createCrmNotifier>[0]["writable"] = ["csm_email"]) {
  const written: Parameters<CustomerWriter["update"]>[0][] = [];
  const writer: CustomerWriter = {
    update: (asked) => {
      written.push(asked);
      return Promise.resolve();
    },
  };
  return { written, notifier: createCrmNotifier({ writer, writable }) };
}

it("writes what was planned, and the receipt has it before and after", async () => {
  const { written, notifier } = opened();
  expect(await notifier.perform({ ...call, effect: update })).toEqual({
    id: "C-001",
    summary: "CRM update of Acme Robotics: csm_email lee@example.com → nothing",
    url: null,
  });
  expect(written).toEqual([{ customerId: "C-001", changes: update.changes, signal: call.signal }]);
});

it("a field that may no longer be written, though a plan from before has it", async () => {
  const { written, notifier } = opened(["champion_status"]);
  expect(await failureOf(notifier.perform({ ...call, effect: update }))).toEqual({
    error: "Effect.Refused",
    cause: "revops.yml doesn't list csm_email under crm.writable.",
  });
  expect(written).toEqual([]);
});

it("a source that can't be written", async () => {
  const notifier = createCrmNotifier({ writer: { refusal: "They come from files." }, writable: ["csm_email"] });
  expect(await failureOf(notifier.perform({ ...call, effect: update }))).toEqual({
    error: "Effect.Refused",
    cause: "They come from files.",
  });
});

it("an effect of another kind", async () => {
  const { written, notifier } = opened();
  const effect: Effect = { kind: "slack_message", to: { kind: "channel", channel: "#revops" }, text: "hi" };
  expect((await failureOf(notifier.perform({ ...call, effect }))).cause).toBe("A CRM takes no slack_message.");
  expect(written).toEqual([]);
});
