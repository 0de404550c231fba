import { describe, expect, it } from "vitest";
import type { ActionAnswer } from "../../../src/agents/agent.ts";
import type { CustomerSource } from "../../../src/agents/crm/customer-source.ts";
import { createLocalAgents } from "../../../src/agents/local/local-agents.ts";
import { assess } from "../../../src/agents/local/risk/assess.ts";
import { PlannedEffect } from "../../../src/flow/effect.ts";
import { FailureError } from "../../../src/flow/failure.ts";
import { Json, type JsonObject } from "../../../src/flow/json.ts";
import { customerWith, echoTemplates, failureOf, modelNamed, requestFor } from "../support.ts";

const source: CustomerSource = {
  get: async () => null,
  find: async () => [],
  all: async function* () {},
  records: async () => ({ usage: null, tickets: null, invoices: null, contacts: null }),
};
const { execution_agent } = createLocalAgents({ source, templates: echoTemplates }).agents;

async function planned(
  action: string,
  parameters: JsonObject,
  fields: Parameters<typeof requestFor>[1] = {},
): Promise<ActionAnswer> {
  const answer = await execution_agent.invoke(requestFor(action, { ...fields, parameters }));
  for (const effect of answer.effects) PlannedEffect.parse(effect);
  return answer;
}

const refused = (action: string, parameters: JsonObject) =>
  failureOf(execution_agent.invoke(requestFor(action, { parameters })));

describe("what does send_notifications plan?", () => {
  it("plans one mail and one direct message for each recipient, each under its own key", async () => {
    const recipients = ["Dana@Example.com", "bo@example.com", "dana@example.com"];
    const { output, effects } = await planned("send_notifications", { template: "renewal", recipients });
    expect(effects.map(({ target }) => target)).toEqual([
      "email:dana@example.com",
      "slack:dana@example.com",
      "email:bo@example.com",
      "slack:bo@example.com",
    ]);
    expect(effects[0]?.effect).toMatchObject({ kind: "email", to: "dana@example.com", subject: "subject of renewal" });
    expect(effects[1]?.effect).toEqual({
      kind: "slack_message",
      to: { kind: "person", email: "dana@example.com" },
      text: "slack text",
    });
    expect(output).toEqual({
      template: "renewal",
      recipients: ["dana@example.com", "bo@example.com"],
      subject: "subject of renewal",
    });
  });

  it("passes customer, risk, recommendations and the execution to the template, null where there is none", async () => {
    const customer = customerWith();
    const risk = assess({
      model: modelNamed("renewal_risk_v2"),
      data: null,
      customer,
      today: "2026-11-23",
      threshold: 0.7,
    });
    const outputs = [{ stepId: "risk", action: "assess_renewal_risk", output: Json.parse(risk) }];
    const { effects } = await planned(
      "send_notifications",
      { template: "t", recipients: ["a@b.co"] },
      { customer, outputs },
    );
    const [mail] = effects;
    const text = mail?.effect.kind === "email" ? mail.effect.text : "";
    expect(JSON.parse(text)).toEqual({
      customer,
      risk,
      recommendations: null,
      onboarding: null,
      check: null,
      execution_id: "exec-1",
    });
  });

  it.each<[JsonObject, string]>([
    [{ recipients: [] }, "Recipient.Missing"],
    [{ recipients: [null] }, "Recipient.Missing"],
    [{ recipients: ["a@b.co", null] }, "Recipient.Missing"],
    [{ recipients: [" "] }, "Recipient.Missing"],
    [{ recipients: null }, "Recipient.Missing"],
    [{ recipients: ["a@b.co\r\nBcc: evil@z.com"] }, "Input.Invalid"],
    [{ recipients: ["a@b.co, evil@z.com"] }, "Input.Invalid"],
    [{ recipients: ["Dana <a@b.co>"] }, "Input.Invalid"],
    [{ recipients: "#renewals" }, "Input.Invalid"],
    [{ recipients: [7] }, "Input.Invalid"],
    [{}, "Input.Invalid"],
  ])("%j fails as %s, and plans nothing for the others", async (parameters, error) => {
    expect((await refused("send_notifications", { template: "t", ...parameters })).error).toBe(error);
  });

  it("takes a single recipient as a list of one", async () => {
    expect((await planned("send_notifications", { template: "t", recipients: "a@b.co" })).effects).toHaveLength(2);
  });

  it("passes the template's own failure on", async () => {
    const failing = createLocalAgents({
      source,
      templates: {
        render: () => {
          throw new FailureError({ error: "Input.Invalid", cause: "There is no template nope." });
        },
      },
    }).agents.execution_agent;
    const request = requestFor("send_notifications", { parameters: { template: "nope", recipients: ["a@b.co"] } });
    expect((await failureOf(failing.invoke(request))).cause).toBe("There is no template nope.");
  });
});

describe("by which way is a person told?", () => {
  const preferred = new Map([
    ["mail@example.com", "email"],
    ["chat@example.com", "slack"],
  ] as const);
  const agent = createLocalAgents({ source, templates: echoTemplates, preferred }).agents.execution_agent;

  async function targets(parameters: JsonObject): Promise<(string | null)[]> {
    const recipients = ["Mail@Example.com", "chat@example.com", "nobody.said@example.com"];
    const request = requestFor("send_notifications", { parameters: { template: "t", recipients, ...parameters } });
    return (await agent.invoke(request)).effects.map(({ target }) => target);
  }

  it("by the preferred one; both where there is no preference", async () => {
    expect(await targets({})).toEqual([
      "email:mail@example.com",
      "slack:chat@example.com",
      "email:nobody.said@example.com",
      "slack:nobody.said@example.com",
    ]);
  });

  it("by what the step says, whatever they prefer", async () => {
    expect(await targets({ via: "slack" })).toEqual([
      "slack:mail@example.com",
      "slack:chat@example.com",
      "slack:nobody.said@example.com",
    ]);
    expect(await targets({ via: "both" })).toHaveLength(6);
  });

  it("by none that isn't one", async () => {
    expect((await failureOf(targets({ via: "fax" }))).error).toBe("Input.Invalid");
  });
});

describe("does text from outside stay text?", () => {
  it("pings nobody and marks nothing up", async () => {
    const text = "<!channel> & <https://evil|click>";
    const { effects } = await planned("send_slack_message", { to: "#renewals", text });
    expect(effects[0]).toEqual({
      target: "slack:#renewals",
      effect: {
        kind: "slack_message",
        to: { kind: "channel", channel: "#renewals" },
        text: "&lt;!channel&gt; &amp; &lt;https://evil|click&gt;",
      },
    });
  });

  it("escapes a mail's own words and keeps its subject on one line", async () => {
    const { effects } = await planned("send_email", {
      to: "a@b.co",
      subject: "Hello\r\nBcc: evil@z.com \u202Egnp",
      text: "One <b>\n\nTwo & 'three'",
    });
    expect(effects[0]?.effect).toEqual({
      kind: "email",
      to: "a@b.co",
      subject: "Hello Bcc: evil@z.com gnp",
      html: expect.stringMatching(
        /^<div style="[^"<>]*">\n<p>One &lt;b&gt;<\/p>\n<p>Two &amp; &#39;three&#39;<\/p>\n<\/div>$/,
      ),
      text: "One <b>\n\nTwo & 'three'",
    });
  });

  it.each<[string, JsonObject, string]>([
    ["send_slack_message", { to: null, text: "x" }, "Recipient.Missing"],
    ["send_slack_message", { to: "#Renewals!", text: "x" }, "Input.Invalid"],
    ["send_slack_message", { to: "a@b.co" }, "Input.Invalid"],
    ["send_slack_message", { to: "a@b.co", text: "x", template: "t" }, "Input.Invalid"],
    ["send_email", { to: null, template: "t" }, "Recipient.Missing"],
    ["send_email", { to: "a@b.co", template: "t", subject: "x" }, "Input.Invalid"],
    ["send_email", { to: "a@b.co", subject: "x" }, "Input.Invalid"],
  ])("%s %j fails as %s", async (action, parameters, error) => {
    expect((await refused(action, parameters)).error).toBe(error);
  });

  it("renders a template for a person, as mail or message", async () => {
    const message = await planned("send_slack_message", { to: "A@b.co", template: "t" });
    expect(message.effects[0]).toMatchObject({
      target: "slack:a@b.co",
      effect: { to: { kind: "person", email: "a@b.co" }, text: "slack text" },
    });
    const mail = await planned("send_email", { to: "a@b.co", template: "t" });
    expect(mail.effects[0]).toMatchObject({ target: "email:a@b.co", effect: { subject: "subject of t" } });
  });
});

const parameters = { title: "Renewal Discussion - Acme\nRobotics", attendees: ["Dana@example.com"] };

async function at(now: string, duration_minutes: number): Promise<string | null> {
  const request = { ...parameters, days_ahead: 0, duration_minutes };
  const { effects } = await planned("create_calendar_event", request, { now: Date.parse(now) });
  return effects[0]?.effect.kind === "calendar_event" ? effects[0].effect.forecast_at : null;
}

describe("where nobody wants direct messages", () => {
  const quiet = createLocalAgents({ source, templates: echoTemplates, directMessages: false }).agents.execution_agent;

  it.each(["slack", "both", "email"])("a notification by %s is a mail", async (via) => {
    const asked = { template: "renewal", recipients: ["dana@example.com"], via };
    const { effects } = await quiet.invoke(requestFor("send_notifications", { parameters: asked }));
    expect(effects.map(({ target }) => target)).toEqual(["email:dana@example.com"]);
  });
});

describe("where there is no mail server", () => {
  const { execution_agent } = createLocalAgents({ source, templates: echoTemplates, mails: false }).agents;

  it.each([
    [undefined, "slack:dana@example.com"],
    ["both", "slack:dana@example.com"],
    ["email", "email:dana@example.com"],
  ])("nobody gets two direct messages about the same (via %s)", async (via, target) => {
    const asked = { template: "renewal", recipients: ["dana@example.com"], ...(via === undefined ? {} : { via }) };
    const { effects } = await execution_agent.invoke(requestFor("send_notifications", { parameters: asked }));
    expect(effects.map((effect) => effect.target)).toEqual([target]);
  });
});

describe("where does a calendar event fall?", () => {
  it("plans one event two days ahead, in the customer's working day", async () => {
    const customer = customerWith({ timezone: "Asia/Tokyo" });
    const { output, effects } = await planned("create_calendar_event", parameters, {
      customer,
      timezone: "America/New_York",
    });
    expect(effects).toEqual([
      {
        target: null,
        effect: {
          kind: "calendar_event",
          title: "Renewal Discussion - Acme Robotics",
          description: "",
          attendees: ["dana@example.com"],
          duration_minutes: 30,
          timezone: "Asia/Tokyo",
          slot: { rule: "next_free_working_time", not_before: "2026-11-25T00:00:00+09:00", days: 14 },
          forecast_at: "2026-11-25T10:00:00+09:00",
        },
      },
    ]);
    expect(JSON.stringify(output)).not.toContain("2026");
  });

  it("uses the flow's zone where the customer's isn't known or isn't one", async () => {
    for (const timezone of [null, "Mars/Olympus"]) {
      const { effects } = await planned("create_calendar_event", parameters, {
        customer: customerWith({ timezone }),
        timezone: "Europe/Berlin",
      });
      expect(effects[0]?.effect).toMatchObject({ timezone: "Europe/Berlin", forecast_at: "2026-11-25T10:00:00+01:00" });
    }
  });

  it("passes over the weekend", async () => {
    const friday = Date.parse("2026-11-27T09:00:00Z");
    const { effects } = await planned("create_calendar_event", { ...parameters, days_ahead: 1 }, { now: friday });
    expect(effects[0]?.effect).toMatchObject({ forecast_at: "2026-11-30T10:00:00+00:00" });
  });

  it("falls on the same day only where it still fits", async () => {
    expect(await at("2026-11-23T14:10:00Z", 60)).toBe("2026-11-23T14:30:00+00:00");
    expect(await at("2026-11-23T16:00:00Z", 60)).toBe("2026-11-23T16:00:00+00:00");
    expect(await at("2026-11-23T16:10:00Z", 60)).toBe("2026-11-24T10:00:00+00:00");
  });

  it.each<[JsonObject, string]>([
    [{ attendees: [null] }, "Recipient.Missing"],
    [{ attendees: ["nobody"] }, "Input.Invalid"],
    [{ duration_minutes: 421 }, "Input.Invalid"],
    [{ duration_minutes: 0 }, "Input.Invalid"],
    [{ duration_minutes: "30" }, "Input.Invalid"],
    [{ days_ahead: -1 }, "Input.Invalid"],
    [{ title: " " }, "Input.Invalid"],
    [{ durration_minutes: 30 }, "Input.Invalid"],
  ])("refuses %j as %s", async (changes, error) => {
    expect((await refused("create_calendar_event", { ...parameters, ...changes })).error).toBe(error);
  });

  it("suits every guest where they live, and says where that is", async () => {
    const zones = new Map([["dana@example.com", "America/New_York"]]);
    const zoneOf = async (email: string) => zones.get(email) ?? null;
    const agent = createLocalAgents({ source, templates: echoTemplates, zoneOf }).agents.execution_agent;
    const customer = customerWith({ timezone: "Europe/Berlin" });
    const invite = (attendees: string[]) =>
      agent.invoke(requestFor("create_calendar_event", { customer, parameters: { title: "Talk", attendees } }));
    const { effects } = await invite(["Dana@example.com", "kim@example.com"]);
    expect(effects[0]?.effect).toMatchObject({
      timezone: "Europe/Berlin",
      guest_zones: { "dana@example.com": "America/New_York" },
      forecast_at: "2026-11-25T16:00:00+01:00",
    });
    zones.set("kim@example.com", "America/Los_Angeles").set("dana@example.com", "Asia/Tokyo");
    const failure = await failureOf(invite(["dana@example.com", "kim@example.com"]));
    expect(failure.error).toBe("Effect.Refused");
    expect(failure.cause).toContain("dana@example.com (Asia/Tokyo) and kim@example.com (America/Los_Angeles)");
  });
});

describe("do the descriptions say what the flow's loader relies on?", () => {
  const { agents } = createLocalAgents({ source, templates: echoTemplates });

  it("has the seed's actions, each under its agent", () => {
    const all = Object.values(agents).flatMap(({ name, actions }) =>
      actions.map((action) => [name, action.agent, action.action]),
    );
    expect(all).toEqual(
      expect.arrayContaining([
        ["data_agent", "data_agent", "retrieve_customer_data"],
        ["decision_agent", "decision_agent", "assess_renewal_risk"],
        ["decision_agent", "decision_agent", "generate_renewal_recommendations"],
        ["execution_agent", "execution_agent", "send_notifications"],
        ["execution_agent", "execution_agent", "create_calendar_event"],
      ]),
    );
    for (const [name, own] of all) expect(own).toBe(name);
  });

  it("plans effects in the execution agent alone, and reads only actions that exist", () => {
    const actions = Object.values(agents).flatMap((agent) => agent.actions);
    const names = new Set(actions.map(({ action }) => action));
    for (const { agent, plansEffects, reads } of actions) {
      expect(plansEffects).toBe(agent === "execution_agent");
      for (const { action } of reads) expect(names).toContain(action);
    }
  });
});
