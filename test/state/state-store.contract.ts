/** What every state store must do, whatever it stands on. A store's own test file calls this with its setup. */
import { describe } from "vitest";
import { testAudit } from "./contract/audit.ts";
import { testCases } from "./contract/cases.ts";
import { testClosing } from "./contract/closing.ts";
import { contractFor, type TestedStore } from "./contract/contract.ts";
import { testCorruptRecords } from "./contract/corrupt-records.ts";
import { testLeases } from "./contract/leases.ts";
import { testLists } from "./contract/lists.ts";
import { testLogs } from "./contract/logs.ts";
import { testRecords } from "./contract/records.ts";
import { testRemoval } from "./contract/removal.ts";

export type { TestedStore } from "./contract/contract.ts";

export function testStateStore(tested: TestedStore): void {
  describe(`${tested.name} as a state store`, () => {
    const contract = contractFor(tested);
    testLogs(contract);
    testLists(contract);
    testCorruptRecords(contract);
    testRecords(contract);
    testCases(contract);
    testAudit(contract);
    testRemoval(contract);
    testLeases(contract);
    testClosing(contract);
  });
}
