/** The container definition isn't built here: it is parsed, linted, and held to the rules that matter to whoever runs it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DockerfileParser, type Instruction } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { expect, test } from "vitest";
import { gatherContext } from "../lib/bot-image.ts";

const root = join(import.meta.dirname, "../..");
const dockerfile = readFileSync(join(root, "deployment/bot/Dockerfile"), "utf8");

/** Sentences about what a definition does that it must not. */
function faults(text: string): string[] {
  const parsed = DockerfileParser.parse(text);
  const words = wordsIn(text);
  const all = parsed.getInstructions();
  const of = (keyword: string) => all.filter((each) => each.getKeyword() === keyword);
  const last = of("FROM").at(-1)?.getRange().start.line ?? 0;
  const inLastStage = (keyword: string) => of(keyword).filter((each) => each.getRange().start.line > last);
  const user = inLastStage("USER").at(-1);
  return [
    ...validate(text).map(({ message }) => (typeof message === "string" ? message : message.value)),
    ...parsed.getFROMs().flatMap((from) => (isPinned(from.getImage() ?? "") ? [] : [`not pinned: ${from.getImage()}`])),
    ...of("ADD").map(() => "ADD unpacks and downloads: use COPY"),
    ...of("ARG")
      .concat(of("ENV"))
      .filter((each) => secretName.test(words(each)))
      .map((each) => `a secret would stay in the image: ${words(each)}`),
    ...of("RUN")
      .filter((each) => /\bcurl\b|\bwget\b|\bsudo\b/.test(words(each)))
      .map((each) => `downloads: ${words(each)}`),
    ...of("RUN")
      .filter((each) => /npm (?:ci|install)/.test(words(each)) && !words(each).includes("--omit=dev"))
      .map(() => "installs what only development needs"),
    ...inLastStage("COPY")
      .filter((each) => !/--chown=root:root/.test(words(each)))
      .map((each) => `the app could change its own code: ${words(each)}`),
    ...(user === undefined || /^(?:0|root)(?::|$)/.test(words(user)) ? ["runs as root"] : []),
    ...(inLastStage("HEALTHCHECK").length === 1 ? [] : ["has no health check"]),
    ...[...inLastStage("CMD"), ...inLastStage("ENTRYPOINT")]
      .filter((each) => !words(each).startsWith("["))
      .map(() => "a shell would get the signals"),
  ];
}

const isPinned = (base: string) => /^[a-z0-9./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/.test(base) && !base.includes(":latest");
const secretName = /token|secret|password|key\b/i;

/** An instruction without its own word: the flags too, which the parser keeps elsewhere. */
function wordsIn(text: string): (instruction: Instruction) => string {
  const lines = text.split("\n");
  return (instruction) => {
    const { start, end } = instruction.getRange();
    return lines
      .slice(start.line, end.line + 1)
      .join(" ")
      .replace(/^\S+\s+/, "");
  };
}

test("the container keeps every rule", () => {
  expect(faults(dockerfile)).toEqual([]);
});

test.each([
  ["runs as root", dockerfile.replace("USER 1000:1000\n", "")],
  ["runs as root", dockerfile.replace("USER 1000:1000", "USER root")],
  ["not pinned: node:24", dockerfile.replace(/FROM node\S+\n/, "FROM node:24\n")],
  ["has no health check", dockerfile.replace(/HEALTHCHECK.*\n/, "")],
  ["ADD unpacks and downloads: use COPY", `${dockerfile}ADD https://example.com/x.tgz /x\n`],
  ["installs what only development needs", dockerfile.replace(" --omit=dev", "")],
  ["a shell would get the signals", dockerfile.replace(/^CMD \[.*\]$/m, "CMD node start.ts")],
  ["a secret would stay in the image: SLACK_BOT_TOKEN", `${dockerfile}ARG SLACK_BOT_TOKEN\n`],
])("a definition that breaks a rule is caught: %s", (fault, text) => {
  expect(text).not.toBe(dockerfile);
  expect(faults(text)).toContain(fault);
});

test("the image copies what isn't in its folder, or the folder holds what must not go out", async () => {
  const folder = await mkdtemp(join(tmpdir(), "revops-image-"));
  await gatherContext({ root, into: folder });
  const words = wordsIn(dockerfile);
  const copied = DockerfileParser.parse(dockerfile)
    .getCOPYs()
    .filter((copy) => !words(copy).includes("--from="))
    .flatMap((copy) =>
      copy
        .getArguments()
        .map((each) => each.getValue())
        .slice(0, -1),
    )
    // There needn't be one, and the pattern lets it be missing.
    .filter((path) => path !== "revops.ym[l]");
  expect(copied.length).toBeGreaterThan(8);
  expect(copied.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" });
  expect(all).toContain("src/main.ts");
  expect(all.filter((path) => /(^|\/)(\.git|\.env|node_modules|cdk\.out)(\/|$)|^data/.test(path))).toEqual([]);
});
