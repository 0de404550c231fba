/** Is what README and docs say true: does each path, link and setting exist, and is each setting and column documented? */
import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  contactsTable,
  customersTable,
  invoicesTable,
  ticketsTable,
  usageTable,
} from "../../src/agents/crm/csv/table.ts";
import { parseConfiguration } from "../../src/app/configuration.ts";
import { blocks, code, pages, root, rows, text } from "./page.ts";

const texts = await pages();
const configuration = texts.get("docs/configuration.md") ?? "";

describe("docs/configuration.md", () => {
  it("has a revops.yml that is read", () => {
    const [file] = blocks(configuration).filter(({ kind }) => kind === "yaml");
    expect(() => parseConfiguration({ file: "revops.yml", text: file?.body ?? "" })).not.toThrow();
  });

  it("has the columns that are read", () => {
    const tables = [customersTable, usageTable, ticketsTable, invoicesTable, contactsTable];
    expect(rows(configuration, "file", "columns").map(([file, columns]) => [code(file), code(columns)])).toEqual(
      tables.map(({ file, columns }) => [file, Object.keys(columns).join(", ")]),
    );
  });
});

/** As the code that reads them writes them. */
async function settingNames(): Promise<{ known: Set<string>; supported: Set<string> }> {
  const files = ["settings", "slack-settings", "delivery-settings", "agent-settings"].map((name) =>
    text(`src/app/${name}.ts`),
  );
  const source = (await Promise.all(files)).join("\n");
  const known = [...source.matchAll(/"((?:PORT|HOST|[A-Z]+_[A-Z_]+))"/g)].map(([, name = ""]) => name);
  const later = /^const later = \[([^]*?)\];$/m.exec(source)?.[1] ?? "";
  return { known: new Set(known), supported: new Set(known.filter((name) => !later.includes(name))) };
}

describe("README and docs", () => {
  it("name no setting that there isn't, and configuration.md each that works", async () => {
    const { known, supported } = await settingNames();
    const named = [...texts.values()].flatMap((page) =>
      [...page.matchAll(/\b(?:SLACK|REVOPS|SMTP|MAIL|GOOGLE|BEDROCK)_[A-Z_]+\b/g)].map(([name]) => name),
    );
    expect([...new Set(named)].filter((name) => !known.has(name))).toEqual([]);
    expect([...supported].filter((name) => !configuration.includes(`\`${name}\``))).toEqual([]);
  });

  it("name no path that there isn't", async () => {
    const named = [...texts].flatMap(([page, body]) => {
      const quoted = [...body.matchAll(/`((?:src|test|docs|scripts|bench|bin|flows\/standard)\/[^`\s…]*)`/g)];
      const linked = [...body.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)];
      return [...quoted.map(([, path = ""]) => path), ...linked.map(([, path = ""]) => join(dirname(page), path))];
    });
    expect(named.length).toBeGreaterThan(15);
    const missing: string[] = [];
    for (const path of new Set(named)) await access(join(root, path)).catch(() => missing.push(path));
    expect(missing).toEqual([]);
  });

  it("link to no heading that there isn't", () => {
    const broken = [...texts].flatMap(([page, body]) =>
      [...body.matchAll(/\]\(([^)#:]*)#([^)]+)\)/g)].flatMap(([link, path = "", anchor = ""]) => {
        const target = path === "" ? page : join(dirname(page), path);
        const headings = [...(texts.get(target) ?? "").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
          slug(heading),
        );
        return headings.includes(anchor) ? [] : [`${page}: ${link}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  it("README gives the two commands, word for word", () => {
    expect(texts.get("README.md")).toMatch(/^ {4}npm ci && npm start$[^]*^ {4}npm ci && npm test$/m);
  });
});

/** As GitHub makes it. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}
