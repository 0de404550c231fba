/** A workspace with a mail server and no calendar, whole: does an event become one invitation, and a lost answer one question? */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import PostalMime from "postal-mime";
import { afterEach, expect, test } from "vitest";
import { readSettings } from "../../src/app/settings.ts";
import { startWorkspaceApp } from "../../src/app/workspace-app.ts";
import { readInvitation } from "../notify/calendar/read-invitation.ts";
import { closeServers, hello, rawServer, smtp } from "../notify/email/smtp-servers.ts";
import { dana, danaId, later, start, type Page } from "../sandbox/sandbox-harness.ts";

afterEach(closeServers);

const flow = `
flow_id: book_talk
version: "1.0"
trigger: { type: manual }
steps:
  - id: book
    agent: execution_agent
    action: create_calendar_event
    parameters: { title: "Talk - \${customer.name}", attendees: ["\${customer.account_manager_email}"] }
`;
const customers = `id,name,account_manager_email,timezone\nC-1,"Fjell; Sport, AS",${dana.email},Europe/Oslo\n`;

interface Workspace {
  page: Page;
  /** What the app logged at its start. */
  log: string[];
}

async function workspace(environment: Record<string, string>): Promise<Workspace> {
  const { sandbox, page, folder } = await start();
  await mkdir(join(folder, "flows"));
  await writeFile(join(folder, "flows/book_talk.yml"), flow);
  await writeFile(join(folder, "customers.csv"), customers);
  await writeFile(join(folder, "revops.yml"), "");
  const read = readSettings({
    SLACK_BOT_TOKEN: sandbox.settings.slackBotToken,
    SLACK_APP_TOKEN: sandbox.settings.slackAppToken,
    SLACK_API_URL: sandbox.settings.slackApiUrl,
    REVOPS_CRM: `csv:${folder}`,
    REVOPS_FLOWS: join(folder, "flows"),
    REVOPS_STATE: `sqlite:${join(folder, "revops.db")}`,
    REVOPS_CONFIG: join(folder, "revops.yml"),
    HOST: "127.0.0.1",
    PORT: "0",
    ...environment,
  });
  if (!read.ok || read.settings.slack.kind === "sandbox") throw new Error("these settings are a workspace's");
  const log: string[] = [];
  const logger = pino({ level: "info" }, { write: (line) => void log.push(line) });
  const app = await startWorkspaceApp({
    settings: read.settings,
    slack: read.settings.slack,
    logger,
    leaseLost: () => {},
  });
  later(() => app.stop());
  return { page, log };
}

async function book({ page }: Workspace): Promise<void> {
  await page.say({ text: "/revops run book_talk C-1" });
}

test("an event goes out once, as an invitation to whoever the customer's file names", async () => {
  const { url, received } = await smtp();
  const started = await workspace({ SMTP_URL: url, MAIL_FROM: "RevOps <revops@example.com>" });
  expect(started.log.join("")).toContain("events go out as invitations by mail instead");
  await book(started);
  await expect.poll(() => received.length, { timeout: 10_000 }).toBe(1);
  expect(received[0]?.to).toEqual([dana.email]);
  const mail = await PostalMime.parse(received[0]?.source ?? "");
  const part = mail.attachments.find(({ mimeType }) => mimeType === "text/calendar");
  const event = readInvitation(
    typeof part?.content === "string" ? part.content : new TextDecoder().decode(part?.content),
  );
  expect(event).toMatchObject({ summary: "Talk - Fjell; Sport, AS", sequence: 0 });
  expect(mail.text).toContain("(Europe/Oslo), 30 min");
});

test("an invitation whose fate nobody knows is asked about, and not sent again by itself", async () => {
  const texts: string[] = [];
  const url = await rawServer((line, socket) => {
    if (line === "DATA") return "354 go\r\n";
    if (line.startsWith("UID:")) texts.push(line);
    if (line === ".") socket.destroy();
    return hello(line);
  });
  const started = await workspace({ SMTP_URL: url, MAIL_FROM: "revops@example.com" });
  const channel = await started.page.channel("revops");
  await book(started);
  await expect
    .poll(async () => (await started.page.texts(channel)).join("\n"), { timeout: 10_000 })
    .toContain("In doubt: event on");
  expect(texts).toHaveLength(1);
});

test("without a mail server either, the account manager is asked to book it", async () => {
  const started = await workspace({});
  expect(started.log.join("")).toContain("events go out as direct messages instead");
  const direct = await started.page.direct(danaId);
  await book(started);
  await expect
    .poll(async () => (await started.page.texts(direct, danaId)).join("\n"), { timeout: 10_000 })
    .toContain("please book it yourself");
});
