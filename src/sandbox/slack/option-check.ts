/** What Slack refuses in the choices of menus, checkboxes and radio buttons. */
import { isObject, type Fields, type Problems } from "./problems.ts";
import { checkText } from "./text-check.ts";

const MOST_OPTIONS: Record<string, number> = { checkboxes: 10, radio_buttons: 10, overflow: 5 };
/** Their texts may be marked up; those of menus are plain. */
const MARKED_UP = new Set(["checkboxes", "radio_buttons"]);

export function checkOptions(element: Fields, at: string, problems: Problems): void {
  const type = String(element["type"]);
  const { options, option_groups: groups } = element;
  const isPlain = !MARKED_UP.has(type);
  if (groups !== undefined && options !== undefined)
    return problems.add("must define either `options` or `option_groups`", at);
  if (groups !== undefined) {
    problems.list(groups, `${at}/option_groups`, 100, (group, groupAt) => {
      if (!isObject(group)) return problems.add("must be an object", groupAt);
      checkText({ text: group["label"], at: `${groupAt}/label`, longest: 75, plain: true }, problems);
      checkList(group["options"], { at: `${groupAt}/options`, most: 100, isPlain }, problems);
    });
  } else {
    checkList(options, { at: `${at}/options`, most: MOST_OPTIONS[type] ?? 100, isPlain }, problems);
  }
  checkInitial(element, at, problems);
}

function checkList(
  options: unknown,
  { at, most, isPlain }: { at: string; most: number; isPlain: boolean },
  problems: Problems,
): void {
  problems.list(options, at, most, (option, optionAt) => {
    if (!isObject(option)) return problems.add("must be an object", optionAt);
    checkText({ text: option["text"], at: `${optionAt}/text`, longest: 75, plain: isPlain }, problems);
    // Slack's own types say 75, others have seen 150: who keeps to 75 is right either way.
    problems.text(option["value"], `${optionAt}/value`, 75);
    if (option["description"] !== undefined)
      checkText({ text: option["description"], at: `${optionAt}/description`, longest: 75, plain: isPlain }, problems);
    problems.optionalText(option["url"], `${optionAt}/url`, 3_000);
  });
}

/** What is chosen at first must be one of the choices. */
function checkInitial(element: Fields, at: string, problems: Problems): void {
  const values = new Set(optionValues(element));
  const { initial_option: one, initial_options: several } = element;
  if (one !== undefined) checkKnown(one, { at: `${at}/initial_option`, values }, problems);
  if (several !== undefined) {
    problems.list(several, `${at}/initial_options`, 100, (option, optionAt) =>
      checkKnown(option, { at: optionAt, values }, problems),
    );
  }
}

function checkKnown(option: unknown, { at, values }: { at: string; values: Set<unknown> }, problems: Problems): void {
  if (!isObject(option) || !values.has(option["value"])) problems.add("must be one of the provided options", at);
}

function optionValues(element: Fields): unknown[] {
  const groups: unknown[] = Array.isArray(element["option_groups"]) ? element["option_groups"] : [];
  return [element, ...groups]
    .flatMap((holder): unknown[] => (isObject(holder) && Array.isArray(holder["options"]) ? holder["options"] : []))
    .map((option) => (isObject(option) ? option["value"] : undefined));
}
