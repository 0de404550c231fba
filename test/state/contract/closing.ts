import { describe, expect, test } from "vitest";
import { StoreUnavailableError } from "../../../src/state/state-store.ts";
import { sampleEntry, sampleHeader } from "../sample-records.ts";
import type { Contract } from "./contract.ts";

export function testClosing(contract: Contract): void {
  describe("closing", () => {
    test("Is what was asked for before the close written, and what comes after refused?", async () => {
      const before = contract.store.create({ header: sampleHeader(), entry: sampleEntry() });
      const closing = contract.store.close();
      await expect(contract.store.append({ entry: sampleEntry({ sequence: 2 }) })).rejects.toThrow(
        StoreUnavailableError,
      );
      await expect(contract.store.nextWake()).rejects.toThrow(StoreUnavailableError);
      expect(await before).toBe(true);
      await closing;
      await contract.store.close();
    });
  });
}
