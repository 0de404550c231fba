/** Is somebody who starts the app told what is wrong in their files, and where? */
import { describe, expect, it } from "vitest";
import { customerLines, flowLines, setUpLines } from "../../src/app/start-lines.ts";
import { approvalStep, flow } from "../engine/flows.ts";

describe("customerLines", () => {
  const files = [
    { file: "customers.csv", used: 1, leftOut: 2 },
    { file: "usage.csv", used: 40, leftOut: 0 },
  ];

  it("names each bad row, then counts by file; a file without one isn't mentioned", () => {
    const problems = [{ file: "customers.csv", line: 3, column: 9, message: "arr: 12k is no number" }];
    expect(customerLines({ folder: "crm", source: { problems, files } })).toEqual([
      "crm/customers.csv:3:9: arr: 12k is no number",
      "crm/customers.csv: 1 row used, 2 left out",
    ]);
  });

  it("doesn't fill the terminal with a column that is wrong throughout", () => {
    const problems = Array.from({ length: 500 }, (_, index) => ({
      file: "customers.csv",
      line: index + 2,
      column: 1,
      message: "wrong",
    }));
    const lines = customerLines({ folder: "crm", source: { problems, files } });
    expect(lines).toHaveLength(22);
    expect(lines[20]).toBe("and 480 more problems in crm");
  });

  it("says nothing where nothing is wrong", () => {
    expect(customerLines({ folder: "crm", source: { problems: [], files: files.slice(1) } })).toEqual([]);
  });
});

describe("flowLines", () => {
  it("tells a warning from an error", () => {
    const place = { file: "flows/a.yml", line: 2, column: 4 };
    expect(
      flowLines([
        { ...place, severity: "error", message: "a cycle" },
        { ...place, severity: "warning", message: "an open window" },
      ]),
    ).toEqual(["flows/a.yml:2:4: a cycle", "flows/a.yml:2:4: warning: an open window"]);
  });
});

describe("setUpLines", () => {
  const folders = ["flows", "more"];

  function about(approvers: string[], roles: Record<string, string[]>, escalate?: string[]): string[] {
    const step = approvalStep("approve", {
      approvers,
      escalate: escalate === undefined ? null : { after_ms: null, to: escalate },
    });
    return setUpLines({ flows: [{ definition: flow([step]), file: "flows/renewal.yml" }], folders, roles });
  }

  it("names a role that an approval asks and nobody has, with the nearest that there is", () => {
    expect(about(["role:revops_led", "a@example.com"], { revops_lead: ["a@example.com"] })).toEqual([
      "flows/renewal.yml: approve asks role:revops_led, and revops.yml has no such role. Did you mean role:revops_lead?",
    ]);
  });

  it("looks at whom an approval goes on to as well, and says the same thing once", () => {
    expect(about(["role:lead"], {}, ["role:lead", "role:cro"])).toEqual([
      "flows/renewal.yml: approve asks role:lead, and revops.yml has no such role. Name its people under roles.",
      "flows/renewal.yml: approve asks role:cro, and revops.yml has no such role. Name its people under roles.",
    ]);
  });

  it("takes no expression, group or address for a role", () => {
    expect(about(["${customer.account_manager_email}", "group:role", "role@example.com"], {})).toEqual([]);
    expect(about(["role:revops_lead"], { revops_lead: ["a@example.com"] })).toEqual([]);
  });

  it("says where no flow was found", () => {
    expect(setUpLines({ flows: [], folders, roles: {} })).toEqual([
      "there is no flow in flows, more that can be used; see REVOPS_FLOWS",
    ]);
  });
});
