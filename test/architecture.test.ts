/** DESIGN §3, asserted from the imports themselves: a linter change can't lose the layers. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const source = resolve(import.meta.dirname, "../src");

/** What each layer may import besides itself: whole layers, or single files. */
const layers: Record<string, string[]> = {
  flow: [],
  state: ["flow"],
  agents: ["flow"],
  notify: ["flow"],
  engine: [
    "flow",
    "state/state-store.ts",
    "agents/agent.ts",
    "agents/answerer.ts",
    "agents/conversation-facts.ts",
    "notify/notifier.ts",
  ],
  // Of simulations what they found and what can be asked, never what runs them.
  bot: [
    "flow",
    "engine",
    "notify/slack",
    "notify/notifier.ts",
    "simulation/report.ts",
    "simulation/summary.ts",
    "simulation/period.ts",
    "simulation/refuse.ts",
  ],
  // Of the engine its interface and what it is made of: the engine over Step Functions reads the same store by the same code.
  asl: ["flow", "engine", "state/state-store.ts", "agents/agent.ts", "notify/notifier.ts"],
  sandbox: [],
  testing: [
    "flow",
    "engine",
    "agents",
    "state/memory.ts",
    "state/state-store.ts",
    "notify/notifier.ts",
    "notify/templates",
  ],
  simulation: [
    "flow",
    "engine",
    "agents/agent.ts",
    "state/memory.ts",
    "state/state-store.ts",
    "notify/notifier.ts",
    "testing/virtual-clock.ts",
  ],
  app: ["flow", "state", "agents", "notify", "engine", "asl", "bot", "sandbox", "simulation"],
  cli: ["flow", "state", "agents", "notify", "engine", "asl", "bot", "sandbox", "testing", "simulation", "app"],
};

const roots = ["main.ts", "cli.ts", "index.ts"];

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((match) => match[1] ?? "");
  return specifiers.map((specifier) => relative(source, resolve(dirname(file), specifier)));
}

function isAllowed(layer: string, target: string): boolean {
  if (target.startsWith(`${layer}/`)) return true;
  return (layers[layer] ?? []).some((allowed) => target === allowed || target.startsWith(`${allowed}/`));
}

/** Without its comments, which may say "any". */
function code(file: string): string {
  return readFileSync(file, "utf8").replaceAll(/\/\*[^]*?\*\/|\/\/.*$/gm, "");
}

test("every folder of src is a layer with a rule", () => {
  const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).toSorted()).toEqual(Object.keys(layers).toSorted());
});

test("only the composition roots stand outside the layers", () => {
  const loose = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isFile());
  expect(loose.map(({ name }) => name).toSorted()).toEqual(roots.toSorted());
});

test.each(Object.keys(layers))("%s imports no layer above it", (layer) => {
  const wrong = files(join(source, layer)).flatMap((file) =>
    importsOf(file)
      .filter((target) => !isAllowed(layer, target))
      .map((target) => `${relative(source, file)} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test("a port fits on two screens", () => {
  const ports = ["state/state-store.ts", "agents/agent.ts", "agents/answerer.ts", "notify/notifier.ts"];
  const long = ports.filter((port) => readFileSync(join(source, port), "utf8").split("\n").length > 150);
  expect(long).toEqual([]);
});

test("no any, no default export, no grab-bag file", () => {
  const all = files(source);
  expect(all.filter((file) => /\/(utils|helpers|types|common)\.ts$/.test(file))).toEqual([]);
  const offending = all.filter((file) => /(: any\b|\bas any\b|<any>|^export default)/m.test(code(file)));
  expect(offending.map((file) => relative(source, file))).toEqual([]);
});
