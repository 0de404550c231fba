import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FlowFolderWatch } from "../../src/flow/flow-folder-watch.ts";
import { catalogue } from "./fixtures/catalogue.ts";

function yaml({ flowId = "f", version = "1.0", description = "x" } = {}): string {
  return `flow_id: ${flowId}
version: "${version}"
description: ${description}
steps: [{ id: count, agent: data_agent, action: count_customers }]
`;
}

let folder = "";
let watch = new FlowFolderWatch({ folders: [], catalogue, variables: {} });
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "flows-"));
  watch = new FlowFolderWatch({ folders: [folder], catalogue, variables: {} });
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const write = (name: string, text: string) => writeFile(join(folder, name), text);
const known = () => watch.registry.all().map(({ definition: { flow_id, version } }) => `${flow_id} ${version}`);
const said = () => watch.problems.map(({ message }) => message);

describe("a look at the folders", () => {
  test("is nothing told, and nothing read, while no file changes?", async () => {
    await write("f.yml", yaml());
    expect(await watch.look()).toMatchObject({ changes: [{ flowId: "f", before: null }], newProblems: [] });
    const before = watch.registry;
    expect(await watch.look()).toBeNull();
    expect(watch.registry).toBe(before);
  });

  test("is a new file, a new version and new content under the old version picked up?", async () => {
    await write("f.yml", yaml());
    await watch.look();
    await write("g.yml", yaml({ flowId: "g" }));
    await write("f.yml", yaml({ version: "1.1" }));
    const changes = await watch.look();
    expect(known()).toEqual(["f 1.1", "g 1.0"]);
    expect(changes?.changes).toMatchObject([
      { flowId: "f", before: { version: "1.0" }, after: { version: "1.1" }, file: join(folder, "f.yml") },
      { flowId: "g", before: null, after: { version: "1.0" } },
    ]);
    await write("f.yml", yaml({ version: "1.1", description: "other" }));
    expect((await watch.look())?.changes).toMatchObject([
      { before: { description: "x" }, after: { description: "other" } },
    ]);
  });

  test("is content of the same length seen, and a touch without content no change?", async () => {
    await write("f.yml", yaml({ description: "a" }));
    await watch.look();
    await write("f.yml", yaml({ description: "b" }));
    await utimes(join(folder, "f.yml"), 2_000_000_000, 2_000_000_000);
    expect((await watch.look())?.changes).toHaveLength(1);
    await utimes(join(folder, "f.yml"), 2_000_000_001, 2_000_000_001);
    expect(await watch.look()).toEqual({ changes: [], newProblems: [] });
  });

  test("does a broken file keep the flow that it last gave, and say so once, until it is mended?", async () => {
    await write("f.yml", yaml());
    await write("g.yml", yaml({ flowId: "g" }));
    await watch.look();
    await write("f.yml", yaml({ version: "2.0" }).replace("count_customers", "count_custmers"));
    const broken = await watch.look();
    expect(known()).toEqual(["f 1.0", "g 1.0"]);
    expect(broken?.changes).toEqual([]);
    expect(broken?.newProblems).toEqual(watch.problems);
    expect(said()).toEqual([
      'data_agent has no action "count_custmers"; did you mean count_customers?',
      "f 1.0 as it was before goes on until this is mended",
    ]);
    await write("g.yml", yaml({ flowId: "g", version: "1.1" }));
    expect((await watch.look())?.newProblems).toEqual([]);
    expect(known()).toEqual(["f 1.0", "g 1.1"]);
    await write("f.yml", yaml({ version: "2.0" }));
    await watch.look();
    expect(known()).toEqual(["f 2.0", "g 1.1"]);
    expect(said()).toEqual([]);
  });

  test.each([
    ["emptied, as by an editor that is still writing", ""],
    ["no YAML any more", "flow_id: ["],
    ["another flow's id and broken", yaml({ flowId: "g" }).replace("count_customers", "nothing")],
  ])("does a file that is %s take nothing away?", async (_, text) => {
    await write("f.yml", yaml());
    await watch.look();
    await write("f.yml", text);
    await watch.look();
    expect(known()).toEqual(["f 1.0"]);
    expect(said().at(-1)).toBe("f 1.0 as it was before goes on until this is mended");
  });

  test("broken from the start, has it nothing to go on with?", async () => {
    await write("f.yml", "flow_id: [");
    await watch.look();
    expect(known()).toEqual([]);
    expect(said().join()).not.toContain("goes on");
  });

  test("does what a broken file last gave stand back where another file gives that version?", async () => {
    await write("f.yml", yaml());
    await watch.look();
    await write("f.yml", "flow_id: [");
    await write("other.yml", yaml({ description: "moved here" }));
    await watch.look();
    expect(watch.registry.get({ flowId: "f" })?.definition.description).toBe("moved here");
    expect(said().join()).not.toContain("goes on");
  });

  test("is the flow of a removed file gone, and of a renamed one still there?", async () => {
    await write("f.yml", yaml());
    await write("g.yml", yaml({ flowId: "g" }));
    await watch.look();
    await rm(join(folder, "f.yml"));
    await rename(join(folder, "g.yml"), join(folder, "renamed.yml"));
    expect((await watch.look())?.changes).toMatchObject([{ flowId: "f", after: null }]);
    expect(known()).toEqual(["g 1.0"]);
    expect(watch.registry.get({ flowId: "g" })?.file).toBe(join(folder, "renamed.yml"));
  });

  test("does a folder that goes away keep its flows, and take up what is there when it is back?", async () => {
    await mkdir(join(folder, "deep"));
    await write("deep/f.yml", yaml());
    await watch.look();
    await rename(folder, `${folder}-away`);
    await watch.look();
    expect(known()).toEqual(["f 1.0"]);
    expect(said()[0]).toContain("this folder of flows can't be read");
    await rename(`${folder}-away`, folder);
    await write("deep/f.yml", yaml({ version: "2.0" }));
    await watch.look();
    expect(known()).toEqual(["f 2.0"]);
    expect(said()).toEqual([]);
  });

  test("do looks at the same time see one change once?", async () => {
    await write("f.yml", yaml());
    const looks = await Promise.all([watch.look(), watch.look(), watch.look()]);
    expect(looks.filter((look) => look !== null)).toHaveLength(1);
  });
});
