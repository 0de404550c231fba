import { expect, test, vi } from "vitest";
import type { PageChange } from "../../src/sandbox/page-api.ts";
import { botPosts, listen, start, startBolt } from "./sandbox-harness.ts";

const saysInvite = (change: PageChange): boolean => change.type === "notice" && change.text.includes("/invite @RevOps");

test("who mentions the bot where it isn't is told so, and the bot hears nothing", async () => {
  const started = await start();
  const { page, sandbox, client } = started;
  const heard: string[] = [];
  await startBolt(sandbox, (app) => app.event("app_mention", async ({ event }) => void heard.push(event.channel)));
  const { changes, stop } = await listen(started);
  const finance = await page.channel("finance");
  await page.say({ channel: finance, text: "@RevOps status" });
  await vi.waitFor(() => expect(changes.filter(saysInvite)).toHaveLength(1));
  await page.say({ channel: finance, text: "/invite @RevOps" });
  await page.say({ channel: finance, text: "@RevOps status" });
  await vi.waitFor(() => expect(heard).toEqual([finance]));
  await botPosts(client, { channel: finance, text: "here" });
  stop();
});
