/** Does the sandbox become what the settings say: the channels of revops.yml, and the mail server that somebody set? */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import { startSandboxApp } from "../../src/app/sandbox-app.ts";
import { readSettings } from "../../src/app/settings.ts";
import { actionIds } from "../../src/notify/slack/action-ids.ts";
import { closeServers, smtp } from "../notify/email/smtp-servers.ts";
import { dana, danaId, later, Page, temporaryFolder } from "../sandbox/sandbox-harness.ts";

afterEach(closeServers);

const patient = { timeout: 15_000 };

const flow = `
flow_id: offer
version: "1.0"
trigger: { type: manual }
steps:
  - { id: ask, type: approval, approvers: ["\${customer.account_manager_email}"], timeout: P1D }
  - id: mail
    agent: execution_agent
    action: send_email
    depends_on: [ask]
    parameters: { to: "\${customer.account_manager_email}", subject: An offer, text: Call them. }
`;

async function start(parameters: { revopsYml: string; environment?: Record<string, string> }) {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "flows"));
  await writeFile(join(folder, "flows/offer.yml"), flow);
  await writeFile(join(folder, "customers.csv"), `id,name,account_manager_email\nC-1,Acme Robotics,${dana.email}\n`);
  await writeFile(join(folder, "revops.yml"), parameters.revopsYml);
  const read = readSettings({
    PORT: "0",
    REVOPS_STATE: `sqlite:${join(folder, "revops.db")}`,
    REVOPS_CRM: `csv:${folder}`,
    REVOPS_FLOWS: join(folder, "flows"),
    REVOPS_CONFIG: join(folder, "revops.yml"),
    ...parameters.environment,
  });
  if (!read.ok) throw new Error(read.problems.join("\n"));
  const app = await startSandboxApp({
    settings: read.settings,
    logger: pino({ level: "silent" }),
    leaseLost: () => {},
  });
  later(() => app.stop());
  return { app, page: new Page(app.url), settings: read.settings };
}

test("a card comes in the channel that revops.yml names, for a flow and for all", async () => {
  const revopsYml = 'channels: { default: "#ops", alerts: "#alerts-emea", flows: { offer: "#offers" } }';
  const { page } = await start({ revopsYml });
  const { channels } = await page.state();
  const names = channels.filter(({ kind }) => kind === "channel").map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["revops", "renewals", "ops", "alerts-emea", "offers"]));
  const offers = await page.channel("offers");
  await page.say({ text: "/revops run offer C-1" });
  await expect
    .poll(async () => (await page.texts(offers)).join("\n"), patient)
    .toContain("Approval needed: Acme Robotics");
});

test("a mail leaves by the server that is set, is in no Inbox, and that is said at start", async () => {
  const { url, received } = await smtp();
  const environment = { SMTP_URL: url, MAIL_FROM: "RevOps <revops@example.com>" };
  const { app, page } = await start({ revopsYml: "", environment });
  expect(app.startLines).toContain("SMTP_URL is set: mails leave the sandbox through that server");
  const renewals = await page.channel("renewals");
  await page.say({ text: "/revops run offer C-1" });
  await expect.poll(async () => (await page.messages(renewals, danaId)).length, patient).toBeGreaterThan(0);
  const [card] = await page.messages(renewals, danaId);
  if (card === undefined) throw new Error("no card");
  await page.press({ as: danaId, message: card, actionId: actionIds.approve });
  await expect.poll(() => received.length, patient).toBe(1);
  expect(received[0]?.to).toEqual([dana.email]);
  expect(await page.get("mails")).toEqual({ mails: [] });
});

test("a second one on the same folder is told so, and the first one goes on", async () => {
  const { settings, page } = await start({ revopsYml: "" });
  const second = startSandboxApp({ settings, logger: pino({ level: "silent" }), leaseLost: () => {} });
  await expect(second).rejects.toThrow(
    /^A sandbox runs on .*sandbox\.db already: use its page, stop it, or .* with REVOPS_STATE=sqlite:OTHER-FOLDER/,
  );
  expect((await page.state()).channels).not.toEqual([]);
});
