/** What processes and all below them cost, from Linux's /proc. */
import { readdir, readFile } from "node:fs/promises";

const ticksPerSecond = 100;

interface Stat {
  pid: number;
  parent: number;
  cpuSeconds: number;
}

/** User and system time of those that live, and of those that they have seen end. */
export async function cpuSeconds(root: number): Promise<number> {
  return (await tree(root)).reduce((sum, stat) => sum + stat.cpuSeconds, 0);
}

/** MiB; what several share counts once. */
export async function memoryMiB(root: number): Promise<number> {
  const sizes = await Promise.all((await tree(root)).map(({ pid }) => pssKiB(pid)));
  return sizes.reduce((sum, size) => sum + size, 0) / 1_024;
}

async function tree(root: number): Promise<Stat[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const all = (await Promise.all(names.map(statOf))).filter((stat) => stat !== null);
  const found = new Set([root]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => found.has(pid));
}

/** Null: it has ended meanwhile. */
async function statOf(pid: string): Promise<Stat | null> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (text === null) return null;
  // A name in brackets may hold anything.
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const ticks = fields.slice(11, 15).reduce((sum, each) => sum + each, 0);
  return { pid: Number(pid), parent: fields[1] ?? 0, cpuSeconds: ticks / ticksPerSecond };
}

async function pssKiB(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
}
