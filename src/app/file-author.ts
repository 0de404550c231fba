/** Who changed a file last, as far as that can be known: its last commit's author, where it stands in a git checkout and git is there. */
import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { promisify } from "node:util";
import type { Person } from "../flow/person.ts";

export interface Authorship {
  /** Null: nobody knows. */
  person: Person | null;
  /** `commit 1a2b3c4`, `not committed`, `user 1000 of this machine`. */
  how: string;
}

/** It hinders nobody: whoever waits has the rest already. */
const patienceMs = 2_000;
const run = promisify(execFile);

/** Never rejects. */
export async function authorOf(file: string): Promise<Authorship> {
  try {
    const [name = "", email = "", commit = ""] = (await git(file, "log", "-1", "--format=%aN%x1f%aE%x1f%h"))
      .trim()
      .split("\u001F");
    const isChanged = (await git(file, "status", "--porcelain")).trim() !== "";
    if (!isChanged && commit !== "")
      return { person: { user_id: email.toLowerCase(), email: email.toLowerCase(), name }, how: `commit ${commit}` };
    return { person: null, how: "not committed" };
  } catch {
    const found = await stat(file).catch(() => null);
    return { person: null, how: found === null ? "the file is gone" : `user ${found.uid} of this machine` };
  }
}

async function git(file: string, ...args: string[]): Promise<string> {
  // Nothing that the checkout's own settings name is started.
  const options = ["-c", "core.fsmonitor=false", "-C", dirname(file), ...args, "--", basename(file)];
  const { stdout } = await run("git", options, {
    timeout: patienceMs,
    env: { ...process.env, GIT_OPTIONAL_LOCKS: "0" },
  });
  return stdout;
}
