/**
 * The form that `/revops` alone opens: a flow, then whom it is about and its inputs, each in the element of its type. It reads what
 * was typed as the word `run` would, so that both start the same thing. It carries the channel that it was opened in, and no more.
 */
import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from "@slack/types";
import { hasFilter, isAboutCustomer, type FlowDefinition, type InputField } from "../../flow/flow.ts";
import type { ScalarInput } from "../../flow/edit-field.ts";
import type { Json } from "../../flow/json.ts";
import { actionIds, callbackIds, encodeStartForm } from "../../notify/slack/action-ids.ts";
import { piece } from "../../notify/slack/escape.ts";
import { inWords } from "../../notify/slack/format.ts";
import { limits, truncate } from "../../notify/slack/limits.ts";
import type { CommandLine } from "../listeners/commands/command-line.ts";
import { context } from "./rows.ts";
import { canBeShown, inputElement, readInput, type StateValue } from "./scalar-input.ts";

export const startBlocks = { flow: "flow", customer: "customer" } as const;
const valueId = "value";
/** Beside the flow, its description, the customer and the line below. */
const mostInputs = limits.modalBlocks - 4;

interface StartForm {
  /** An id: where the progress of many stands. */
  channel: string;
  flows: readonly FlowDefinition[];
  /** Null: none has been chosen. */
  chosen: FlowDefinition | null;
}

export function startForm({ channel, flows, chosen }: StartForm): ModalView {
  return {
    type: "modal",
    callback_id: callbackIds.start,
    private_metadata: encodeStartForm({ channel, flowId: chosen?.flow_id ?? null }),
    title: { type: "plain_text", text: "Start a flow" },
    submit: { type: "plain_text", text: "Start" },
    close: { type: "plain_text", text: "Cancel" },
    blocks: [
      flowBlock(flows, chosen),
      ...(chosen === null ? [] : chosenBlocks(chosen)),
      context("`/revops help` lists the words that do the same, and all others."),
    ],
  };
}

function flowBlock(flows: readonly FlowDefinition[], chosen: FlowDefinition | null): InputBlock {
  const options = flows.slice(0, limits.options).map(({ flow_id }) => option(flow_id));
  const initial = options.find(({ value }) => value === chosen?.flow_id);
  return {
    type: "input",
    block_id: startBlocks.flow,
    dispatch_action: true,
    label: { type: "plain_text", text: "Flow" },
    element: {
      type: "static_select",
      action_id: actionIds.chooseFlow,
      placeholder: { type: "plain_text", text: "Which one?" },
      options,
      ...(initial === undefined ? {} : { initial_option: initial }),
    },
  };
}

function chosenBlocks(chosen: FlowDefinition): KnownBlock[] {
  const { description } = chosen;
  return [
    ...(description === null ? [] : [context(piece(description, 300))]),
    ...(isAboutCustomer(chosen) ? [customerBlock(chosen)] : []),
    ...inputsOf(chosen).map(([name, field]) => inputBlock(chosen, name, field)),
  ];
}

/** A block of one flow isn't one of another's: what was typed for the first must not stay for the second. */
export function blockOf(definition: FlowDefinition, name: string): string {
  return truncate(`${definition.flow_id}/${name}`, limits.id);
}

function customerBlock(definition: FlowDefinition): InputBlock {
  const optional = hasFilter(definition);
  const hint = "Name or id.";
  return {
    type: "input",
    block_id: blockOf(definition, startBlocks.customer),
    optional,
    label: { type: "plain_text", text: "Customer" },
    hint: { type: "plain_text", text: optional ? `${hint} Empty: all whom the flow's filter matches.` : hint },
    element: { type: "plain_text_input", action_id: valueId, max_length: 200 },
  };
}

function inputBlock(definition: FlowDefinition, name: string, field: InputField): InputBlock {
  const input = scalar(field);
  const hint = [field.description, field.type === "datetime" ? "Such as 2027-01-31T09:00:00+01:00." : null];
  const said = hint.filter((text) => text !== null).join(" ");
  return {
    type: "input",
    block_id: blockOf(definition, `input/${name}`),
    optional: !field.required,
    label: { type: "plain_text", text: inWords(name) },
    ...(said === "" ? {} : { hint: { type: "plain_text", text: truncate(said, 300) } }),
    element: inputElement({
      actionId: valueId,
      input,
      value: canBeShown(input, field.default) ? field.default : null,
    }),
  };
}

function inputsOf(definition: FlowDefinition): [string, InputField][] {
  return Object.entries(definition.input)
    .filter(([name]) => name !== "customer_id")
    .slice(0, mostInputs);
}

function scalar({ type, enum: choices }: InputField): ScalarInput {
  if (choices !== null && choices.length <= limits.options) return { kind: "choice", choices };
  switch (type) {
    case "string":
    case "datetime":
      return { kind: "text", multiline: false };
    case "number":
    case "integer":
      return { kind: "number", integer: type === "integer" };
    case "boolean":
      return { kind: "flag" };
    case "date":
      return { kind: "date" };
    default:
      return type satisfies never;
  }
}

export type StartValues = Record<string, Record<string, StateValue>>;
type RunLine = Extract<CommandLine, { kind: "run" }>;
export type ReadStart = { ok: true; line: RunLine } | { ok: false; errors: Record<string, string> };

/** What was left empty isn't given: the flow's default holds. */
export function readStart(definition: FlowDefinition, values: StartValues): ReadStart {
  const at = (block: string) => values[block]?.[valueId] ?? {};
  const errors: Record<string, string> = {};
  const input: Record<string, string> = {};
  for (const [name, field] of inputsOf(definition)) {
    const block = blockOf(definition, `input/${name}`);
    const read = readInput(scalar(field), at(block));
    if (!read.ok) errors[block] = read.message;
    else if (read.value !== null) input[name] = asTyped(read.value);
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const customer = (at(blockOf(definition, startBlocks.customer)).value ?? "").trim();
  // For many there is no input but the flow's own: what the form shows as a default is none that was given.
  const given = isAboutCustomer(definition) && customer === "" ? changed(definition, input) : input;
  const flowId = definition.flow_id;
  return { ok: true, line: { kind: "run", flowId, customer: customer === "" ? null : customer, input: given } };
}

/** As it is written in a line. */
function asTyped(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function changed(definition: FlowDefinition, input: Record<string, string>): Record<string, string> {
  const isDefault = ([name, value]: [string, string]) => value === asTyped(definition.input[name]?.default ?? null);
  return Object.fromEntries(Object.entries(input).filter((entry) => !isDefault(entry)));
}

function option(text: string): PlainTextOption & { value: string } {
  return { text: { type: "plain_text", text, emoji: false }, value: text };
}
