/**
 * What Slack would refuse of the blocks, messages and views that are built here, in words that name the place. Tests hold every
 * builder against it; whatever no builder uses is refused too, so that a new element comes with its check.
 */
import type { AnyBlock, HomeView, KnownBlock, ModalView, SectionBlock } from "@slack/types";
import { checkElement } from "./check-element.ts";
import { atMost, problemsIn, within } from "./check-text.ts";
import { jsonBytes, limits } from "./limits.ts";

export type Surface = "message" | "modal" | "home";

export function checkMessage({ text, blocks }: { text: string; blocks: readonly KnownBlock[] }): string[] {
  return [...within("the message's text", text, limits.messageText), ...checkBlocks(blocks)];
}

export function checkView(view: ModalView | HomeView): string[] {
  return [
    ...checkBlocks(view.blocks, view.type),
    ...(view.type === "modal" ? checkFrame(view) : []),
    ...atMostLong("callback_id", view.callback_id, limits.id),
    ...atMostLong("private_metadata", view.private_metadata, limits.privateMetadata),
    ...(jsonBytes(view) > limits.viewBytes ? [`${jsonBytes(view)} bytes, ${limits.viewBytes} allowed`] : []),
  ];
}

function checkFrame({ title, submit, close, blocks }: ModalView): string[] {
  const hasInputs = blocks.some(({ type }) => type === "input");
  return [
    ...within("title", title.text, limits.modalWords),
    ...(submit === undefined ? [] : within("submit", submit.text, limits.modalWords)),
    ...(close === undefined ? [] : within("close", close.text, limits.modalWords)),
    ...(hasInputs && submit === undefined ? ["inputs, but nothing to submit them with"] : []),
  ];
}

export function checkBlocks(blocks: readonly AnyBlock[], surface: Surface = "message"): string[] {
  const most = surface === "message" ? limits.messageBlocks : limits.modalBlocks;
  const ids = blocks.flatMap(({ block_id }) => (block_id === undefined ? [] : [block_id]));
  const characters = JSON.stringify(blocks).length;
  const isTooMuch = surface === "message" && characters > limits.messageCharacters;
  return [
    ...blocks.flatMap((block, index) => problemsIn(`blocks[${index}]`, checkBlock(block))),
    ...(new Set(ids).size < ids.length ? ["two blocks have one block_id"] : []),
    ...(blocks.length > most ? [`${blocks.length} blocks, ${most} allowed`] : []),
    ...(isTooMuch ? [`${characters} characters together, ${limits.messageCharacters} allowed`] : []),
  ];
}

function checkBlock(block: AnyBlock): string[] {
  const problems = isUsed(block) ? checkContent(block) : [`no builder uses a block of type ${block.type}`];
  return [...atMostLong("block_id", block.block_id, limits.id), ...problems];
}

const used = ["section", "header", "divider", "image", "context", "actions", "input"] as const;
type UsedBlock = Extract<KnownBlock, { type: (typeof used)[number] }>;

function isUsed(block: AnyBlock): block is UsedBlock {
  return used.some((type) => type === block.type);
}

function checkContent(block: UsedBlock): string[] {
  switch (block.type) {
    case "section":
      return checkSection(block);
    case "header":
      return within("text", block.text.text, limits.headerText);
    case "divider":
      return [];
    case "image":
      return [
        ...within("alt_text", block.alt_text, limits.altText),
        ...atMostLong("title", block.title?.text, limits.imageTitle),
        ...("image_url" in block ? atMostLong("image_url", block.image_url, limits.address) : []),
      ];
    case "context":
      return [
        ...atMost("elements", block.elements, limits.contextElements),
        ...block.elements.flatMap((each) => ("text" in each ? within("text", each.text, limits.contextText) : [])),
      ];
    case "actions":
      return [
        ...atMost("elements", block.elements, limits.actionsElements),
        ...twice(block.elements),
        ...block.elements.flatMap((element) => checkElement(element)),
      ];
    case "input":
      return [
        ...within("label", block.label.text, limits.inputLabel),
        ...(block.hint === undefined ? [] : within("hint", block.hint.text, limits.inputHint)),
        ...checkElement(block.element),
      ];
    default:
      return block satisfies never;
  }
}

function checkSection({ text, fields = [], accessory }: SectionBlock): string[] {
  return [
    ...(text === undefined ? [] : within("text", text.text, limits.sectionText)),
    ...(text === undefined && fields.length === 0 ? ["neither text nor fields"] : []),
    ...(fields.length > limits.sectionFields ? [`${fields.length} fields, ${limits.sectionFields} allowed`] : []),
    ...fields.flatMap((field) => within("field", field.text, limits.sectionField)),
    ...(accessory === undefined ? [] : checkElement(accessory)),
  ];
}

/** Slack would not know which of them was pressed. */
function twice(elements: readonly { action_id?: string }[]): string[] {
  const ids = elements.flatMap(({ action_id }) => (action_id === undefined ? [] : [action_id]));
  return new Set(ids).size < ids.length ? ["two elements have one action_id"] : [];
}

function atMostLong(name: string, text: string | undefined, most: number): string[] {
  return text === undefined || text === "" ? [] : within(name, text, most);
}
