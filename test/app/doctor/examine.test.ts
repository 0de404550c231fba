/** The doctor: what does it say of a Slack, a server, a store or customers that aren't as they must be, and does one hide another? */
import { createServer } from "node:http";
import { afterEach, beforeAll, afterAll, describe, expect, it } from "vitest";
import { neededScopes } from "../../../src/bot/manifest-scopes.ts";
import { examine, type Patient } from "../../../src/app/doctor/examine.ts";
import { noConfiguration } from "../../../src/app/configuration.ts";
import type { Customer } from "../../../src/flow/customer.ts";
import type { Check } from "../../../src/flow/check-up.ts";
import { LateError, type Within } from "../../../src/flow/module-file.ts";
import { loadFlowFolders } from "../../../src/flow/registry.ts";
import { catalogue } from "../../flow/fixtures/catalogue.ts";
import { startStandIn, type StandIn } from "../../notify/calendar/google-stand-in.ts";
import { closeServers, said, smtp } from "../../notify/email/smtp-servers.ts";

const now = Date.UTC(2026, 10, 23, 8);
const within: Within = (work) => work;
const token = "xoxb-a-secret";

let google: StandIn;
beforeAll(async () => {
  google = await startStandIn();
});
afterAll(() => google.close());

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
  await closeServers();
});

/** As much of Slack as is asked. */
async function slack(
  named: { scopes?: string; date?: string; channels?: string[]; refused?: string } = {},
): Promise<string> {
  const {
    scopes = neededScopes()
      .map(({ scope }) => scope)
      .join(","),
    date = new Date(now).toUTCString(),
    channels = ["revops"],
    refused,
  } = named;
  const server = createServer((request, response) => {
    const answers =
      request.url?.endsWith("auth.test") === true
        ? refused === undefined
          ? { ok: true, user: "revops", team: "Example" }
          : { ok: false, error: refused }
        : { ok: true, channels: channels.map((name, index) => ({ id: `C00000${index}`, name })) };
    response.sendDate = false;
    response.writeHead(200, { "content-type": "application/json", "x-oauth-scopes": scopes, date });
    response.end(JSON.stringify(answers));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/api/`;
}

const customer = {
  id: "acme",
  name: "Acme",
  segment: "mid",
  region: "EMEA",
  timezone: "UTC",
  account_manager_email: "dana@example.com",
  account_manager_name: "Dana",
  csm_email: "csm@example.com",
  arr: 1,
  currency: "USD",
  contract_start: "2026-01-01",
  renewal_date: "2027-01-01",
  notice_date: "2026-12-01",
  auto_renew: true,
  term_months: 12,
  seats: 10,
  status: "active",
  created_at: "2026-01-01",
  nps: 1,
  champion_status: "active" as const,
};

function patient(otherwise: Partial<Patient> = {}): Patient {
  return {
    slack: null,
    smtp: null,
    calendar: null,
    configuration: { ...noConfiguration, channels: { default: "#revops", alerts: "#revops", flows: {} } },
    flows: { all: [], problems: [], folders: ["flows"] },
    people: null,
    store: { nextWake: () => Promise.resolve(null) },
    storeKind: "sqlite",
    engine: { kind: "embedded" },
    source: source(),
    now,
    timezone: "UTC",
    realNow: () => now,
    within,
    ...otherwise,
  };
}

function source({
  customers = [customer],
  month = "2026-10",
}: { customers?: Customer[]; month?: string | null } = {}): Patient["source"] {
  return {
    all: async function* () {
      yield customers;
    },
    records: () =>
      Promise.resolve({
        usage: month === null ? null : [{ month, active_users: 1, events: 1 }],
        tickets: null,
        invoices: null,
        contacts: null,
      }),
  };
}

async function about(words: string, otherwise: Partial<Patient>): Promise<Pick<Check, "state" | "message">[]> {
  const found = await examine(patient(otherwise));
  return found.flatMap((check) => (check.about === words ? [{ state: check.state, message: check.message }] : []));
}
const one = (state: Check["state"], message: string | RegExp) => [{ state, message: expect.stringMatching(message) }];

const access = (apiUrl: string): Partial<Patient> => ({
  slack: { kind: "socket", botToken: token, appToken: "xapp-x", apiUrl },
});
const at = (seconds: number) => new Date(now + seconds * 1000).toUTCString();

describe("Slack", () => {
  it("that is as it must be is all right in each way", async () => {
    const found = await examine(patient(access(await slack())));
    const states = new Map(found.map((check) => [check.about, check.state]));
    for (const name of ["Slack", "scopes", "clock", "channels"]) expect([name, states.get(name)]).toEqual([name, "ok"]);
  });

  it("that takes no token, has too few scopes, another time or no such channel says so, and shows no token", async () => {
    expect(await about("Slack", access(await slack({ refused: "invalid_auth" })))).toEqual(
      one("problem", "invalid_auth"),
    );
    expect(await about("Slack", access("http://127.0.0.1:1/api/"))).toEqual(one("problem", "auth.test"));
    expect(await about("scopes", access(await slack({ scopes: "chat:write" })))).toEqual(
      one("problem", "usergroups:read"),
    );
    expect(await about("clock", access(await slack({ date: at(400) })))).toEqual(one("problem", "400 s behind"));
    expect(await about("clock", access(await slack({ date: at(-60) })))).toEqual(one("warning", "60 s ahead of"));
    expect(await about("channels", access(await slack({ channels: ["general"] })))).toEqual(
      one("problem", "no #revops"),
    );
    const all = await examine(patient(access(await slack({ refused: "invalid_auth" }))));
    expect(JSON.stringify(all)).not.toContain(token);
  });
});

describe("mail and calendar", () => {
  it("that take us are all right, and nothing is sent", async () => {
    const { url, received } = await smtp();
    expect(await about("mail", { smtp: { url, from: "revops@example.com" } })).toEqual(one("ok", "takes us"));
    expect(received).toEqual([]);
    const { credentials, rootUrl } = google;
    expect(await about("calendar", { calendar: { credentials, rootUrl, calendarId: "team" } })).toEqual(
      one("ok", "can be read"),
    );
    expect(google.events.size).toBe(0);
  });

  it("that refuse or can't be reached say why, without the password", async () => {
    const closed = "smtp://user:secret@127.0.0.1:1";
    const found = await examine(patient({ smtp: { url: closed, from: "revops@example.com" } }));
    expect(found).toContainEqual(
      expect.objectContaining({
        about: "mail",
        state: "problem",
        message: expect.stringContaining("can't be reached"),
      }),
    );
    expect(JSON.stringify(found)).not.toContain("secret");
    const { url } = await smtp({
      onAuth: (_auth, _session, callback) => callback(said(535, "no")),
      authOptional: false,
    });
    const login = { url: url.replace("//", "//user:secret@"), from: "revops@example.com" };
    expect(await about("mail", { smtp: login })).toEqual(one("problem", "refuses the login"));
    const worn = await smtp({ disabledCommands: [] });
    const untrusted = { url: worn.url, from: "revops@example.com" };
    expect(await about("mail", { smtp: untrusted })).toEqual(
      one("problem", "is there, but its certificate isn't accepted"),
    );
    const { credentials, rootUrl } = google;
    const body = { calendars: { team: { errors: [{ reason: "notFound" }] } } };
    google.answers.push({ path: "/freeBusy", status: 200, body });
    expect(await about("calendar", { calendar: { credentials, rootUrl, calendarId: "team" } })).toEqual(
      one("problem", "notFound"),
    );
  });
});

describe("customers", () => {
  it.each([
    ["none", source({ customers: [] }), "customers", "problem", "has none"],
    [
      "a column that nobody has filled",
      source({ customers: [{ ...customer, csm_email: null }] }),
      "customers",
      "warning",
      "nobody has csm_email",
    ],
    ["usage that stands still", source({ month: "2026-06" }), "usage", "warning", "5 months ago"],
    ["no usage", source({ month: null }), "usage", "warning", "none is known"],
    ["what is fresh", source(), "usage", "ok", "2026-10"],
  ] as const)("with %s", async (_what, given, words, state, message) => {
    expect(await about(words, { source: given })).toEqual(one(state, message));
  });
});

const flows = () =>
  loadFlowFolders({
    folders: [],
    files: ["test/flow/fixtures/renewal_management.yml"],
    catalogue,
    variables: { admin_email: "a@example.com" },
  });

describe("flows and roles", () => {
  it("that are wrong, missing, or ask nobody are told with what to do", async () => {
    expect(await about("flows", {})).toEqual(one("problem", "none in flows"));
    const { flows: all } = await flows();
    const wrong = { file: "f.yml", line: 3, column: 1, message: "no step", severity: "error" as const };
    expect(await about("flows", { flows: { all, problems: [wrong], folders: [] } })).toEqual(
      one("problem", "first at f.yml:3: no step"),
    );
    expect(
      await about("flows", { flows: { all, problems: [{ ...wrong, severity: "warning" }], folders: [] } }),
    ).toEqual(one("warning", "1 warning"));
    const configuration = { ...noConfiguration, roles: { lead: ["group:leads"] } };
    expect(await about("roles", { configuration })).toEqual(one("ok", "somebody is in each"));
    const people = { resolve: () => Promise.resolve([]) };
    expect(await about("roles", { configuration, people })).toEqual(one("warning", "in lead"));
  });
});

const late: Within = (work) => Promise.race([work, Promise.reject(new LateError())]);

it("a store that can't be read, or doesn't answer in time, hides nothing else", async () => {
  const broken = { nextWake: () => Promise.reject(new Error("postgres://u:secret@host: disk I/O error")) };
  const found = await examine(patient({ store: broken }));
  expect(found).toContainEqual(
    expect.objectContaining({ about: "state", state: "problem", message: "postgres://…@host: disk I/O error" }),
  );
  expect(found.map((check) => check.about)).toEqual(
    expect.arrayContaining(["Slack", "mail", "calendar", "customers", "flows", "roles"]),
  );
  const hanging = { nextWake: () => new Promise<never>(() => {}) };
  expect(await about("state", { store: hanging, within: late })).toEqual(one("problem", "no answer in 15 seconds"));
});
