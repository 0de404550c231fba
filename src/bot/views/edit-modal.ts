/** The form that changes what an approval would let out (A3): one input for each thing that its fields hold. */
import type { InputBlock, KnownBlock, ModalView } from "@slack/types";
import type { EditField } from "../../flow/edit-field.ts";
import { callbackIds } from "../../notify/slack/action-ids.ts";
import { oneLine, piece } from "../../notify/slack/escape.ts";
import { limits } from "../../notify/slack/limits.ts";
import { placesOf, type Place } from "./edit-places.ts";
import { context, section } from "./rows.ts";
import { canBeShown, inputElement } from "./scalar-input.ts";

export const editInputId = "value";
const labelLength = 200;
/** Blocks for what stands around the inputs. */
const spare = 3;

/** Shown at once, since Slack waits three seconds for a view and the data may take longer. */
export function editLoadingModal(): ModalView {
  return { ...frame(), blocks: [context("Reading what can be changed …")] };
}

/** `about`: mrkdwn, whom or what it is about; null: that isn't known. */
export function editModal(parameters: {
  approval: string;
  about: string | null;
  fields: readonly EditField[];
}): ModalView {
  const { approval, about, fields } = parameters;
  const places = fields.flatMap((field, index) => placesOf(field, index));
  const most = limits.modalBlocks - spare;
  const blocks: KnownBlock[] = [
    ...(about === null ? [] : [section(about)]),
    context(
      `${hasItems(fields) ? "Empty an entry to leave it out. " : ""}Nothing goes out before somebody approves it.`,
    ),
    ...places.slice(0, most).map(placeBlock),
    ...(places.length > most ? [context(`Only the first ${most} entries can be changed here.`)] : []),
  ];
  return {
    ...frame(),
    callback_id: callbackIds.edit,
    private_metadata: approval,
    submit: { type: "plain_text", text: "Save" },
    blocks,
  };
}

function hasItems(fields: readonly EditField[]): boolean {
  return fields.some(({ input }) => input.kind === "items");
}

function frame() {
  return {
    type: "modal" as const,
    title: { type: "plain_text" as const, text: "Edit" },
    close: { type: "plain_text" as const, text: "Cancel" },
  };
}

function placeBlock(place: Place): KnownBlock {
  const { label, input, value } = place;
  return canBeShown(input, value)
    ? inputBlock(place)
    : context(`${piece(label, labelLength)}: too long to be changed here, so it stays as it is.`);
}

function inputBlock({ blockId, label, hint, input, value, optional }: Place): InputBlock {
  return {
    type: "input",
    block_id: blockId,
    optional,
    label: { type: "plain_text", text: oneLine(label, labelLength), emoji: false },
    ...(hint === null ? {} : { hint: { type: "plain_text", text: hint } }),
    element: inputElement({ actionId: editInputId, input, value }),
  };
}
