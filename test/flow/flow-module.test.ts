/** Flow files in TypeScript: what they register is theirs, wherever it goes wrong. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { registeredFlows } from "../../src/flow/api/registered-flows.ts";
import { FlowFolderWatch } from "../../src/flow/flow-folder-watch.ts";
import { catalogue } from "./fixtures/catalogue.ts";

let folder = "";
let watch = new FlowFolderWatch({ folders: [], catalogue, variables: {} });
beforeEach(async () => {
  // Within the repository: there the package knows its own name.
  folder = await mkdtemp(resolve(import.meta.dirname, ".flow-module-"));
  watch = new FlowFolderWatch({ folders: [folder], catalogue, variables: {} });
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const write = (text: string, name = "f.ts") => writeFile(join(folder, name), text);
const known = () => watch.registry.all().map(({ definition: { flow_id, version } }) => `${flow_id} ${version}`);
const said = () => watch.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

const program = (flows: string) => `import { Flow, Step } from "revops-flows";
const count = new Step({ id: "count", agent: "data_agent", action: "count_customers" });
function make(flowId: string, version: string): void {
  new Flow({ flowId, version }).addStep(count).register();
}
${flows}
`;

describe("a flow file in TypeScript", () => {
  test("is what it registers taken up as its own, and none of the program's?", async () => {
    const { revision } = registeredFlows;
    await write(program('make("a", "1.0"); make("b", "2.1");'));
    expect((await watch.look())?.changes).toMatchObject([
      { flowId: "a", file: join(folder, "f.ts") },
      { flowId: "b", file: join(folder, "f.ts") },
    ]);
    expect(known()).toEqual(["a 1.0", "b 2.1"]);
    expect(registeredFlows.revision).toBe(revision);
    expect(said()).toEqual([]);
  });

  test("is a change taken up, and is it still known when only another file changes?", async () => {
    await write(program('make("a", "1.0");'));
    await watch.look();
    await write(program('make("a", "1.1"); make("b", "1.0");'));
    await watch.look();
    await write(program('make("c", "1.0");'), "other.ts");
    await watch.look();
    expect(known()).toEqual(["a 1.1", "b 1.0", "c 1.0"]);
    await write(program('make("b", "1.0");'));
    expect((await watch.look())?.changes).toMatchObject([{ flowId: "a", after: null }]);
    expect(known()).toEqual(["b 1.0", "c 1.0"]);
  });

  test("do a file that throws and one that is no TypeScript keep what they last gave, and say where?", async () => {
    await write(program('make("a", "1.0");'));
    await watch.look();
    await write(program('throw new Error("no such\\nluck");'));
    await watch.look();
    expect(known()).toEqual(["a 1.0"]);
    expect(said()[0]).toMatch(/^\d+:\d+ this file can't be loaded: no such$/);
    await write("const = 1;");
    await watch.look();
    expect(known()).toEqual(["a 1.0"]);
    expect(said()[0]).toContain("this file can't be loaded");
    await write('import "no-such-package";');
    await watch.look();
    expect(said()[0]).toContain("no-such-package");
  });

  test("is a broken flow of two told with step and key, and does it go on as it was beside the good one?", async () => {
    await write(program('make("a", "1.0"); make("b", "1.0");'));
    await watch.look();
    const wrong = 'const step = new Step({ id: "x", agent: "data_agent", action: "count_custmers" });';
    await write(
      program(`make("a", "1.1"); ${wrong} new Flow({ flowId: "b", version: "1.1" }).addStep(step).register();`),
    );
    await watch.look();
    expect(known()).toEqual(["a 1.1", "b 1.0"]);
    expect(said()).toEqual([
      '1:1 step x, action: data_agent has no action "count_custmers"; did you mean count_customers?',
      "1:1 b 1.0 as it was before goes on until this is mended",
    ]);
  });

  test("is one that registers nothing told, and are tests and declarations left alone?", async () => {
    await write("export {};");
    await write("throw new Error('a test');", "f.test.ts");
    await write("throw new Error('a declaration');", "f.d.ts");
    await watch.look();
    expect(said()).toEqual([expect.stringContaining("this file registers no flow")]);
  });
});
