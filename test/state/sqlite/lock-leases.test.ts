import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openSqliteStateStore } from "../../../src/state/sqlite/sqlite-state-store.ts";
import { StoreUnavailableError } from "../../../src/state/state-store.ts";
import { childProcesses } from "./child-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

describe("leases as locks of the operating system (D5)", { timeout: 30_000 }, () => {
  const temporary = temporaryFolder();
  const start = childProcesses();

  test("Does a killed process's lease fall at once, and not a moment before?", async () => {
    const path = temporary("revops.db");
    const store = await openSqliteStateStore({ path });
    const child = start("lease-child.ts", path, "child");
    expect(await child.line()).toBe("held");
    expect(await store.isGone({ owner: "child" })).toBe(false);
    expect(await store.isGone({ owner: "child" })).toBe(false);
    await child.kill();
    expect(await store.isGone({ owner: "child" })).toBe(true);
    await store.close();
  });

  test("Do the dead's files go, the living's stay, when the next process takes its lease?", async () => {
    const path = temporary("revops.db");
    const [dead, living] = [start("lease-child.ts", path, "dead"), start("lease-child.ts", path, "living")];
    await Promise.all([dead.line(), living.line()]);
    await dead.kill();
    writeFileSync(join(`${path}.leases`, "notes.txt"), "not ours");
    writeFileSync(join(`${path}.leases`, "broken.lock"), "no database at all, just some words ".repeat(50));
    const store = await openSqliteStateStore({ path });
    await store.openLease({ owner: "next" });
    expect(readdirSync(`${path}.leases`).toSorted()).toEqual(["broken.lock", "living.lock", "next.lock", "notes.txt"]);
    expect(await store.isGone({ owner: "living" })).toBe(false);
    expect(await store.isGone({ owner: "dead" })).toBe(true);
    await store.close();
  });

  test("Does asking, or another process's start, ever loosen a living lease?", async () => {
    const path = temporary("revops.db");
    const child = start("lease-child.ts", path, "child");
    await child.line();
    const stores = await Promise.all([openSqliteStateStore({ path }), openSqliteStateStore({ path })]);
    for (let round = 0; round < 20; round += 1) {
      for (const [index, store] of stores.entries()) {
        const lease = await store.openLease({ owner: `asker-${index}` });
        expect(await Promise.all(stores.map((asker) => asker.isGone({ owner: "child" })))).toEqual([false, false]);
        await lease.release();
      }
    }
    await Promise.all(stores.map((store) => store.close()));
  });

  test("Two stores in one process: does each see the other's lease, and its end with the store?", async () => {
    const path = temporary("revops.db");
    const [one, other] = [await openSqliteStateStore({ path }), await openSqliteStateStore({ path })];
    const lease = await one.openLease({ owner: "one" });
    await other.openLease({ owner: "other" });
    expect([await other.isGone({ owner: "one" }), await one.isGone({ owner: "other" })]).toEqual([false, false]);
    await expect(other.openLease({ owner: "one" })).rejects.toThrow("owner of its own");
    await lease.release();
    expect(await other.isGone({ owner: "one" })).toBe(true);
    await other.close();
    expect(await one.isGone({ owner: "other" })).toBe(true);
    expect(readdirSync(`${path}.leases`)).toEqual([]);
    await one.close();
  });

  test("Do processes that came by different paths look in the same place?", async () => {
    const path = temporary("revops.db");
    const link = join(temporary("elsewhere"), "..", "link.db");
    const store = await openSqliteStateStore({ path });
    symlinkSync(path, link);
    const linked = await openSqliteStateStore({ path: link });
    await linked.openLease({ owner: "linked" });
    expect(await store.isGone({ owner: "linked" })).toBe(false);
    expect(existsSync(`${link}.leases`)).toBe(false);
    await Promise.all([store.close(), linked.close()]);
  });

  test("Is a lock that cannot be judged taken for a dead one's?", async () => {
    const path = temporary("revops.db");
    const store = await openSqliteStateStore({ path });
    mkdirSync(`${path}.leases/odd.lock`, { recursive: true });
    await expect(store.isGone({ owner: "odd" })).rejects.toThrow(StoreUnavailableError);
    await store.close();
  });
});
