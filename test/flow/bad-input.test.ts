/** What a folder of flows may hold by mistake or by malice: each is a problem at its place, and the others load all the same. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LateError, type Within } from "../../src/flow/module-file.ts";
import { loadFlowFolders } from "../../src/flow/registry.ts";
import { catalogue } from "./fixtures/catalogue.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bad-input-"));
  await write("good.yml", flow("good"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
const step = "{ id: count, agent: data_agent, action: count_customers }";
const flow = (id: string, more = "") => `flow_id: ${id}\nversion: "1.0"\n${more}steps: [${step}]\n`;
const steps = (count: number) =>
  Array.from({ length: count }, (_, index) => `  - { id: s${index}, agent: data_agent, action: count_customers }\n`);

async function load() {
  const { flows, problems } = await loadFlowFolders({ folders: [folder], catalogue, variables: {} });
  return {
    flows: flows.map(({ definition }) => definition.flow_id),
    said: problems.map(
      ({ file, line, column, message }) => `${file.slice(folder.length + 1)}:${line}:${column} ${message}`,
    ),
  };
}

/** The file says this, the other flow is there. */
async function refused(said: RegExp, name = "bad.yml"): Promise<void> {
  const loaded = await load();
  expect(loaded.flows).toEqual(["good"]);
  expect(loaded.said.join("\n")).toMatch(said);
  for (const line of loaded.said) expect(line.startsWith(`${name}:`)).toBe(true);
}

const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${"bcdefghi"
  .split("")
  .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefghi"[index]}`).join(", ")}]\n`)
  .join("")}`;

describe("a file", () => {
  it.each<[string, string, RegExp]>([
    [
      "of 501 steps",
      `flow_id: many\nversion: "1.0"\nsteps:\n${steps(501).join("")}`,
      /^bad\.yml:\d+:\d+ .*a flow may have 500 steps; this one has/,
    ],
    [
      "of 1,000 steps",
      `flow_id: many\nversion: "1.0"\nsteps:\n${steps(1000).join("")}`,
      /^bad\.yml:\d+:\d+ .*a flow may have 500 steps; this one has/,
    ],
    ["that is a bomb of aliases", `${bomb}${flow("bomb")}`, /^bad\.yml:2:8 YAML aliases .* are not supported/m],
    ["with one key twice", flow("twice", "flow_id: other\n"), /^bad\.yml:3:1 /],
    ["indented by tabs", `flow_id: tabs\nversion: "1.0"\nsteps:\n\t- ${step}\n`, /^bad\.yml:4:1 .*tab/i],
    ["that is a list", "- 1\n- 2\n", /^bad\.yml:1:1 /],
    ["that is a number", "42\n", /^bad\.yml:1:1 /],
    ["that is empty", "", /^bad\.yml:1:1 /],
    ["of blanks and comments", "# nothing\n\n", /^bad\.yml:1:1 /],
    ["of two documents", `${flow("one")}---\n${flow("two")}`, /^bad\.yml:\d+:\d+ /],
    ["whose steps are a text", 'flow_id: wrong\nversion: "1.0"\nsteps: all\n', /^bad\.yml:3:8 /],
    ["whose version is a list", "flow_id: wrong\nversion: [1]\nsteps: []\n", /^bad\.yml:2:10 /],
    ["with a step that is null", 'flow_id: wrong\nversion: "1.0"\nsteps: [null]\n', /^bad\.yml:3:9 /],
    ["called __proto__", flow("__proto__"), /^bad\.yml:1:10 .*small letters/],
    [
      "called constructor in a path",
      flow("path", "concurrency: { key: '${input.constructor}', limit: 1 }\n"),
      /^bad\.yml:3:\d+ .*constructor/,
    ],
    [
      "with __proto__ in an expression's path",
      `flow_id: path\nversion: "1.0"\nsteps:\n  - ${step}\n  - { id: b, agent: data_agent, action: count_customers, depends_on: [count], when: "\${count.__proto__.x = 1}" }\n`,
      /^bad\.yml:5:\d+ .*__proto__/,
    ],
    ["with a key __proto__", flow("proto", "__proto__: { polluted: true }\n"), /^bad\.yml:3:1 .*__proto__/],
    [
      "with an input constructor",
      flow("proto", "input: { __proto__: { type: string } }\n"),
      /^bad\.yml:3:\d+ .*__proto__/,
    ],
    ["that extends itself by another", flow("one", "extends: two\n"), /^bad\.yml:3:\d+ .*two/],
    ["cut off in the middle", flow("cut").slice(0, 40), /^bad\.yml:\d+:\d+ /],
    ["nested without end", `flow_id: deep\nversion: "1.0"\ninput: ${"[".repeat(20_000)}\n`, /^bad\.yml:\d+:\d+ /],
  ])("%s", async (_what, text, said) => {
    await write("bad.yml", text);
    await refused(said);
    expect(Object.prototype).not.toHaveProperty("polluted");
  });

  it("of 500 steps loads", async () => {
    await write("many.yml", `flow_id: many\nversion: "1.0"\nsteps:\n${steps(500).join("")}`);
    expect(await load()).toEqual({ flows: ["good", "many"], said: [] });
  });

  it("with a byte order mark and a carriage return at each line's end loads", async () => {
    await write("windows.yml", `\uFEFF${flow("windows").replaceAll("\n", "\r\n")}`);
    expect(await load()).toEqual({ flows: ["good", "windows"], said: [] });
  });

  it("that isn't UTF-8 is refused rather than read as something else", async () => {
    await write("bad.yml", Buffer.from(flow("latin", "description: Grüße\n"), "latin1"));
    expect((await load()).flows).toEqual(["good"]);
    await refused(/^bad\.yml:1:1 .*UTF-8/);
  });

  it("of ten megabytes is refused before it is read", async () => {
    await write("bad.yml", `${flow("large")}# ${"x".repeat(10_000_000)}\n`);
    expect((await load()).flows).toEqual(["good"]);
    await refused(/^bad\.yml:1:1 .*far too large/);
  });

  it("that is a folder is no flow; a link to a folder, or to nowhere, is told", async () => {
    await mkdir(join(folder, "folder.yml"));
    await write("folder.yml/inner.yml", flow("inner"));
    await symlink(join(folder, "nowhere"), join(folder, "gone.yml"));
    await symlink(join(folder, "folder.yml"), join(folder, "linked.yml"));
    expect(await load()).toEqual({
      flows: ["inner", "good"],
      said: [
        "gone.yml:1:1 this file can't be read (it isn't there)",
        "linked.yml:1:1 this file can't be read (it is a folder)",
      ],
    });
  });
});

it("two flows that extend each other are told as such, each at its place", async () => {
  await write("one.yml", flow("one", "extends: two\n"));
  await write("two.yml", flow("two", "extends: one\n"));
  const { flows, said } = await load();
  expect(flows).toEqual(["good"]);
  expect(said.join("\n")).toMatch(/^two\.yml:3:10 these flows extend each other, without an end: one → two → one/m);
});

it("two files of one flow and version with other content are refused by name, with both paths", async () => {
  await write("other.yml", flow("good", "description: another\n"));
  const { flows, said } = await load();
  expect(flows).toEqual(["good"]);
  expect(said).toEqual([
    `other.yml:1:1 good 1.0 is defined here and, otherwise, in ${join(folder, "good.yml")}; the first counts: give one another version`,
  ]);
});

it("a file in TypeScript that throws, or waits for what never comes, is told and holds nobody up", async () => {
  await write("throws.ts", 'const path = "x";\nthrow new Error(`no ${path}`);\n');
  await write("waits.ts", "await new Promise(() => {});\n");
  const asked: Promise<unknown>[] = [];
  // The second of the two, in the order of their names.
  const within: Within = (work) => (asked.push(work) === 2 ? Promise.reject(new LateError()) : work);
  const { flows, problems } = await loadFlowFolders({ folders: [folder], catalogue, variables: {}, within });
  expect(flows.map(({ definition }) => definition.flow_id)).toEqual(["good"]);
  expect(problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
    "2 this file can't be loaded: no x",
    expect.stringMatching(/^1 this file isn't loaded after 10 seconds/),
  ]);
});
