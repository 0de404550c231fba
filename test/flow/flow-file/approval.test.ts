import { describe, expect, test } from "vitest";
import { definitionOf, flow, said } from "../fixtures/reading.ts";

const steps = (editable: string) =>
  flow(`
  - { id: assess, agent: decision_agent, action: assess_renewal_risk, parameters: { model: renewal_risk_v2, threshold: 0.7 } }
  - { id: recommend, agent: decision_agent, action: generate_renewal_recommendations, depends_on: [assess] }
  - { id: ask, type: approval, approvers: [role:a], depends_on: [recommend], editable: ${editable} }`);

const approval = (keys: string) => flow(`  - { id: ask, type: approval, ${keys} }`);

describe("approvals", () => {
  test("are the defaults what the language says?", () => {
    expect(definitionOf(approval("approvers: role:lead")).steps).toEqual([
      {
        kind: "approval",
        id: "ask",
        depends_on: [],
        when: null,
        timeout_ms: null,
        due: null,
        late: "run",
        approvers: ["role:lead"],
        quorum: 1,
        reason_required: [],
        requester_may_decide: false,
        on_timeout: "expire",
        editable: [],
        remind_after_ms: null,
        escalate: null,
      },
    ]);
  });

  test.each([
    ["quorum: 1", "an approval needs approvers"],
    ["approvers: []", "approvers names nobody"],
    ["approvers: [lead]", '"lead" is no approver: a mail address, role:NAME'],
    ["approvers: ['rol:lead']", "did you mean role:lead?"],
    ["approvers: ['role:']", '"role:" is no approver'],
    ['approvers: ["role:${input.x}"]', "text around a ${…}"],
    ["approvers: [role:a], quorum: 0", "quorum must be a whole number from 1"],
    ["approvers: [role:a], reason_required: [rejected]", 'there is no decision "rejected"; did you mean reject?'],
    ["approvers: [role:a], on_timeout: approve", "on_timeout needs a timeout"],
    ["approvers: [role:a], timeout: P3D, on_timeout: escalate", "needs escalate: { to: role:revops_lead }"],
    ["approvers: [role:a], remind_after: 4h", 'remind_after: "4h" is no duration'],
    ["approvers: [role:a], escalate: { after: P1D }", "escalate needs to"],
    ["approvers: [role:a], escalate: { to: lead }", '"lead" is no approver'],
    ["approvers: [role:a], escalate: { to: role:b, when: P1D }", 'escalate has no key "when"'],
    ["approvers: [role:a], editable: [x]", 'nothing that this approval depends on gives a field "x"'],
    ["approvers: [role:a], agent: data_agent", '"agent" doesn\'t go with a step of type approval'],
    ["approvers: [role:a], requester_may_decide: yes", "requester_may_decide must be true or false, not a text"],
  ])("is %s refused?", (keys, message) => {
    expect(said(approval(keys)).join("\n")).toContain(message);
  });
});

describe("what may be edited", () => {
  test.each([
    ["[recommendations]", [{ step: "recommend", field: "recommendations" }]],
    ["recommendations", [{ step: "recommend", field: "recommendations" }]],
    ["[assess.risk_score, risk_score]", [{ step: "assess", field: "risk_score" }]],
  ])("%s is found", (editable, found) => {
    expect(definitionOf(steps(editable)).steps.at(-1)).toMatchObject({ editable: found });
  });

  test.each([
    ["[recomendations]", "did you mean recommendations?"],
    ["[assess.recommendations]", 'nothing that this approval depends on gives a field "assess.recommendations"'],
    ["[ask.decision]", "nothing that this approval depends on"],
  ])("%s is not", (editable, message) => {
    expect(said(steps(editable)).join("\n")).toContain(message);
  });

  test("a field of two steps needs its step", () => {
    const twice = flow(`
  - { id: assess, agent: decision_agent, action: assess_renewal_risk, parameters: { model: renewal_risk_v2, threshold: 0.7 } }
  - { id: again, agent: decision_agent, action: assess_renewal_risk, parameters: { model: renewal_risk_v2, threshold: 0.5 } }
  - { id: ask, type: approval, approvers: [role:a], depends_on: [assess, again], editable: risk_score }`);
    expect(said(twice).join("\n")).toContain("write assess.risk_score or again.risk_score");
  });
});

test("times at or after the timeout are warned of", () => {
  const late = approval("approvers: [role:a], timeout: P1D, remind_after: P1D, escalate: { after: P2D, to: role:b }");
  expect(said(late).join("\n")).toMatch(/remind_after is not before the timeout.*\n.*after is not before the timeout/);
});
