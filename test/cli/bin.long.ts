/** The command itself: does `npx revops` run from a clone in a bare environment, and do its streams and codes hold? */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sitDown, type Sitting } from "./terminal-line.ts";

const root = join(import.meta.dirname, "../..");
const timeout = 60_000;

let home = "";
let sitting: Sitting;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "home-"));
  sitting = await sitDown();
});
afterAll(async () => {
  await sitting.close();
  await rm(home, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Without what vitest's own npm has put in front: the Node that the machine has. */
const bareEnvironment = () => {
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((part) => !part.includes("node_modules"));
  return { PATH: path.join(delimiter), HOME: home, npm_config_update_notifier: "false", npm_config_offline: "true" };
};

function run(command: string, args: string[], environment: Record<string, string> = {}, input = ""): Promise<Ended> {
  const child = spawn(command, args, { cwd: root, env: { ...bareEnvironment(), ...environment } });
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.err += text));
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...said }));
  });
}

it("npx revops help", { timeout }, async () => {
  const { code, out, err } = await run("npx", ["revops", "help"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^npx revops COMMAND \[--json\]\n/);
});

it("npx revops with a wrong word: code 2, nothing on standard output", { timeout }, async () => {
  const { code, out, err } = await run("npx", ["revops", "stauts"]);
  expect({ code, out, err }).toEqual({ code: 2, out: "", err: "There is no command stauts. Did you mean status?\n" });
});

it("the file alone, by the Node that the machine has", { timeout }, async () => {
  const asked = ["next", "at(2030-01-31T09:00:00)", "--json"];
  expect(await run(join(root, "bin/revops.mjs"), asked)).toEqual({
    code: 0,
    err: "",
    out: '{\n  "times": [\n    "2030-01-31T09:00:00+00:00"\n  ]\n}\n',
  });
});

it("a start in one process is in the store for the next, without colours in a pipe", { timeout }, async () => {
  const cli = join(root, "bin/revops.mjs");
  const { environment } = sitting;
  const started = await run(cli, ["run", "review", "acme", "--json"], environment);
  expect(started).toMatchObject({ code: 0, err: "" });
  const status = await run(cli, ["status"], environment);
  expect(status.out).toMatch(
    /^EXECUTION +FLOW +CUSTOMER +STATUS +STARTED \(UTC\)\n\S+ +review 1\.0 +Acme Robotics +running /,
  );
  expect(status.out).not.toContain("\u{1b}");
});

it("whoever pipes y without a terminal isn't asked", { timeout }, async () => {
  const { environment } = sitting;
  const { code, err } = await run(join(root, "bin/revops.mjs"), ["abort", "--flow", "review"], environment, "y\n");
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("add --yes") });
});
