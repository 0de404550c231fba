/** T2: is every variable escaped for where it lands, and is what is missing named instead of shown as "undefined"? */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FailureError } from "../../../src/flow/failure.ts";
import type { TemplateRenderer } from "../../../src/flow/message-template.ts";
import { parseTemplate } from "../../../src/notify/templates/template-syntax.ts";
import { MissingVariableError, renderTemplate } from "../../../src/notify/templates/template-render.ts";
import { loadTemplates } from "../../../src/notify/templates/templates.ts";
import { sampleCustomer, sampleRecommendations, sampleRisk } from "../slack/sample-cards.ts";

let templates: TemplateRenderer;
let folder: string;
beforeAll(async () => {
  templates = await loadTemplates();
  folder = await mkdtemp(join(tmpdir(), "templates-"));
});
afterAll(() => rm(folder, { recursive: true }));

const variables = {
  customer: sampleCustomer(),
  risk: sampleRisk(),
  recommendations: sampleRecommendations(),
  execution_id: "01JCF",
};

function render(changes: Record<string, unknown> = {}) {
  return templates.render({ template: "renewal_recommendations", variables: { ...variables, ...changes } });
}

function plain(source: string, scope: object): string {
  return renderTemplate(parseTemplate(source), scope, { escape: (text) => text, filters: {} });
}

function failureOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof FailureError) return `${error.failure.error}: ${error.failure.cause}`;
    throw error;
  }
  return "";
}

async function htmlOf(root: string, template = "own"): Promise<string> {
  return (await loadTemplates({ folders: [root] })).render({ template, variables }).html;
}

async function writeTemplate(name: string, parts: Partial<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(folder, "root-"));
  await mkdir(join(root, name));
  const files = { "subject.txt": "s", "mail.html": "h", "mail.txt": "t", "slack.txt": "m", ...parts };
  for (const [file, text] of Object.entries(files))
    if (text !== undefined) await writeFile(join(root, name, file), text);
  return root;
}

describe("renewal_recommendations", () => {
  it("says in all four parts what is at stake and what to do", () => {
    const { subject, html, text, slack } = render();
    expect(subject).toBe("Acme Robotics: renewal on 4 Dec 2026, risk 0.78");
    expect(text).toContain(
      "Hello Dana,\n\nAcme Robotics renews on 4 Dec 2026, with notice by 1 Dec 2026. $84,000 a year.",
    );
    expect(text).toContain("  +0.22  Seat use 41 % of 120, was 68 % in August");
    expect(text).toContain(
      "1. Executive check-in this week (by 18 Nov 2026)\n   The champion left.\n   Owner: dana.reyes@example.com",
    );
    expect(html).toContain("<strong>Executive check-in this week</strong>");
    expect(html).toContain("$84,000");
    expect(slack).toContain("*Acme Robotics* renews on 4 Dec 2026, notice by 1 Dec 2026 · $84,000\nRisk *0.78*");
    expect(slack).toContain("3. Success plan, by 27 Nov 2026");
  });

  it("leaves no tag, hole or undefined, whatever is absent", () => {
    const bare = sampleCustomer({
      renewal_date: null,
      notice_date: null,
      arr: null,
      currency: null,
      account_manager_name: null,
    });
    for (const message of [
      render(),
      render({ customer: bare }),
      render({ customer: null, risk: null, recommendations: null }),
    ]) {
      for (const part of Object.values(message)) {
        expect(part).not.toMatch(/\{\{|\}\}|undefined|null|NaN|\[object/);
        expect(part.trim()).not.toBe("");
      }
      expect(message.text).not.toMatch(/\n{3}/);
    }
  });

  it("escapes a hostile name in each part as that part needs", () => {
    const name = `<!channel> <script>alert("1")</script> & 'co'\r\nBcc: evil@example.net`;
    const { subject, html, text, slack } = render({ customer: sampleCustomer({ name }) });
    expect(subject).not.toMatch(/[\r\n]/);
    expect(html).not.toContain("<script>");
    expect(html).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;co&#39;");
    expect(text).not.toMatch(/^Bcc:/m);
    expect(slack).toContain("&lt;!channel&gt;");
    expect(slack).not.toContain("<");
  });

  it("doesn't read a tag out of a variable", () => {
    expect(render({ customer: sampleCustomer({ name: "{{execution_id}}" }) }).subject).toContain("{{execution_id}}");
  });
});

describe("the language", () => {
  it("has values, conditions with else, and lists", () => {
    const source =
      "{{a.b}} {{#if yes}}1{{else}}2{{/if}} {{#if no}}1{{else}}2{{/if}}{{#each list}} {{number}}:{{item.x}}{{/each}}";
    expect(plain(source, { a: { b: "v" }, yes: true, no: [], list: [{ x: "p" }, { x: "q" }] })).toBe("v 1 2 1:p 2:q");
  });

  it("nests, and a tag alone on its line takes the line with it", () => {
    const source = "a\n{{#each list}}\n{{#if item}}\n  {{item}}\n{{/if}}\n{{/each}}\nb\n";
    expect(plain(source, { list: ["x", "", "y"] })).toBe("a\n  x\n  y\nb\n");
  });

  it("takes nothing, an empty list and zero for no", () => {
    for (const a of [null, false, "", [], 0]) expect(plain("{{#if a}}yes{{else}}no{{/if}}", { a })).toBe("no");
    for (const a of [true, "0", [0], 0.01, {}]) expect(plain("{{#if a}}yes{{else}}no{{/if}}", { a })).toBe("yes");
  });

  it("shows null as nothing and names what isn't there", () => {
    expect(plain("[{{a}}]", { a: null })).toBe("[]");
    expect(() => plain("{{a.b.c}}", { a: { b: {} } })).toThrow(MissingVariableError);
    expect(() => plain("{{a.b.c}}", { a: { b: {} } })).toThrow("a.b.c");
  });

  it.each(["{{a.constructor}}", "{{a.__proto__}}", "{{a.length}}"])("%s reaches nothing but own fields", (source) => {
    expect(() => plain(source, { a: {} })).toThrow(/isn't there|neither a path/);
  });

  it.each([
    ["x\n{{#if a}}\ny\n", 2, /\/if/],
    ["x\n{{#each}}", 2, /neither a path/],
    ["{{a", 1, /not closed/],
    ["ok\n\n{{a | b | c}}", 3, /more than one filter/],
    ["{{A B}}", 1, /neither a path/],
    ["{{/if}}", 1, /neither a path/],
  ])("refuses %j and says the line", (source, line, message) => {
    expect(() => parseTemplate(source)).toThrow(
      expect.objectContaining({ line, message: expect.stringMatching(message) }),
    );
  });
});

describe("loading", () => {
  it("takes a folder's template in place of the built-in one of that name", async () => {
    const root = await writeTemplate("renewal_recommendations", { "subject.txt": "Own {{execution_id}}" });
    const own = await loadTemplates({ folders: [root] });
    expect(own.render({ template: "renewal_recommendations", variables }).subject).toBe("Own 01JCF");
  });

  it.each([
    [{ "mail.txt": "a\n  {{#if risk}}" }, /mail\.txt:2:3: \{\{\/if\}\} is missing/],
    [{ "slack.txt": "{{execution_id | shout}}" }, /slack\.txt:1:18: there is no filter shout; there are money/],
    [
      { "mail.html": "\n <p>{{customer.nam}}</p>" },
      /mail\.html:2:7: there is no customer\.nam; did you mean customer\.name\?/,
    ],
    [{ "mail.txt": "{{custommer.name}}" }, /mail\.txt:1:3: there is no custommer\.name; did you mean customer\?/],
    [{ "mail.txt": "{{item.title}}" }, /mail\.txt:1:3: there is no item\.title; there are customer, risk/],
    [{ "mail.txt": "{{risk.reason}}" }, /1:3: there is no risk\.reason; did you mean risk\.reasons\?/],
    [
      { "mail.txt": "{{#each risk.reasons}}{{item.points}}{{item.titel}}{{/each}}" },
      /1:40: there is no item\.titel; there are, in item, factor, text/,
    ],
    [{ "mail.txt": "{{customer.name.first}}" }, /there is no customer\.name\.first; customer\.name has no fields/],
    [{ "mail.txt": "{{customer.constructor}}" }, /there is no customer\.constructor/],
    [{ "mail.txt": "{{#if customer.__proto__}}{{/if}}" }, /there is no customer\.__proto__/],
  ])("names file, line and column of a template that can't be read: %j", async (parts, message) => {
    await expect(loadTemplates({ folders: [await writeTemplate("own", parts)] })).rejects.toThrow(message);
  });

  it.each([
    ["{{customer.name | money}}", "customer.name is a text; the filter money takes a number"],
    ["{{customer.arr | date}}", "customer.arr is a number; the filter date takes a date"],
    ["{{customer.arr | money customer.seats}}", "customer.seats is a number; the filter money takes a text behind it"],
    ["{{customer.renewal_date | date customer.name}}", "the filter date takes nothing behind it"],
    ["{{risk.reasons}}", "risk.reasons is a list; write {{#each risk.reasons}}, or use the filter list"],
    ["{{#each customer.name}}{{/each}}", "customer.name is a text; {{#each}} takes a list"],
    ["{{recommendations}}", "recommendations has fields: strategy, summary, recommendations"],
    ["{{#each risk.missing}}{{item | score}}{{/each}}", "item is a text; the filter score takes a number"],
  ])("refuses a variable of another type when it is loaded: %s", async (source, message) => {
    const root = await writeTemplate("own", { "mail.txt": source });
    await expect(loadTemplates({ folders: [root] })).rejects.toThrow(message);
  });

  it("tells all problems of all files at once", async () => {
    const parts = { "mail.txt": "{{a}}\n{{b}}", "slack.txt": "{{#if risk}}" };
    const said = loadTemplates({ folders: [await writeTemplate("own", parts)] });
    await expect(said).rejects.toThrow(/mail\.txt:1:3: .*\n.*mail\.txt:2:3: .*\n.*slack\.txt:1:1: /);
  });

  it.each([[{ "mail.txt": "{{a" }, /mail\.txt:1:1: a tag is not closed/]])(
    "names file and line of a template that can't be read",
    async (parts, message) => {
      await expect(loadTemplates({ folders: [await writeTemplate("own", parts)] })).rejects.toThrow(message);
    },
  );

  it("a mail stands in the frame, a whole document in its own, and a folder's frame around all", async () => {
    const fragment = await writeTemplate("own", { "subject.txt": "{{customer.name}}", "mail.html": "<p>Hello</p>" });
    expect(await htmlOf(fragment)).toMatch(/^<!doctype html>[^]*<title>Acme Robotics[^]*<p>Hello<\/p>[^]*<\/html>\s*$/);
    expect(await htmlOf(await writeTemplate("own", { "mail.html": "<!DOCTYPE html>alone" }))).toBe(
      "<!DOCTYPE html>alone",
    );
    await writeFile(join(fragment, "frame.html"), "<b><!-- content --></b>{{execution_id}}");
    expect(await htmlOf(fragment)).toBe("<b><p>Hello</p></b>01JCF");
    expect(await htmlOf(fragment, "renewal_recommendations")).toMatch(/^<b>[^]*Executive check-in[^]*<\/b>01JCF$/);
  });

  it.each([
    ["nothing", /frame\.html:1:1: <!-- content --> stands for the mail, so it has to be there once/],
    ["<!-- content --><!-- content -->", /has to be there once/],
    ["{{#if customer}}<!-- content -->{{/if}}", /outside of blocks/],
    ["\n{{customer.nam}}<!-- content -->", /frame\.html:2:3: there is no customer\.nam; did you mean/],
  ])("refuses the frame %j before anything starts", async (frame, message) => {
    const root = await writeTemplate("own", {});
    await writeFile(join(root, "frame.html"), frame);
    await expect(loadTemplates({ folders: [root] })).rejects.toThrow(message);
  });

  it("names the file that is missing", async () => {
    const root = await writeTemplate("own", {});
    await rm(join(root, "own", "mail.html"));
    await expect(loadTemplates({ folders: [root] })).rejects.toThrow(/mail\.html can't be read/);
  });

  it("an unknown template gets the nearest right name, a missing variable its own", async () => {
    expect(failureOf(() => templates.render({ template: "renewal_recomendations", variables }))).toBe(
      "Input.Invalid: There is no template renewal_recomendations. Did you mean renewal_recommendations?",
    );
    const own = await loadTemplates({ folders: [await writeTemplate("own", { "mail.txt": "{{customer.name}}" })] });
    expect(failureOf(() => own.render({ template: "own", variables: { execution_id: "x" } }))).toBe(
      "Input.Invalid: The template own needs customer.name, which isn't there.",
    );
    expect(failureOf(() => templates.render({ template: "renewal_recommendations", variables: {} }))).toContain(
      "execution_id",
    );
  });
});
