/** Does the terminal read what it shares with the app as the app does, and leave the rest alone? */
import { expect, it } from "vitest";
import { readCommonSettings, readSettings, type Environment } from "../../src/app/settings.ts";

it.each<[string, Environment]>([
  ["a bare environment", {}],
  [
    "another file and zone",
    { REVOPS_STATE: "sqlite:other/state.db", REVOPS_TIMEZONE: "Asia/Tokyo", REVOPS_FLOWS: "a:b" },
  ],
  ["a table", { REVOPS_STATE: "dynamodb:revops", REVOPS_CRM: "csv:crm" }],
  ["a workspace", { SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1", REVOPS_CRM: "sample" }],
])("%s means to both the same store, flows and customers", (_name, environment) => {
  const [terminal, app] = [readCommonSettings(environment), readSettings(environment)];
  expect([terminal.ok, app.ok]).toEqual([true, true]);
  expect(app).toMatchObject(terminal);
});

it("how the app listens and sends is none of its business", () => {
  const environment = { PORT: "x", SMTP_URL: "smtp://host", GOOGLE_CALENDAR_ID: "one", REVOPS_LOG_LEVEL: "loud" };
  expect(readSettings(environment).ok).toBe(false);
  expect(readCommonSettings(environment).ok).toBe(true);
});

it.each<Environment>([
  { REVOPS_STATE: "sqlite:" },
  { REVOPS_TIMEZONE: "Mars" },
  { REVOPS_CRN: "sample" },
  { SLACK_BOT_TOKEN: "xoxb-1" },
  { REVOPS_CRM: "csv:" },
])("%j stops both", (environment) => {
  const [terminal, app] = [readCommonSettings(environment), readSettings(environment)];
  expect(terminal).toEqual(app);
  expect(terminal.ok).toBe(false);
});
