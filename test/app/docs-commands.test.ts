/** Can each command on README and docs be meant, by the grammars that read it, and is each flow there that they name? */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseCommandLine } from "../../src/bot/listeners/commands/command-line.ts";
import { tokenize } from "../../src/bot/listeners/commands/tokenize.ts";
import { commands } from "../../src/cli/commands.ts";
import { actionCatalogue } from "../../src/cli/known-flows.ts";
import { readOptions } from "../../src/cli/options.ts";
import { readFlowFile } from "../../src/flow/flow-file.ts";
import { blocks, pages, root, text } from "./page.ts";

const texts = await pages();

interface Written {
  page: string;
  command: string;
}

/** In a line of a block, or between the quotes of code. */
function written(begin: string): Written[] {
  const pattern = new RegExp(`(?:^|[\`\\s])(?:[A-Z_]+=\\S+ )*(${begin}(?: [^\`\\n]*)?)`, "gm");
  return [...texts].flatMap(([page, body]) =>
    [...body.matchAll(pattern)].map(([, command = ""]) => ({ page, command: command.trim().replace(/[.:]$/, "") })),
  );
}

/** What a shell would give: without a comment, and without what is done with the answer. */
function argsOf(command: string): string[] | null {
  const tokens = tokenize(command.replace(/ # .*$/, "").replace(/ > \S+$/, ""));
  return tokens === "unclosed" ? null : tokens.map((token) => token.text);
}

const onPages = {
  terminal: written("npx revops").filter(({ command }) => !/^npx revops(?: COMMAND.*)?$/.test(command)),
  slack: written("/revops").filter(({ command }) => command !== "/revops"),
  npm: written("npm (?:run|start|test|ci)"),
};

/** Usages, in which brackets and bars mean more than one line. */
const isUsage = (command: string) => /\[|\||…/.test(command);

describe("a command of the terminal", () => {
  const lines = onPages.terminal.filter(({ command }) => !isUsage(command));

  it("is written in many places", () => {
    expect(lines.length).toBeGreaterThan(60);
  });

  it.each(lines)("$command is one, with its options ($page)", ({ command }) => {
    const [, , word = "", ...args] = argsOf(command) ?? [];
    const found = commands.find((one) => one.word === word);
    if (word === "help") return;
    expect(commands.map((one) => one.word)).toContain(word);
    expect(() => found && readOptions({ command: found, args })).not.toThrow();
  });
});

describe("a command in Slack", () => {
  const lines = onPages.slack.filter(({ command }) => !isUsage(command));

  it("is written in many places", () => {
    expect(lines.length).toBeGreaterThan(20);
  });

  it.each(lines)("$command can be meant ($page)", ({ command }) => {
    // A word alone names the command; what it needs behind it stands elsewhere.
    const words = command.slice("/revops ".length);
    const parsed = parseCommandLine(words.includes(" ") ? words : `help ${words}`);
    expect(["problem", "unknown", "later"]).not.toContain(parsed.kind);
  });
});

const Package = z.object({ scripts: z.record(z.string(), z.string()) });

it("each script of npm is in its package.json", async () => {
  const named = onPages.npm.flatMap(({ command }) => {
    const script = /^npm run (?:-s )?([a-z:]+)/.exec(command)?.[1];
    return script === undefined ? [] : [{ script, folder: / --prefix (\S+)/.exec(command)?.[1] ?? "." }];
  });
  expect(named.length).toBeGreaterThan(2);
  const isThere = async ({ script, folder }: (typeof named)[number]) =>
    script in Package.parse(JSON.parse(await text(`${folder}/package.json`))).scripts;
  const found = await Promise.all(named.map(async (one) => ({ ...one, isThere: await isThere(one) })));
  expect(found.filter(({ isThere }) => !isThere)).toEqual([]);
});

/** Those that a page writes itself. */
function flowsOf(page: string): Set<string> {
  const bodies = blocks(texts.get(page) ?? "").map(({ body }) => body);
  const ids = bodies.flatMap((body) => [...body.matchAll(/\b(?:flow_id: |flowId: "|new flow )([a-z_]+)/g)]);
  return new Set(ids.map(([, flowId = ""]) => flowId));
}

describe("a flow", () => {
  it("that a command names is there: in flows, in the cookbook, or on the page itself", async () => {
    const folders = ["flows/standard", "flows/custom", "docs/cookbook"];
    const files = (await Promise.all(folders.map((folder) => readdir(join(root, folder))))).flat();
    const known = new Set(files.map((file) => file.replace(/\.yml$/, "")));
    const takes = /^(?:npx |\/)revops (?:run|simulate|pause|resume|graph|flows|metrics|next) ([a-z][a-z_]*)(?= |$)/;
    const named = [...onPages.terminal, ...onPages.slack].flatMap(({ page, command }) => {
      const flowId = takes.exec(command)?.[1];
      const isThere = flowId === undefined || known.has(flowId) || flowsOf(page).has(flowId);
      return flowId === undefined ? [] : [{ page, command, isThere }];
    });
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ isThere }) => !isThere)).toEqual([]);
  });

  const whole = [...texts].flatMap(([page, body]) =>
    blocks(body)
      .filter(({ kind, body }) => kind === "yaml" && /^flow_id:/m.test(body))
      .map(({ body }) => ({ page, body, flowId: /^flow_id: (\w+)/m.exec(body)?.[1] ?? "" })),
  );

  it.each(whole)("$flowId of $page loads without a word", async ({ body, flowId }) => {
    const { problems } = readFlowFile({
      file: `${flowId}.yml`,
      text: body,
      catalogue: await catalogue,
      variables: { admin_email: "admin@example.com" },
    });
    expect(problems).toEqual([]);
  });
});

const catalogue = actionCatalogue({ writable: ["champion_status"], refusal: null });
