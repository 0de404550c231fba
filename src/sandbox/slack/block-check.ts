/**
 * What Slack refuses in blocks, each with the pointer that Slack gives. Pure.
 *
 * Job: types and where they may stand, required fields, counts, lengths, ids. Non-job: rendering, the files behind images
 * (`image-check.ts`), the size of a whole message (`message-size.ts`), blocks that neither page nor bot know.
 */
import { checkElement } from "./element-check.ts";
import { isObject, Problems, type Fields } from "./problems.ts";
import { checkText } from "./text-check.ts";

export type Surface = "message" | "modal" | "home";

const MOST_BLOCKS: Record<Surface, number> = { message: 50, modal: 100, home: 100 };
const LONGEST_MARKDOWN = 12_000;

type BlockCheck = (block: Fields, at: string, problems: Problems) => void;

const CHECKS: Record<string, BlockCheck> = {
  section: checkSection,
  header: (block, at, problems) =>
    checkText({ text: block["text"], at: `${at}/text`, longest: 150, plain: true }, problems),
  context: (block, at, problems) =>
    problems.list(block["elements"], `${at}/elements`, 10, (element, elementAt) =>
      checkContextElement(element, elementAt, problems),
    ),
  actions: checkActions,
  input: checkInput,
  image: checkImage,
  markdown: (block, at, problems) => problems.text(block["text"], `${at}/text`, LONGEST_MARKDOWN),
  rich_text: (block, at, problems) => {
    if (!Array.isArray(block["elements"])) problems.add("missing required field: elements", at);
  },
  table: checkTable,
  divider: () => {},
};

/** Known to Slack and passed unchecked. */
const UNCHECKED = new Set(
  "alert card carousel container context_actions data_table data_visualization file plan task_card video".split(" "),
);
/** Those that stand on some surfaces only. */
const SURFACES: Record<string, readonly Surface[]> = {
  alert: ["modal"],
  markdown: ["message"],
  table: ["message"],
  file: ["message"],
};

export function blockProblems(blocks: unknown, surface: Surface, at = "/blocks"): string[] {
  const problems = new Problems();
  if (!Array.isArray(blocks)) {
    problems.add("must be an array", at);
    return problems.found;
  }
  if (blocks.length > MOST_BLOCKS[surface]) problems.add(`no more than ${MOST_BLOCKS[surface]} items allowed`, at);
  for (const [index, block] of blocks.entries()) checkBlock(block, `${at}/${index}`, surface, problems);
  checkUnique(blocks, "block_id", at, problems);
  checkTogether(blocks, at, problems);
  return problems.found;
}

function checkBlock(block: unknown, at: string, surface: Surface, problems: Problems): void {
  if (!isObject(block)) return problems.add("must be an object", at);
  const { type } = block;
  if (typeof type !== "string") return problems.add("missing required field: type", at);
  const check = Object.hasOwn(CHECKS, type) ? CHECKS[type] : undefined;
  const isKnown = check !== undefined || UNCHECKED.has(type);
  const surfaces = Object.hasOwn(SURFACES, type) ? SURFACES[type] : undefined;
  if (!isKnown || surfaces?.includes(surface) === false) return problems.add(`unsupported type: ${type}`, `${at}/type`);
  problems.optionalText(block["block_id"], `${at}/block_id`, 255);
  check?.(block, at, problems);
}

function checkUnique(items: unknown, name: "block_id" | "action_id", at: string, problems: Problems): void {
  const listed: unknown[] = Array.isArray(items) ? items : [];
  const seen = new Set<string>();
  for (const [index, item] of listed.entries()) {
    const id = isObject(item) ? item[name] : undefined;
    if (typeof id !== "string" || id === "") continue;
    if (seen.has(id)) problems.add(`${name} \`${id}\` already exists`, `${at}/${index}/${name}`);
    seen.add(id);
  }
}

/** All markdown of a message shares one limit; a message holds one table. */
function checkTogether(blocks: readonly unknown[], at: string, problems: Problems): void {
  const known = blocks.filter(isObject);
  const texts = known
    .filter(({ type }) => type === "markdown")
    .map(({ text }) => (typeof text === "string" ? text : ""));
  const isLong = texts.length > 1 && texts.join("").length > LONGEST_MARKDOWN;
  if (isLong) problems.add(`markdown blocks must be less than ${LONGEST_MARKDOWN + 1} characters together`, at);
  if (known.filter(({ type }) => type === "table").length > 1) problems.add("only one table allowed", at);
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
  if (accessory === undefined) return;
  if (isObject(accessory) && accessory["type"] === "image") checkImage(accessory, `${at}/accessory`, problems);
  else checkElement(accessory, `${at}/accessory`, "accessory", problems);
}

function checkActions(block: Fields, at: string, problems: Problems): void {
  problems.list(block["elements"], `${at}/elements`, 25, (element, elementAt) =>
    checkElement(element, elementAt, "actions", problems),
  );
  checkUnique(block["elements"], "action_id", `${at}/elements`, problems);
}

function checkContextElement(element: unknown, at: string, problems: Problems): void {
  if (isObject(element) && element["type"] === "image") return checkImage(element, at, problems);
  checkText({ text: element, at, longest: 2_000 }, problems);
}

/** An address or a file of Slack's, never both; a file by its id or by its address. */
function checkImage(block: Fields, at: string, problems: Problems): void {
  const { image_url: url, slack_file: file, title } = block;
  if (url === undefined && file === undefined) problems.add("missing required field: image_url", at);
  if (url !== undefined && file !== undefined) problems.add("must define either `image_url` or `slack_file`", at);
  problems.optionalText(url, `${at}/image_url`, 3_000);
  if (file !== undefined) checkSlackFile(file, `${at}/slack_file`, problems);
  problems.text(block["alt_text"], `${at}/alt_text`, 2_000);
  if (title !== undefined) checkText({ text: title, at: `${at}/title`, longest: 2_000, plain: true }, problems);
}

function checkSlackFile(file: unknown, at: string, problems: Problems): void {
  if (!isObject(file)) return problems.add("must be an object", at);
  const { id, url } = file;
  if ((id === undefined) === (url === undefined)) return problems.add("must define either `id` or `url`", at);
  if (id !== undefined && (typeof id !== "string" || !/^F[A-Z0-9]{8,}$/.test(id)))
    problems.add("input must match regex pattern: ^[F][A-Z0-9]{8,}$", `${at}/id`);
}

function checkInput(block: Fields, at: string, problems: Problems): void {
  checkText({ text: block["label"], at: `${at}/label`, longest: 2_000, plain: true }, problems);
  if (block["hint"] !== undefined)
    checkText({ text: block["hint"], at: `${at}/hint`, longest: 2_000, plain: true }, problems);
  if (block["element"] === undefined) return problems.add("missing required field: element", at);
  checkElement(block["element"], `${at}/element`, "input", problems);
}

function checkTable(block: Fields, at: string, problems: Problems): void {
  problems.list(block["rows"], `${at}/rows`, 100, (row, rowAt) => problems.list(row, rowAt, 20, () => {}));
}
