/** Is whatever is wrong in revops.yml told at its place, in plain words, all at once? */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  ConfigurationError,
  noConfiguration,
  parseConfiguration,
  readConfiguration,
  withAdmin,
  type Configuration,
} from "../../src/app/configuration.ts";

function parse(text: string): Configuration {
  return parseConfiguration({ file: "revops.yml", text });
}

function problems(text: string): string[] {
  try {
    parse(text);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

describe("a good file", () => {
  it("is read whole", () => {
    const text = [
      "variables: { admin_email: revops@example.com, region: EMEA }",
      "roles:",
      '  revops_lead: [lead@example.com, "group:revops-leads", "user:U012ABC"]',
      "  operator: lead@example.com",
      'channels: { default: "#ops", alerts: "C012ABCDEF", flows: { churn_prevention: "#churn" } }',
      "limits:",
      "  agents: { decision_agent: { per_second: 5, concurrent: 10 }, data_agent: { concurrent: 1 } }",
      "  contacts: { per_person_per_week: 5, do_not_contact: [Gone+crm@Example.com, C-0042] }",
      "retention: { executions: P30D, audit: P1W }",
      'digests: { owners: false, day: friday, hour: 16, channel: "#weekly" }',
      "people:",
      "  direct_messages: false",
      '  quiet_hours: { from: "18:30", to: "08:00" }',
      "  holidays: { default: [US, 2026-12-24], Europe/Berlin: DE-BY }",
      "  preferences: { Dana@example.com: email, lead@example.com: both }",
      "crm:",
      "  tables:",
      "    customers: { table: sales.accounts, columns: { id: account_id, name: 'Account Name' } }",
      `    tickets: { table: '"Help Desk"."Cases ""2026"""' }`,
      "    usage: { columns: { active_users: dau } }",
      "  writable: [csm_email, champion_status, csm_email]",
      "agents: { currency: EUR, prices: { small-model: { input: 0.0008, output: 0.004 }, A1/B2: { input: 0, output: 1 } } }",
    ].join("\n");
    expect(parse(text)).toEqual({
      variables: { admin_email: "revops@example.com", region: "EMEA" },
      roles: {
        revops_lead: ["lead@example.com", "group:revops-leads", "user:U012ABC"],
        operator: ["lead@example.com"],
      },
      channels: { default: "#ops", alerts: "C012ABCDEF", flows: { churn_prevention: "#churn" } },
      digests: { owners: false, rollUp: true, day: "friday", hour: 16, channel: "#weekly" },
      limits: {
        decision_agent: { perSecond: 5, concurrent: 10 },
        data_agent: { perSecond: null, concurrent: 1 },
      },
      retention: { executionsMs: 30 * 86_400_000, auditMs: 7 * 86_400_000 },
      contacts: {
        perPersonPerWeek: 5,
        perAccountPerWeek: null,
        doNotContact: { mailboxes: new Set(["gone@example.com"]), customers: new Set(["c-0042"]) },
      },
      people: {
        directMessages: false,
        quietHours: { from: 1_110, to: 480 },
        holidays: {
          zones: new Map([["Europe/Berlin", { regions: ["DE-BY"], dates: [] }]]),
          others: { regions: ["US"], dates: ["2026-12-24"] },
        },
        preferences: new Map([
          ["dana@example.com", "email"],
          ["lead@example.com", "both"],
        ]),
      },
      prices: {
        currency: "EUR",
        of: { "small-model": { input: 0.0008, output: 0.004 }, "A1/B2": { input: 0, output: 1 } },
      },
      crm: {
        tables: {
          customers: {
            table: { schema: "sales", name: "accounts" },
            columns: { id: "account_id", name: "Account Name" },
          },
          tickets: { table: { schema: "Help Desk", name: 'Cases "2026"' }, columns: {} },
          usage: { table: null, columns: { active_users: "dau" } },
        },
        writable: ["csm_email", "champion_status"],
      },
    });
  });

  it("says nothing of what it leaves out", () => {
    expect(parse("channels: { alerts: renewals-emea }")).toEqual({
      ...noConfiguration,
      channels: { ...noConfiguration.channels, alerts: "renewals-emea" },
    });
  });

  it("keeps executions for 90 days and the audit for two years, each unless it says otherwise", () => {
    const day = 86_400_000;
    expect(noConfiguration.retention).toEqual({ executionsMs: 90 * day, auditMs: 730 * day });
    expect(parse("retention: { audit: P400D }").retention).toEqual({ executionsMs: 90 * day, auditMs: 400 * day });
    expect(parse("retention: { executions: PT48H }").retention).toEqual({ executionsMs: 2 * day, auditMs: 730 * day });
  });

  it.each(["", "\n\n", "# nothing yet\n   # nothing\n"])("may be empty: %j", (text) => {
    expect(parse(text)).toEqual(noConfiguration);
  });

  it("gives way to REVOPS_ADMIN_EMAIL", () => {
    const configuration = parse("variables: { admin_email: a@example.com, region: EMEA }");
    expect(withAdmin(configuration, null)).toEqual(configuration);
    expect(withAdmin(configuration, "b@example.com").variables).toEqual({
      admin_email: "b@example.com",
      region: "EMEA",
    });
  });
});

describe("a bad file", () => {
  it.each([
    ["role: { a: [b@example.com] }", '1:1: revops.yml has no key "role"; did you mean roles?'],
    ["crm: { table: {} }", '1:8: crm has no key "table"; did you mean tables?'],
    ["crm: { writable: csm_mail }", '1:18: there is no writable field "csm_mail"; did you mean csm_email?'],
    ["crm: { writable: [id] }", '1:19: there is no writable field "id"'],
    ["crm: { writable: [{ csm_email: true }] }", "1:19: writable field must be"],
    ["crm: { tables: { customer: {} } }", '1:18: the tables of crm has no key "customer"; did you mean customers?'],
    ["crm: { tables: { usage: { name: x } } }", '1:27: the table of usage has no key "name"'],
    [
      "crm: { tables: { usage: { table: a.b.c } } }",
      `1:34: "a.b.c" is no table's name; write accounts, sales.accounts`,
    ],
    [
      "crm: { tables: { customers: { columns: { renewel_date: x } } } }",
      '1:42: the columns of customers has no key "renewel_date"; did you mean renewal_date?',
    ],
    ["crm: { tables: { customers: { columns: { arr: 5 } } } }", "1:47: the column of arr must be a text, not a number"],
    ["colour: blue", '1:1: revops.yml has no key "colour"'],
    [
      "# first\npeople: { direct_message: true }",
      '2:11: people has no key "direct_message"; did you mean direct_messages?',
    ],
    ["people: { direct_messages: 'no' }", "1:28: direct_messages must be true or false, not a text"],
    ["people: { quiet_hours: '18:00-08:00' }", "1:24: quiet_hours must be a mapping of keys to values, not a text"],
    ["people: { quiet_hours: { from: '18:00' } }", "1:24: quiet_hours needs both from and to"],
    ["people: { quiet_hours: { from: 18:00, to: '8:00' } }", '1:43: "8:00" is no time of day; write "08:00"'],
    ["people: { quiet_hours: { from: '24:00', to: '08:00' } }", '1:32: "24:00" is no time of day'],
    ["people: { quiet_hours: { from: '08:00', to: '08:00' } }", "1:24: quiet_hours from and to are the same"],
    [
      "people: { quiet_hours: { from: '08:00', to: '18:00' } }",
      "1:24: quiet_hours leave nothing of a working day, from 09:00 to 17:00; did you mean from 18:00 to 08:00?",
    ],
    ["people: { holidays: Germany }", '1:21: "Germany" is no region; write a country such as US'],
    ["people: { holidays: [US, DE-BAV] }", "1:26: DE has no part BAV"],
    ["people: { holidays: [2026-02-30] }", '1:22: "2026-02-30" is no day; write it as in 2026-12-24'],
    [
      "people: { holidays: { EMEA: DE } }",
      '1:23: "EMEA" is no time zone; write a zone such as Europe/Berlin, or default',
    ],
    [
      "people: { preferences: [dana@example.com] }",
      "1:24: preferences must be a mapping of mail addresses to email, slack",
    ],
    [
      "people: { preferences: { dana@example.com: mail } }",
      '1:44: "mail" is no way to tell somebody; did you mean email?',
    ],
    ["people: { preferences: { dana: email } }", `1:26: a preference is a mail address's: "dana" is none`],
    [
      "limits: { contacts: { per_person_per_day: 5 } }",
      '1:23: the limits of contacts has no key "per_person_per_day"; did you mean per_person_per_week?',
    ],
    ["digests: { day: sunday }", '1:17: there is no day "sunday"; did you mean monday?'],
    ["digests: { hour: 24 }", "1:18: hour must be a whole number from 0 to 23, not 24"],
    [
      "limits: { contacts: { per_account_per_week: 0 } }",
      "1:45: per_account_per_week must be a whole number from 1 to 500, not 0",
    ],
    [
      "limits: { contacts: { do_not_contact: ['a@example.com, b@example.com'] } }",
      '1:40: "a@example.com, b@example.com" is not one mail address',
    ],
    ["limits: { agent: {} }", '1:11: limits has no key "agent"; did you mean agents?'],
    ["limits: { agents: { decison_agent: {} } }", 'agents has no key "decison_agent"; did you mean decision_agent?'],
    ["limits: 5", "1:9: limits must be a mapping of keys to values, not a number"],
    ["limits: { agents: { data_agent: { per_minute: 5 } } }", '1:35: the limits of data_agent has no key "per_minute"'],
    [
      "limits: { agents: { data_agent: { concurrent: 0 } } }",
      "1:47: concurrent of data_agent must be a whole number from 1 to 10000, not 0",
    ],
    [
      "limits: { agents: { data_agent: { per_second: 0.5 } } }",
      "1:47: per_second of data_agent must be a whole number from 1 to 10000, not 0.5",
    ],
    ["channels:\n  defualt: '#revops'", '2:3: channels has no key "defualt"; did you mean default?'],
    ["channels: { alerts: 5 }", '1:21: a channel must be a text, not a number; write it in quotes: "5"'],
    [
      "channels: { alerts: '#RevOps' }",
      `1:21: "#RevOps" is no channel; write #name in small letters, or the channel's id`,
    ],
    ["channels: { default: #revops }", "end with a }; after a blank, # begins a comment: write '#name' in quotes"],
    ["channels: { default: #revops }\n", "2:1: this isn't YAML: flow map in block collection must be sufficiently"],
    [
      "channels:\n  default: #revops",
      "2:3: \"default\" is empty; give it a value or leave it out; after a blank, # begins a comment: write '#name' in quotes",
    ],
    ["channels: { flows: { Churn: '#churn' } }", '1:22: a flow\'s id "Churn" must be small letters'],
    ["channels: [revops]", "1:11: channels must be a mapping of keys to values, not a list"],
    ["variables: { score: 0.7 }", '1:21: the variable score must be a text, not a number; write it in quotes: "0.7"'],
    [
      "variables: { customer: x }",
      `1:14: a variable's name can't be "customer": that word has a meaning in expressions`,
    ],
    ["variables: { adminEmail: x }", '1:14: a variable\'s name "adminEmail" must be small letters'],
    ["variables: [a]", "1:12: variables must be a mapping of names to values, not a list"],
    ["roles: { lead: [morgan] }", '1:17: "morgan" names nobody; write a mail address, user:ID or group:HANDLE'],
    ["roles: { lead: ['role:cro'] }", "1:17: a role can't hold another role (role:cro); name its people"],
    ["roles: { lead: [] }", "1:16: the role lead names nobody"],
    [
      "roles: { RevOps lead: [a@example.com] }",
      `1:10: a role's name has no blanks, or no flow could name it: "RevOps lead"`,
    ],
    ["roles:\nvariables: {}", '1:1: "roles" is empty; give it a value or leave it out'],
    ["roles: { a: *people }", "1:13: YAML aliases (*name) are not supported; write the value again"],
    ["roles:\n  a: [b@example.com]\n  a: [c@example.com]", "3:3: this key stands here already"],
    ["roles: {}\n---\nroles: {}", "2:1: revops.yml is one YAML document"],
    ["just a text", "1:1: revops.yml must be a mapping of keys to values, not a text"],
    ["- a", "1:1: revops.yml must be a mapping of keys to values, not a list"],
    ["roles: {", "this isn't YAML"],
    ["retention: { execution: P90D }", '1:14: retention has no key "execution"; did you mean executions?'],
    ["retention: P90D", "1:12: retention must be a mapping of keys to values, not a text"],
    ["retention: { audit: 730 }", "1:21: audit must be a text, not a number"],
    ["retention: { executions: P3M }", '1:26: executions: "P3M" is no duration'],
    ["retention: { executions: PT23H }", "1:26: executions can't be kept for less than P1D"],
    ["retention: { audit: PT0S }", "1:21: audit must be longer than nothing"],
  ])("%j is told at its place", (text, problem) => {
    const found = problems(text);
    expect(found[0]).toMatch(/^revops\.yml:\d+:\d+: /);
    expect(found[0]).toContain(problem);
  });

  it("tells everything at once, in the order of the file", () => {
    const found = problems("variable: {}\nroles: { lead: [x] }\nchannels: { alerts: '' }");
    expect(found.map((problem) => problem.slice(0, 16))).toEqual([
      "revops.yml:1:1: ",
      "revops.yml:2:17:",
      "revops.yml:3:21:",
    ]);
  });
});

describe("the file itself", async () => {
  const folder = await mkdtemp(join(tmpdir(), "configuration-"));
  afterAll(() => rm(folder, { recursive: true }));

  it("may be missing, unless REVOPS_CONFIG names it", async () => {
    const path = join(folder, "missing.yml");
    expect(await readConfiguration({ path, isNamed: false })).toBeNull();
    await expect(readConfiguration({ path, isNamed: true })).rejects.toThrow(
      `REVOPS_CONFIG names ${path}, but there is no such file.`,
    );
  });

  it("is not skipped when it can't be read", async () => {
    const path = join(folder, "revops.yml");
    await mkdir(path);
    await expect(readConfiguration({ path, isNamed: false })).rejects.toThrow(`${path} is there, but it can't be read`);
  });

  it("is named in its problems as it was given", async () => {
    const path = join(folder, "ours.yml");
    await writeFile(path, "rolls: {}");
    await expect(readConfiguration({ path, isNamed: true })).rejects.toThrow(
      `${path}:1:1: revops.yml has no key "rolls"; did you mean roles?`,
    );
  });
});
