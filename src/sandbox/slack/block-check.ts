/**
 * What Slack refuses in blocks: the basics, each with the pointer that Slack gives. Pure.
 *
 * Job: types, required fields, counts, lengths. Non-job: rendering, and the limits of blocks that the page doesn't draw.
 */
import { checkElement } from "./element-check.ts";
import { checkText } from "./text-check.ts";
import { isObject, Problems, type Fields } from "./problems.ts";

export type Surface = "message" | "modal" | "home";

const MOST_BLOCKS: Record<Surface, number> = { message: 50, modal: 100, home: 100 };

type BlockCheck = (block: Fields, at: string, problems: Problems) => void;

const CHECKS: Record<string, BlockCheck> = {
  section: checkSection,
  header: (block, at, problems) =>
    checkText({ text: block["text"], at: `${at}/text`, longest: 150, plain: true }, problems),
  context: (block, at, problems) => checkElements({ block, at, most: 10, each: checkContextElement }, problems),
  actions: (block, at, problems) => checkElements({ block, at, most: 25, each: checkElement }, problems),
  input: checkInput,
  image: checkImage,
  markdown: (block, at, problems) => problems.text(block["text"], `${at}/text`, 12_000),
  divider: () => {},
};

/** Known to Slack and passed unchecked. */
const UNCHECKED = new Set(
  (
    "alert card carousel container context_actions data_table data_visualization file plan rich_text table task_card " +
    "video"
  ).split(" "),
);

export function blockProblems(blocks: unknown, surface: Surface, at = "/blocks"): string[] {
  const problems = new Problems();
  if (!Array.isArray(blocks)) {
    problems.add("must be an array", at);
    return problems.found;
  }
  if (blocks.length > MOST_BLOCKS[surface]) problems.add(`no more than ${MOST_BLOCKS[surface]} items allowed`, at);
  for (const [index, block] of blocks.entries()) checkBlock(block, `${at}/${index}`, surface, problems);
  checkBlockIds(blocks, at, problems);
  return problems.found;
}

function checkBlock(block: unknown, at: string, surface: Surface, problems: Problems): void {
  if (!isObject(block)) return problems.add("must be an object", at);
  const { type } = block;
  if (typeof type !== "string") return problems.add("missing required field: type", at);
  if (type === "alert" && surface !== "modal") return problems.add(`unsupported type: ${type}`, `${at}/type`);
  const check = Object.hasOwn(CHECKS, type) ? CHECKS[type] : undefined;
  if (check === undefined && !UNCHECKED.has(type)) return problems.add(`unsupported type: ${type}`, `${at}/type`);
  problems.optionalText(block["block_id"], `${at}/block_id`, 255);
  check?.(block, at, problems);
}

function checkBlockIds(given: readonly unknown[], at: string, problems: Problems): void {
  const seen = new Set<string>();
  for (const [index, block] of given.entries()) {
    const id = isObject(block) ? block["block_id"] : undefined;
    if (typeof id !== "string" || id === "") continue;
    if (seen.has(id)) problems.add(`block_id \`${id}\` already exists`, `${at}/${index}/block_id`);
    seen.add(id);
  }
}

function checkSection(block: Fields, at: string, problems: Problems): void {
  const { text, fields, accessory } = block;
  if (text === undefined && fields === undefined) return problems.add("must define either `text` or `fields`", at);
  if (text !== undefined) checkText({ text, at: `${at}/text`, longest: 3_000 }, problems);
  if (fields !== undefined) {
    problems.list(fields, `${at}/fields`, 10, (field, fieldAt) => {
      checkText({ text: field, at: fieldAt, longest: 2_000 }, problems);
    });
  }
  if (accessory !== undefined) checkElement(accessory, `${at}/accessory`, problems);
}

function checkElements(
  parameters: {
    block: Fields;
    at: string;
    most: number;
    each: (element: unknown, at: string, problems: Problems) => void;
  },
  problems: Problems,
): void {
  const { block, at, most, each } = parameters;
  problems.list(block["elements"], `${at}/elements`, most, (element, elementAt) => each(element, elementAt, problems));
}

function checkContextElement(element: unknown, at: string, problems: Problems): void {
  if (isObject(element) && element["type"] === "image") return checkImage(element, at, problems);
  checkText({ text: element, at, longest: 2_000 }, problems);
}

function checkImage(block: Fields, at: string, problems: Problems): void {
  if (block["image_url"] === undefined && block["slack_file"] === undefined) {
    problems.add("missing required field: image_url", at);
  }
  problems.text(block["alt_text"], `${at}/alt_text`, 2_000);
}

function checkInput(block: Fields, at: string, problems: Problems): void {
  checkText({ text: block["label"], at: `${at}/label`, longest: 2_000, plain: true }, problems);
  if (block["hint"] !== undefined)
    checkText({ text: block["hint"], at: `${at}/hint`, longest: 2_000, plain: true }, problems);
  if (block["element"] === undefined) return problems.add("missing required field: element", at);
  checkElement(block["element"], `${at}/element`, problems);
}
