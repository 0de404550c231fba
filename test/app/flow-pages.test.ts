/** Do the pages of standard flows say what their files do: each step, each path and link, and is the picture there? */
import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nothingWritable } from "../../src/agents/local/execution/update-crm.ts";
import { actionCatalogue } from "../../src/cli/known-flows.ts";
import { loadFlowFolders } from "../../src/flow/registry.ts";
import { root, text } from "./page.ts";

const pages = (await readdir(join(root, "docs/flows"))).filter((name) => name.endsWith(".md"));
const { flows } = await loadFlowFolders({
  folders: [join(root, "flows/standard")],
  catalogue: await actionCatalogue(nothingWritable),
  variables: { admin_email: "admin@example.com" },
});

it("there are some, and onboarding and churn_prevention are among them", () => {
  expect(pages).toEqual(expect.arrayContaining(["onboarding.md", "churn_prevention.md"]));
});

describe.each(pages)("docs/flows/%s", (page) => {
  const flowId = page.replace(/\.md$/, "");

  it("is about a flow that there is, and names each of its steps", async () => {
    const body = await text(`docs/flows/${page}`);
    const steps = flows.find(({ definition }) => definition.flow_id === flowId)?.definition.steps.map(({ id }) => id);
    expect(steps?.length).toBeGreaterThan(0);
    expect(steps?.filter((id) => !body.includes(`\`${id}\``))).toEqual([]);
  });

  it("links to what is there", async () => {
    const body = await text(`docs/flows/${page}`);
    const links = [...body.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = ""]) => path);
    expect(links.length).toBeGreaterThan(0);
    const missing = await Promise.all(
      links.map((link) =>
        access(join(root, "docs/flows", link)).then(
          () => [],
          () => [link],
        ),
      ),
    );
    expect(missing.flat()).toEqual([]);
  });
});
