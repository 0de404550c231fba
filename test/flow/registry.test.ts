import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readFlowFile } from "../../src/flow/flow-file.ts";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import { FlowRegistry, loadFlowFolders } from "../../src/flow/registry.ts";
import { compareVersions } from "../../src/flow/version.ts";
import { catalogue } from "./fixtures/catalogue.ts";

function yaml({ flowId = "f", version = "1.0", description = "x" } = {}): string {
  return `flow_id: ${flowId}
version: "${version}"
description: ${description}
steps: [{ id: count, agent: data_agent, action: count_customers }]
`;
}

function definition(parts: Parameters<typeof yaml>[0]): FlowDefinition {
  const read = readFlowFile({ file: "f.yml", text: yaml(parts), catalogue, variables: {} });
  return read.definition ?? expect.unreachable(JSON.stringify(read.problems));
}

const loaded = (parts: Parameters<typeof yaml>[0], file: string | null = null) => ({
  definition: definition(parts),
  file,
});

describe("the registry", () => {
  test("is 1.10 above 1.9, whatever the order of adding?", () => {
    const registry = new FlowRegistry();
    for (const version of ["1.9", "1.10", "1.2"]) registry.add(loaded({ version }));
    expect(registry.get({ flowId: "f" })?.definition.version).toBe("1.10");
    expect(registry.get({ flowId: "f", version: "1.2" })?.definition.version).toBe("1.2");
    expect(registry.get({ flowId: "f", version: "3" })).toBeNull();
    expect(registry.get({ flowId: "g" })).toBeNull();
  });

  test("does each flow stand in the list once, in its highest version?", () => {
    const registry = new FlowRegistry();
    for (const flowId of ["b", "a"]) for (const version of ["1", "2"]) registry.add(loaded({ flowId, version }));
    expect(registry.all().map(({ definition: { flow_id, version } }) => `${flow_id} ${version}`)).toEqual([
      "a 2",
      "b 2",
    ]);
  });

  test("is the same content twice no problem, and other content one that names both?", () => {
    const registry = new FlowRegistry();
    registry.add(loaded({}, "a.yml"));
    registry.add(loaded({}, "b.yml"));
    expect(registry.problems).toEqual([]);
    registry.add(loaded({ description: "other" }, "c.yml"));
    expect(registry.problems).toMatchObject([{ file: "c.yml", severity: "error" }]);
    expect(registry.problems[0]?.message).toContain("a.yml");
    expect(registry.get({ flowId: "f" })?.definition.description).toBe("x");
  });

  test("is the comparison of versions an order?", () => {
    const version = fc.array(fc.nat(12), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("."));
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        const isRising = compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0;
        expect(!isRising || compareVersions(a, c) <= 0).toBe(true);
      }),
    );
  });
});

describe("folders of flows", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "flows-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function write(files: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  }
  const load = (folders = [folder]) => loadFlowFolders({ folders, catalogue, variables: {} });

  test("does a broken file among good ones stop nothing?", async () => {
    await write({
      "standard/a.yml": yaml({ flowId: "a" }),
      "standard/broken.yml": yaml({ flowId: "broken" }).replace("count_customers", "count_custmers"),
      "custom/deep/b.yaml": yaml({ flowId: "b" }),
      "custom/no-yaml.yml": "flow_id: [",
    });
    const { flows, problems } = await load();
    expect(flows.map(({ definition: { flow_id } }) => flow_id).toSorted()).toEqual(["a", "b"]);
    expect(flows.find(({ definition: { flow_id } }) => flow_id === "b")?.file).toBe(join(folder, "custom/deep/b.yaml"));
    expect(problems.map(({ file }) => file)).toContain(join(folder, "custom/no-yaml.yml"));
    expect(problems).toContainEqual({
      file: join(folder, "standard/broken.yml"),
      line: 4,
      column: 49,
      message: 'data_agent has no action "count_custmers"; did you mean count_customers?',
      severity: "error",
    });
  });

  test("are tests beside flows, and other files, left alone?", async () => {
    await write({ "a.yml": yaml(), "a.test.yml": "no flow", "a.test.yaml": "no flow", "README.md": "no flow" });
    const { flows, problems } = await load();
    expect(flows).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  test("do two files of one flow and version with other content name each other?", async () => {
    await write({ "a.yml": yaml(), "b.yml": yaml({ description: "other" }), "c.yml": yaml({ version: "2" }) });
    const { flows, problems } = await load();
    expect(flows.map(({ definition: { version } }) => version)).toEqual(["1.0", "2"]);
    expect(problems).toMatchObject([{ file: join(folder, "b.yml"), line: 1, column: 1 }]);
    expect(problems[0]?.message).toContain(join(folder, "a.yml"));
  });

  test("is a folder that isn't there a problem that names it, and are the others read?", async () => {
    await write({ "a.yml": yaml() });
    const missing = join(folder, "nowhere");
    const { flows, problems } = await load([missing, folder, folder]);
    expect(flows).toHaveLength(1);
    expect(problems).toMatchObject([{ file: missing }]);
    expect(problems[0]?.message).toContain("REVOPS_FLOWS");
  });
});
