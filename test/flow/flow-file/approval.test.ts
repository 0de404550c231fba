import { describe, expect, test } from "vitest";
import { definitionOf, flow, said } from "../fixtures/reading.ts";

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
        approvers: ["role:lead"],
        quorum: 1,
        reason_required: [],
        requester_may_decide: false,
        on_timeout: "expire",
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
    ["approvers: [role:a], timeout: P3D, on_timeout: escalate", 'on_timeout "escalate" is not supported yet'],
    ["approvers: [role:a], remind_after: PT4H", '"remind_after" is not supported yet'],
    ["approvers: [role:a], editable: [x]", '"editable" is not supported yet'],
    ["approvers: [role:a], agent: data_agent", '"agent" doesn\'t go with a step of type approval'],
    ["approvers: [role:a], requester_may_decide: yes", "requester_may_decide must be true or false, not a text"],
  ])("is %s refused?", (keys, message) => {
    expect(said(approval(keys)).join("\n")).toContain(message);
  });
});
