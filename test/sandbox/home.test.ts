import type { BlockAction } from "@slack/bolt";
import { WebAPIPlatformError } from "@slack/web-api";
import { expect, test, vi } from "vitest";
import type { PageView } from "../../src/sandbox/page-api.ts";
import { button, danaId, leadId, listen, section, start, startBolt } from "./sandbox-harness.ts";

const plain = (text: string) => ({ type: "plain_text" as const, text });
const actions = (...elements: ReturnType<typeof button>[]) => ({ type: "actions" as const, elements });
const homeOf = (text: string) => ({ type: "home" as const, blocks: [section(text), actions(button("review", "x-1"))] });

async function homeView(page: { get<T>(path: string): Promise<T> }, as: string): Promise<PageView> {
  const { view } = await page.get<{ view: PageView | null }>(`home?as=${as}`);
  if (view === null) throw new Error("no Home");
  return view;
}

function actionsBlock({ view }: PageView): string {
  const blocks: unknown = view["blocks"];
  const last: unknown = Array.isArray(blocks) ? blocks.at(-1) : null;
  return typeof last === "object" && last !== null && "block_id" in last ? String(last.block_id) : "";
}

test("a button in Home comes with the view as its container and opens a modal", async () => {
  const { sandbox, client, page } = await start();
  const bodies: BlockAction[] = [];
  await startBolt(sandbox, (app) =>
    app.action<BlockAction>("review", async ({ ack, body, client: bolt }) => {
      bodies.push(body);
      await ack();
      const view = { type: "modal" as const, title: plain("Review"), blocks: [section("what")] };
      await bolt.views.open({ trigger_id: body.trigger_id, view });
    }),
  );
  await client.views.publish({ user_id: danaId, view: homeOf("waiting") });
  const home = await homeView(page, danaId);
  const press = { viewId: home.id, blockId: actionsBlock(home), actionId: "review" };
  expect(await page.post("view-action", { as: danaId, ...press })).toEqual({ ok: true });
  await vi.waitFor(async () => expect((await page.view(danaId))?.view).toMatchObject({ type: "modal" }));
  expect(bodies[0]).toMatchObject({
    type: "block_actions",
    user: { id: danaId },
    container: { type: "view", view_id: home.id },
    view: { id: home.id, type: "home", hash: home.view["hash"], state: { values: {} } },
    actions: [{ action_id: "review", value: "x-1" }],
  });
  expect(bodies[0]).not.toHaveProperty("channel");
  expect(bodies[0]).not.toHaveProperty("response_url");
  expect(await page.post("view-action", { as: leadId, ...press })).toEqual({ ok: false, error: "view_not_found" });
});

test("what is published is told to the page as that person's Home, and leaves an open modal alone", async () => {
  const started = await start();
  const { changes, stop } = await listen(started);
  await started.client.views.publish({ user_id: danaId, view: homeOf("first") });
  await started.client.views.publish({ user_id: leadId, view: homeOf("second") });
  await vi.waitFor(() => expect(changes).toHaveLength(2));
  expect(changes.map(({ type }) => type)).toEqual(["home", "home"]);
  expect(changes.map((change) => (change.type === "home" ? change.user : ""))).toEqual([danaId, leadId]);
  stop();
});

test("publishing over what somebody else published meanwhile is refused, where a hash is given", async () => {
  const { client, page } = await start();
  const publish = (text: string, hash?: string) =>
    client.views.publish({ user_id: danaId, view: homeOf(text), ...(hash === undefined ? {} : { hash }) });
  const first = await publish("first");
  await publish("second", first.view?.hash);
  const error = await publish("third", first.view?.hash).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(WebAPIPlatformError);
  expect(error).toMatchObject({ data: { error: "hash_conflict" } });
  expect(JSON.stringify(await homeView(page, danaId))).toContain("second");
  await publish("fourth");
});

test("a press in a view says what stands in its inputs meanwhile, and nothing that it doesn't offer", async () => {
  const { sandbox, client, page } = await start();
  const states: unknown[] = [];
  await startBolt(sandbox, (app) =>
    app.action<BlockAction>("review", async ({ ack, body }) => {
      states.push(body.view?.state.values);
      await ack();
    }),
  );
  const options = ["low", "high"].map((value) => ({ text: plain(value), value }));
  const blocks = [
    { type: "input", block_id: "note", label: plain("Note"), element: { type: "plain_text_input", action_id: "text" } },
    {
      type: "input",
      block_id: "risk",
      label: plain("Risk"),
      element: { type: "static_select", action_id: "choice", options },
    },
    actions(button("review")),
  ];
  await client.apiCall("views.publish", { user_id: danaId, view: { type: "home", blocks } });
  const home = await homeView(page, danaId);
  const values = {
    note: { text: { value: "half typed" } },
    risk: { choice: { selected_option: { value: "forged" } } },
    elsewhere: { text: { value: "nothing" } },
  };
  const press = { as: danaId, viewId: home.id, blockId: actionsBlock(home), actionId: "review", values };
  expect(await page.post("view-action", press)).toEqual({ ok: true });
  expect(states).toEqual([
    {
      note: { text: { type: "plain_text_input", value: "half typed" } },
      risk: { choice: { type: "static_select", selected_option: null } },
    },
  ]);
});
