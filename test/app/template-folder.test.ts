/** Do the user's own templates stand beside the built-in ones? */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openTemplates } from "../../src/app/template-folder.ts";

const builtIn = ["churn_play", "onboarding_plan", "onboarding_stalled", "renewal_recommendations"];

let home = "";
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "own-templates-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

it("takes the built-in ones alone where there is no such folder, or a file of that name", async () => {
  await writeFile(join(home, "templates"), "");
  for (const folder of [join(home, "nowhere"), join(home, "templates")])
    expect((await openTemplates({ folder })).names).toEqual(builtIn);
});

it("takes those of the folder too", async () => {
  const folder = join(home, "welcome");
  await mkdir(folder);
  const files = { "subject.txt": "Welcome", "mail.html": "<p>Hi</p>", "mail.txt": "Hi", "slack.txt": "Hi" };
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  const templates = await openTemplates({ folder: home });
  expect(templates.names).toEqual([...builtIn, "welcome"]);
  expect(templates.render({ template: "welcome", variables: { execution_id: "x" } }).subject).toBe("Welcome");
});

it("stops the start at a template that could fail a mail", async () => {
  await mkdir(join(home, "welcome"));
  await expect(openTemplates({ folder: home })).rejects.toThrow(/welcome.*subject\.txt can't be read/);
});
