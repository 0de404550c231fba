/** Is every setting read as documented, every mistake named with what to do, and no secret ever shown? */
import { describe, expect, it } from "vitest";
import { readSettings, type Environment, type Settings } from "../../src/app/settings.ts";

function settings(environment: Environment): Settings {
  const read = readSettings(environment);
  if (!read.ok) throw new Error(read.problems.join("\n"));
  return read.settings;
}

function problems(environment: Environment): string[] {
  const read = readSettings(environment);
  return read.ok ? [] : read.problems;
}

const socket = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1" };
const http = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "s" };
const bedrock = {
  REVOPS_AGENTS: "bedrock",
  BEDROCK_DATA_AGENT: "DATA123456/ALIAS1",
  BEDROCK_DECISION_AGENT: "DECISION12/ALIAS2",
  BEDROCK_EXECUTION_AGENT: "EXEC/TSTALIASID",
};
const mail = { SMTP_URL: "smtp://mail.example.com", MAIL_FROM: "revops@example.com" };
const google = { GOOGLE_APPLICATION_CREDENTIALS: "key.json", GOOGLE_CALENDAR_ID: "primary" };

describe("nothing set", () => {
  it("is the sandbox on loopback, with the sample and UTC", () => {
    expect(settings({})).toEqual({
      hasMails: true,
      port: 3000,
      host: "127.0.0.1",
      slack: { kind: "sandbox" },
      state: { kind: "sqlite", path: "data/revops.db" },
      engine: { kind: "embedded" },
      dataFolder: "data",
      crm: { kind: "sample" },
      flowFolders: ["flows"],
      configurationFile: { path: "revops.yml", isNamed: false },
      timezone: "UTC",
      adminEmail: null,
      logLevel: "warn",
      smtp: null,
      agents: { kind: "local" },
      calendar: null,
      eventsSecret: null,
    });
  });

  it("is what empty and blank values are too", () => {
    const names = ["PORT", "HOST", "SLACK_BOT_TOKEN", "SMTP_URL", "GOOGLE_CALENDAR_ID", "REVOPS_STATE", "REVOPS_FLOWS"];
    expect(settings(Object.fromEntries(names.map((name) => [name, "  "])))).toEqual(settings({}));
  });

  it("isn't changed by what other programs set", () => {
    const others = {
      GOOGLE_API_KEY: "k",
      GOOGLE_CLOUD_PROJECT: "p",
      SLACK_API_TOKEN: "t",
      MAIL: "/var/mail",
      AWS_REGION: "r",
    };
    expect(settings(others)).toEqual(settings({}));
  });
});

describe("each setting", () => {
  it.each<[Environment, Partial<Settings>]>([
    [{ PORT: "0" }, { port: 0 }],
    [
      { PORT: "65535", HOST: "::1" },
      { port: 65_535, host: "::1" },
    ],
    [
      { REVOPS_STATE: "sqlite:/var/lib/revops/state.db" },
      { state: { kind: "sqlite", path: "/var/lib/revops/state.db" }, dataFolder: "/var/lib/revops" },
    ],
    [{ REVOPS_STATE: "dynamodb:revops.prod-1" }, { state: { kind: "dynamodb", table: "revops.prod-1" } }],
    [{ REVOPS_ENGINE: "embedded", REVOPS_AGENTS: "local" }, {}],
    [
      bedrock,
      {
        agents: {
          kind: "bedrock",
          dataAgent: { agentId: "DATA123456", aliasId: "ALIAS1" },
          decisionAgent: { agentId: "DECISION12", aliasId: "ALIAS2" },
          executionAgent: { agentId: "EXEC", aliasId: "TSTALIASID" },
        },
      },
    ],
    [{ REVOPS_EVENTS_SECRET: "whsec_aHVudGVyMg==" }, { eventsSecret: "whsec_aHVudGVyMg==" }],
    [{ REVOPS_EVENTS_SECRET: "plain" }, { eventsSecret: "plain" }],
    [{ REVOPS_CRM: "sample" }, { crm: { kind: "sample" } }],
    [
      { REVOPS_CRM: "postgres://u:p%40ss@db.example.com/crm?sslmode=verify-full" },
      { crm: { kind: "postgres", address: "postgres://u:p%40ss@db.example.com/crm?sslmode=verify-full" } },
    ],
    [{ REVOPS_CRM: "csv:our customers" }, { crm: { kind: "csv", folder: "our customers" } }],
    [{ REVOPS_FLOWS: "flows:more/flows:" }, { flowFolders: ["flows", "more/flows"] }],
    [{ REVOPS_CONFIG: "ours.yml" }, { configurationFile: { path: "ours.yml", isNamed: true } }],
    [{ REVOPS_TIMEZONE: "Europe/Berlin" }, { timezone: "Europe/Berlin" }],
    [{ REVOPS_ADMIN_EMAIL: "ops@example.com" }, { adminEmail: "ops@example.com" }],
    [{ REVOPS_LOG_LEVEL: "debug" }, { logLevel: "debug" }],
    [mail, { smtp: { url: mail.SMTP_URL, from: mail.MAIL_FROM } }],
    [
      { ...mail, MAIL_FROM: "RevOps <revops@example.com>" },
      { smtp: { url: mail.SMTP_URL, from: "RevOps <revops@example.com>" } },
    ],
    [google, { calendar: { keyFile: "key.json", calendarId: "primary", impersonate: null, rootUrl: null } }],
    [
      { ...google, GOOGLE_IMPERSONATE: "a@example.com", GOOGLE_API_URL: "http://127.0.0.1:9/" },
      {
        calendar: {
          keyFile: "key.json",
          calendarId: "primary",
          impersonate: "a@example.com",
          rootUrl: "http://127.0.0.1:9/",
        },
      },
    ],
  ])("%o is read", (environment, expected) => {
    expect(settings(environment)).toEqual({ ...settings({}), ...expected });
  });

  it("over the socket: the bot's Slack, open to the network, and more is logged", () => {
    expect(settings({ ...socket, REVOPS_CRM: "sample" })).toMatchObject({
      slack: { kind: "socket", botToken: "xoxb-1", appToken: "xapp-1", apiUrl: null },
      host: "0.0.0.0",
      logLevel: "info",
    });
  });

  it("over HTTP: no app token, another base of the Web API", () => {
    const apiUrl = "http://127.0.0.1:9/api/";
    expect(settings({ ...http, SLACK_API_URL: apiUrl, REVOPS_CRM: "csv:x" }).slack).toEqual({
      kind: "http",
      botToken: "xoxb-1",
      signingSecret: "s",
      apiUrl,
    });
  });

  it("takes the socket when both ways are set", () => {
    expect(settings({ ...socket, ...http, REVOPS_CRM: "sample" }).slack.kind).toBe("socket");
  });
});

describe("half a group", () => {
  it.each<[Environment, string]>([
    [
      { SLACK_BOT_TOKEN: "xoxb-1" },
      "SLACK_BOT_TOKEN is set, but SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is not.",
    ],
    [{ SLACK_APP_TOKEN: "xapp-1" }, "SLACK_APP_TOKEN is set, but SLACK_BOT_TOKEN is not."],
    [{ SLACK_SIGNING_SECRET: "s" }, "SLACK_SIGNING_SECRET is set, but SLACK_BOT_TOKEN is not."],
    [
      { SLACK_API_URL: "https://slack.com/api/" },
      "SLACK_API_URL is set, but SLACK_BOT_TOKEN and SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) are not.",
    ],
    [{ SMTP_URL: mail.SMTP_URL }, "SMTP_URL is set, but MAIL_FROM is not."],
    [{ MAIL_FROM: mail.MAIL_FROM }, "MAIL_FROM is set, but SMTP_URL is not."],
    [{ GOOGLE_CALENDAR_ID: "c" }, "GOOGLE_CALENDAR_ID is set, but GOOGLE_APPLICATION_CREDENTIALS is not."],
    [
      { GOOGLE_IMPERSONATE: "a@example.com", GOOGLE_API_URL: "http://127.0.0.1:9/" },
      "GOOGLE_IMPERSONATE and GOOGLE_API_URL are set, but GOOGLE_APPLICATION_CREDENTIALS and GOOGLE_CALENDAR_ID are not.",
    ],
  ])("%o names what is missing", (environment, sentence) => {
    expect(problems({ REVOPS_CRM: "sample", ...environment })).toEqual([
      `${sentence} Set what is missing too, or none of them.`,
    ]);
  });

  it("never starts the sandbox beside a workspace's settings", () => {
    expect(readSettings({ ...mail, SLACK_APP_TOKEN: "xapp-1" }).ok).toBe(false);
  });
});

describe("a value that can't be meant", () => {
  it.each<[Environment, RegExp]>([
    [{ PORT: "65536" }, /^PORT must be a number from 0 to 65535, not 65536\.$/],
    [{ PORT: "-1" }, /^PORT must be/],
    [{ PORT: "1e3" }, /^PORT must be/],
    [{ PORT: "3000/tcp" }, /^PORT must be/],
    [
      { REVOPS_STATE: "data/revops.db" },
      /^REVOPS_STATE must be sqlite:PATH, such as sqlite:data\/revops\.db, or dynamodb:TABLE\.$/,
    ],
    [{ REVOPS_STATE: "sqlite:" }, /^REVOPS_STATE must be sqlite:PATH/],
    [{ REVOPS_STATE: "sqlite::memory:" }, /would lose everything at the end\. Name a file: sqlite:PATH\.$/],
    [
      { REVOPS_STATE: "dynamodb:two words" },
      /^REVOPS_STATE=dynamodb:TABLE needs a table's name: 3 to 255 letters, digits, /,
    ],
    [{ REVOPS_AGENTS: "openai" }, /^REVOPS_AGENTS must be local or bedrock, not openai\.$/],
    [
      { BEDROCK_DATA_AGENT: "a/b" },
      /^BEDROCK_DATA_AGENT would do nothing\. Set REVOPS_AGENTS=bedrock, or leave it out\.$/,
    ],
    [
      { REVOPS_AGENTS: "bedrock" },
      /^REVOPS_AGENTS=bedrock is set, but BEDROCK_DATA_AGENT and BEDROCK_DECISION_AGENT and BEDROCK_EXECUTION_AGENT are not\./,
    ],
    [
      { ...bedrock, BEDROCK_EXECUTION_AGENT: "" },
      /^REVOPS_AGENTS=bedrock and BEDROCK_DATA_AGENT and BEDROCK_DECISION_AGENT are set, but BEDROCK_EXECUTION_AGENT is not\./,
    ],
    [
      { ...bedrock, BEDROCK_DECISION_AGENT: "arn:aws:bedrock/x" },
      /^BEDROCK_DECISION_AGENT must be agentId\/aliasId, such as ABCDE12345\/TSTALIASID, not arn:aws:bedrock\/x\.$/,
    ],
    [{ REVOPS_EVENTS_SECRET: "whsec_" }, /^REVOPS_EVENTS_SECRET begins with whsec_, so base64 must follow/],
    [{ REVOPS_EVENTS_SECRET: "whsec_hunter 2" }, /^REVOPS_EVENTS_SECRET begins with whsec_, so base64 must follow/],
    [{ REVOPS_CRM: "csv:" }, /^REVOPS_CRM must be sample, csv:FOLDER or a postgres:\/\/ address\.$/],
    [{ REVOPS_CRM: "postgres:localhost/crm" }, /^REVOPS_CRM begins with postgres: but is no address\. Write postgres:/],
    [
      { REVOPS_CRM: "postgres://u:hunter%2@h:x/crm" },
      /^REVOPS_CRM begins with postgres: but is no address\. (?!.*hunter)/,
    ],
    [
      { REVOPS_CRM: "postgres://u:hunter%2@h/crm" },
      /^REVOPS_CRM begins with postgres: but is no address\. (?!.*hunter)/,
    ],
    [{ REVOPS_FLOWS: ":" }, /^REVOPS_FLOWS names no folder\./],
    [{ REVOPS_TIMEZONE: "+02:00" }, /^REVOPS_TIMEZONE must be an IANA zone such as America\/New_York, not \+02:00\.$/],
    [{ REVOPS_ADMIN_EMAIL: "ops" }, /^REVOPS_ADMIN_EMAIL must be one mail address, not ops\.$/],
    [
      { REVOPS_LOG_LEVEL: "loud" },
      /^REVOPS_LOG_LEVEL must be one of trace, debug, info, warn, error, silent, not loud\.$/,
    ],
    [{ ...mail, SMTP_URL: "http://mail.example.com" }, /^SMTP_URL must be an address such as smtp:/],
    [{ ...mail, MAIL_FROM: "RevOps" }, /^MAIL_FROM must be a mail address, or Name <address>, not RevOps\.$/],
    [{ ...google, GOOGLE_API_URL: "googleapis.com" }, /^GOOGLE_API_URL must be an address such as https:/],
    [
      { ...socket, REVOPS_CRM: "sample", SLACK_API_URL: "https://slack.com" },
      /^SLACK_API_URL must be an address .*ends in \/api\/\.$/,
    ],
    [
      socket,
      /^REVOPS_CRM is not set\. Say where customers come from: csv:FOLDER, postgres:\/\/…, or sample to try things out\.$/,
    ],
  ])("%o is refused", (environment, sentence) => {
    const found = problems(environment);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(sentence);
  });

  it("doesn't hide the next one: all are told at once", () => {
    const found = problems({ PORT: "x", REVOPS_TIMEZONE: "Mars", SMTP_URL: "smtp://h", REVOPS_CRN: "sample" });
    expect(found.map((problem) => problem.split(" ")[0])).toEqual([
      "PORT",
      "REVOPS_TIMEZONE",
      "SMTP_URL",
      "REVOPS_CRN",
    ]);
  });
});

describe("a slip of the finger", () => {
  it.each<[Environment, string]>([
    [{ REVOPS_STAT: "x" }, "REVOPS_STAT is no setting. Did you mean REVOPS_STATE?"],
    [{ REVOPS_TIME_ZONE: "UTC" }, "REVOPS_TIME_ZONE is no setting. Did you mean REVOPS_TIMEZONE?"],
    [{ REVOPS_ADMIN_MAIL: "a@example.com" }, "REVOPS_ADMIN_MAIL is no setting. Did you mean REVOPS_ADMIN_EMAIL?"],
    [{ REVOPS_COLOUR: "blue" }, "REVOPS_COLOUR is no setting."],
    [
      { ...google, GOOGLE_IMPERSONATED: "a@example.com" },
      "GOOGLE_IMPERSONATED is no setting. Did you mean GOOGLE_IMPERSONATE?",
    ],
    [{ ...google, GOOGLE_API_URI: "http://h/" }, "GOOGLE_API_URI is no setting. Did you mean GOOGLE_API_URL?"],
    [
      { ...socket, REVOPS_CRM: "sample", SLACK_API_URI: "http://h/api/" },
      "SLACK_API_URI is no setting. Did you mean SLACK_API_URL?",
    ],
  ])("%o is told with the nearest right name", (environment, sentence) => {
    expect(problems(environment)).toEqual([sentence]);
  });

  it.each<[Environment, string]>([
    [{ SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECERT: "s", REVOPS_CRM: "sample" }, "SLACK_SIGNING_SECRET"],
    [{ SMTP_URL: mail.SMTP_URL, MAIL_FORM: mail.MAIL_FROM }, "MAIL_FROM"],
    [{ GOOGLE_APPLICATION_CREDENTIALS: "key.json", GOOGLE_CALENDER_ID: "c" }, "GOOGLE_CALENDAR_ID"],
  ])("%o explains the half group", (environment, meant) => {
    expect(problems(environment)).toEqual([
      expect.stringContaining(`is no setting. Did you mean ${meant}?`),
      expect.stringContaining("Set what is missing too"),
    ]);
  });

  it("isn't seen in a name beside the one that is set", () => {
    expect(problems({ ...socket, REVOPS_CRM: "sample", SLACK_APP_TOKENS: "others" })).toEqual([]);
  });
});

it("shows no secret, whatever is wrong with it", () => {
  const secret = "hunter2";
  const found = problems({
    SLACK_BOT_TOKEN: secret,
    SLACK_APP_TOKEN: secret,
    SLACK_SIGNING_SECRET: secret,
    SLACK_API_URL: `https://user:${secret}@slack.com/api/`,
    SMTP_URL: `ftp://user:${secret}@host`,
    MAIL_FROM: mail.MAIL_FROM,
    ...google,
    GOOGLE_API_URL: `https://user:${secret}@host/`,
    REVOPS_STATE: `postgres://user:${secret}@host/state`,
    REVOPS_CRM: `mysql://user:${secret}@host/crm`,
    REVOPS_EVENTS_SECRET: `whsec_${secret}`,
    REVOPS_EVENT_SECRET: secret,
  });
  expect(found).toHaveLength(9);
  expect(found.join("\n")).not.toContain(secret);
});
