import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { BlockAction } from "@slack/bolt";
import { createTransport } from "nodemailer";
import { expect, test } from "vitest";
import {
  botPosts,
  button,
  danaId,
  later,
  leadId,
  section,
  start,
  startBolt,
  temporaryFolder,
} from "./sandbox-harness.ts";

const modal = {
  type: "modal" as const,
  notify_on_close: false,
  title: { type: "plain_text" as const, text: "Title" },
  blocks: [section("still open")],
};

test("after a restart everything is still there: tokens, messages, buttons, modal, mail, clock, response address", async () => {
  const folder = await temporaryFolder();
  const first = await start({ folder });
  const urls: string[] = [];
  await startBolt(first.sandbox, (app) =>
    app.action<BlockAction>("open", async ({ ack, body, client }) => {
      urls.push(body.response_url ?? "");
      await client.views.open({ trigger_id: body.trigger_id, view: modal });
      await ack();
    }),
  );
  const channel = await first.page.channel("revops");
  const blocks = [section("card"), { type: "actions" as const, elements: [button("open")] }];
  await botPosts(first.client, { channel, text: "card", blocks });
  await first.client.chat.postEphemeral({ channel, user: danaId, text: "psst" });
  const [card] = await first.page.messages(channel);
  if (card === undefined) throw new Error("no card");
  await first.page.press({ as: danaId, message: card, actionId: "open" });
  const transport = createTransport(first.sandbox.settings.smtpUrl);
  await transport.sendMail({ from: "a@example.com", to: "b@example.com", subject: "kept", text: "x" });
  transport.close();
  first.sandbox.clock.set(first.sandbox.clock.now() + 7 * 86_400_000);
  const before = {
    messages: await first.page.messages(channel, danaId),
    view: await first.page.view(danaId),
    mails: await first.page.get("mails"),
    offset: first.sandbox.clock.offsetMs(),
    tokens: [first.sandbox.settings.slackBotToken, first.sandbox.settings.googleCredentials.private_key],
  };
  await first.sandbox.close();

  const again = await start({ folder });
  expect({
    messages: await again.page.messages(channel, danaId),
    view: await again.page.view(danaId),
    mails: await again.page.get("mails"),
    offset: again.sandbox.clock.offsetMs(),
    tokens: [again.sandbox.settings.slackBotToken, again.sandbox.settings.googleCredentials.private_key],
  }).toEqual(before);
  const { ts = "" } = await botPosts(again.client, { channel, text: "after" });
  expect(ts > (before.messages.at(-1)?.ts ?? "")).toBe(true);
  const response = await fetch((urls[0] ?? "").replace(first.sandbox.url, again.sandbox.url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ replace_original: true, text: "decided" }),
  });
  expect(response.status).toBe(200);
  expect(await again.page.texts(channel, leadId)).toEqual(["decided", "after"]);
});

test("a clock that was set back between two starts gives out no ts a second time", async () => {
  const folder = await temporaryFolder();
  const first = await start({ folder });
  first.time.pass(86_400_000);
  const { ts: before = "" } = await botPosts(first.client, { channel: "#revops", text: "tomorrow" });
  await first.sandbox.close();
  const again = await start({ folder });
  const { ts: after = "" } = await botPosts(again.client, { channel: "#revops", text: "today" });
  expect(after > before).toBe(true);
});

test("somebody who left the customer source stays, with a name, behind the others", async () => {
  const folder = await temporaryFolder();
  const first = await start({ folder });
  await first.sandbox.close();
  const newcomer = { email: "new@example.com", name: "Nia New", title: "CSM", timezone: "UTC" };
  const again = await start({ folder, users: [newcomer] });
  const { users, defaultUser } = await again.page.state();
  expect(users.map(({ name }) => name)).toEqual(["Nia New", "Lee Lead", "Dana Reyes", "Olga Out", "RevOps"]);
  expect(users[0]?.id).toBe(defaultUser);
});

test("kill -9 in the middle of writing loses nothing that was answered", async () => {
  const folder = await temporaryFolder();
  const sandboxFile = join(import.meta.dirname, "../../src/sandbox/sandbox.ts");
  const program = `
    const { createSandbox } = await import(${JSON.stringify(sandboxFile)});
    const { settings } = await createSandbox({
      databasePath: ${JSON.stringify(join(folder, "sandbox.db"))}, host: "127.0.0.1", port: 0,
      users: [{ email: "lead@example.com", name: "Lee Lead", title: "", timezone: "UTC" }],
      botName: "RevOps", commands: [], advance: async () => 0, now: () => Date.now(),
      rates: { post: { perMinute: 60, burst: 100_000 } },
    });
    for (let number = 0; ; number += 1) {
      const response = await fetch(settings.slackApiUrl + "chat.postMessage", {
        method: "POST",
        headers: { authorization: "Bearer " + settings.slackBotToken },
        body: new URLSearchParams({ channel: "#revops", text: String(number) }),
      });
      const { ts } = await response.json();
      console.log(ts);
    }`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  later(async () => void child.kill("SIGKILL"));
  const answered: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    answered.push(line);
    if (answered.length === 50) child.kill("SIGKILL");
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  const { page } = await start({ folder });
  const kept = (await page.messages(await page.channel("revops"))).map(({ ts }) => ts);
  expect(answered.length).toBeGreaterThanOrEqual(50);
  expect(kept.slice(0, answered.length)).toEqual(answered);
  expect(kept.length).toBeLessThanOrEqual(answered.length + 1);
});
