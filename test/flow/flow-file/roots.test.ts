import { describe, expect, test } from "vitest";
import { assess, count, definitionOf, flow, placeOf, said } from "../fixtures/reading.ts";

const when = (text: string) => {
  const steps = `${assess}\n  - { id: count, agent: data_agent, action: count_customers, depends_on: [assess]`;
  return flow(`${steps}, when: "${text}" }`);
};

const event = (title: string) =>
  flow(`${assess}
  - id: e
    agent: execution_agent
    action: create_calendar_event
    depends_on: [assess]
    parameters:
      attendees: []
      title: ${title}`);

const told = `${assess}
  - id: tell
    agent: execution_agent
    action: send_notifications
    depends_on: [assess]
    parameters: { template: renewal, recipients: [] }`;

const behindTold = (text: string) =>
  said(
    flow(`${told}\n  - { id: count, agent: data_agent, action: count_customers, depends_on: [tell], when: "${text}" }`),
  );

const mail = (text: string) => said(flow(count, `error_handling: { failure_notification: "${text}" }`)).join();

describe("what a step that sends has held back", () => {
  test.each(["${$exists(tell.held_back)}", "${tell.held_back[reason = 'person_limit'].cause = 'x'}"])(
    "%s is known",
    (text) => {
      expect(behindTold(text)).toEqual([]);
    },
  );

  test("is no field of a step that sends nothing, and has no others", () => {
    expect(said(when("${$exists(assess.held_back)}")).join()).toContain('assess has no field "held_back"');
    expect(behindTold("${$exists(tell.held_back.until)}").join()).toContain('tell.held_back has no field "until"');
  });
});

describe("expressions in their place", () => {
  test.each([
    ["${assess.over_threshold}"],
    ["${assess.reasons[contribution > 0.1].name = 'seats'}"],
    ["${$count(assess.reasons) > 2 and get.usage_metrics.utilization < 0.5}"],
    ["${get.support_history.any_name_at_all > 3}"],
    ["${prices.gold > 2 and prices.list.name = 'a'}"],
    ["${input.customer_id = execution.id or batch.id = flow.version}"],
  ])("does %s pass?", (text) => {
    expect(said(when(text))).toEqual([]);
  });

  test.each([
    ["${assess.over_treshold}", "over_treshold", 'assess has no field "over_treshold"; did you mean over_threshold?'],
    ["${assess.reasons.nmae}", "nmae", 'assess.reasons has no field "nmae"; did you mean name?'],
    [
      "${assess.reasons[contributoin > 1].name = 'x'}",
      "contributoin",
      'assess.reasons has no field "contributoin"; did you mean contribution?',
    ],
    [
      "${get.usage_metrics.utilisation > 1}",
      "utilisation",
      'get.usage_metrics has no field "utilisation"; did you mean utilization?',
    ],
    ["${assess.risk_score.value > 1}", "value", 'assess.risk_score has no field "value"'],
    ["${customer.renewal_dat = 'x'}", "renewal_dat", 'customer has no field "renewal_dat"; did you mean renewal_date?'],
    ["${prices.golf > 1}", "golf", 'prices has no field "golf"; did you mean gold?'],
    ["${input.minutes > 1}", "minutes", 'input has no field "minutes"; it has customer_id'],
    ["${asess.over_threshold}", "asess", 'there is no root "asess"; did you mean assess?'],
    ["${region = 'x'}", "region", 'there is no root "region"; did you mean customer.region?'],
    ["${item.x}", "item", '"item" needs for_each at this step'],
    ["${ count.x}", "count.x", "count can't read its own output"],
    ["${assess.ok", "${assess.ok", 'this "${" has no closing "}"; for the two characters write "$${"'],
    ["${$eval('1')}", "$eval", "$eval is not allowed: what it would run can't be checked beforehand"],
    [
      "only if ${assess.over_threshold}",
      '"only',
      'when is one expression and nothing else, such as "${assess.over_threshold}"',
    ],
  ])("is %s reported at its character?", (expression, marked, message) => {
    const text = when(expression);
    expect(said(text)).toEqual([`${placeOf(text, marked)} ${message}`]);
  });

  test("is a step that this one doesn't depend on out of reach?", () => {
    const text = flow(`${assess}\n${count.replace(" }", ', when: "${assess.over_threshold}" }')}`);
    const place = placeOf(text, "assess.over_threshold");
    expect(said(text)).toEqual([`${place} this step doesn't depend on assess; add it to depends_on`]);
  });

  test("does an indirect dependency bring a step in reach, an optional one too?", () => {
    const ask =
      "  - { id: ask, type: approval, approvers: [role:lead], depends_on: [{ step: assess, optional: true }] }";
    const last = `  - { id: count, agent: data_agent, action: count_customers, depends_on: [ask], when: "\${assess.over_threshold and ask.decision = 'approved'}" }`;
    const definition = definitionOf(flow(`${assess}\n${ask}\n${last}`));
    expect(definition.steps[2]?.depends_on).toEqual([{ step: "assess", optional: true }]);
  });

  test("does a step that continues after a failure have an error to read?", () => {
    const tolerant = assess.replace("depends_on: [get]", "depends_on: [get], on_error: continue");
    const reads = (field: string) =>
      `${tolerant}\n  - { id: count, agent: data_agent, action: count_customers, depends_on: [assess], when: "\${assess.${field} = 'x'}" }`;
    expect(said(flow(reads("error")))).toEqual([]);
    expect(said(flow(reads("risk_level")))).toEqual([]);
    expect(said(flow(reads("eror"))).join()).toContain("did you mean error?");
  });

  test("is the failure's mail held to what every execution has?", () => {
    expect(mail("${admin_email}")).toBe("");
    expect(mail("ops@example.com")).toBe("");
    expect(mail("${admin_mail}")).toContain('there is no root "admin_mail"; did you mean admin_email?');
    expect(mail("${count.email}")).toContain("here no step's output can be read");
    expect(mail("to ${admin_email}")).toContain("one mail address");
    expect(mail("nobody")).toContain("one mail address");
  });

  test("is a place found behind quotes, escapes and indentation?", () => {
    const wrong = "${assess.nope}";
    const titles = [wrong, `'it''s ${wrong}'`, `"a\\tb\\u0041\\"${wrong}"`, `|\n        first\n        then ${wrong}`];
    for (const text of titles.map(event)) {
      expect(said(text).join()).toContain(`${placeOf(text, "nope")} assess has no field "nope"`);
    }
    const folded = event(`>\n        folded ${wrong}`);
    expect(said(folded).join()).toContain(`${placeOf(folded, ">")} assess has no field "nope"`);
  });
});
