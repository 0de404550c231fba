import { describe, expect, test } from "vitest";
import { start } from "../sample-records.ts";
import type { Contract } from "./contract.ts";

export function testLeases(contract: Contract): void {
  describe("leases (D5)", () => {
    test("Is nobody gone who holds a lease, and everybody who doesn't?", async () => {
      const lease = await contract.store.openLease({ owner: "owner-1" });
      expect(lease.owner).toBe("owner-1");
      expect(lease.expiresAt()).toBeGreaterThan(start);
      expect(await contract.store.isGone({ owner: "owner-1" })).toBe(false);
      expect(await contract.store.isGone({ owner: "never-seen" })).toBe(true);
      await lease.release();
      await lease.release();
      expect(await contract.store.isGone({ owner: "owner-1" })).toBe(true);
    });

    test("Can a lease be taken twice, or under a name that is a path?", async () => {
      const lease = await contract.store.openLease({ owner: "owner-1" });
      await expect(contract.store.openLease({ owner: "owner-1" })).rejects.toThrow("already held");
      await expect(contract.store.openLease({ owner: "../owner" })).rejects.toThrow(RangeError);
      await expect(contract.store.isGone({ owner: "" })).rejects.toThrow(RangeError);
      await lease.release();
      const again = await contract.store.openLease({ owner: "owner-1" });
      await lease.release();
      expect(await contract.store.isGone({ owner: "owner-1" })).toBe(false);
      await again.release();
    });
  });
}
