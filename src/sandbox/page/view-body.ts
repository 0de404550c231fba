/**
 * The blocks of a modal or of a Home, drawn in place.
 *
 * 1. A block that says the same stays as it is: with what was typed in it, the caret, the focus.
 * 2. In one that changed what was typed is put back where block_id and action_id are the same, as in Slack.
 * 3. A modal that another one was pushed upon comes back as it was left.
 */
import type { PageView } from "../page-api.ts";
import type { BlockContext, InputField, InputState, Press } from "./block-context.ts";
import { renderBlock } from "./block-kit.ts";
import { h, reconcile } from "./h.ts";
import { keepFocus } from "./keep-focus.ts";
import { markPending } from "./pending-marks.ts";
import { fields, list, string } from "./shape.ts";

export type ViewValues = Record<string, Record<string, InputState>>;

export type ViewContext = Pick<BlockContext, "reader" | "userName" | "channelName">;

export interface ViewBody {
  element: HTMLElement;
  draw: (view: PageView) => void;
  inputs: () => InputField[];
  /** As Slack's `view.state.values`. */
  values: () => ViewValues;
  /** Nothing is shown any more, and nothing that was typed comes back. */
  clear: () => void;
}

export interface ViewBodyWiring {
  context: () => ViewContext;
  /** Settles when the press was answered. */
  press: (viewId: string, press: Press, values: ViewValues) => Promise<void>;
}

interface Drawn {
  json: string;
  node: HTMLElement;
  inputs: InputField[];
}

interface Typed {
  blockId: string;
  actionId: string;
  state: InputState;
}

export function createViewBody(wiring: ViewBodyWiring): ViewBody {
  const element = h("div", { class: "blocks view-blocks", tabindex: -1 });
  const drafts = new Map<string, Typed[]>();
  const pending = new Set<string>();
  let drawn = new Map<string, Drawn>();
  let shown: string | null = null;

  const inputs = (): InputField[] => Array.from(drawn.values()).flatMap((block) => block.inputs);
  const isPending = (blockId: string, actionId: string): boolean =>
    pending.has(JSON.stringify([shown, blockId, actionId]));
  const press = async (viewId: string, what: Press): Promise<void> => {
    const key = JSON.stringify([viewId, what.blockId, what.actionId]);
    pending.add(key);
    markPending(element, isPending);
    await wiring.press(viewId, what, valuesOf(inputs()));
    pending.delete(key);
    markPending(element, isPending);
  };
  const draw = (view: PageView): void => {
    const same = shown === view.id;
    if (!same && shown !== null) drafts.set(shown, typedIn(inputs()));
    const typed = same ? typedIn(inputs()) : (drafts.get(view.id) ?? []);
    const context: Omit<BlockContext, "inputs"> = {
      ...wiring.context(),
      press: (what) => void press(view.id, what),
      isPending,
      images: view.images,
      scope: `view-${view.id}`,
    };
    const before = same ? drawn : new Map<string, Drawn>();
    const blocks = list(view.view["blocks"]).map(fields);
    drawn = new Map(
      blocks.map((block, index) => {
        const key = string(block["block_id"]) || `block ${index}`;
        const json = JSON.stringify([block, view.images, context.reader.zone]);
        const known = before.get(key);
        if (known?.json === json) return [key, known];
        const found: InputField[] = [];
        const node = renderBlock(block, { ...context, inputs: found });
        putBack(found, typed);
        return [key, { json, node, inputs: found }];
      }),
    );
    shown = view.id;
    keepFocus(element, () =>
      reconcile(
        element,
        Array.from(drawn.values(), ({ node }) => node),
      ),
    );
    markPending(element, isPending);
  };
  return {
    element,
    draw,
    inputs,
    values: () => valuesOf(inputs()),
    clear: () => {
      drafts.clear();
      drawn.clear();
      shown = null;
      element.replaceChildren();
    },
  };
}

function typedIn(inputs: InputField[]): Typed[] {
  return inputs.map(({ blockId, actionId, read }) => ({ blockId, actionId, state: read() }));
}

function putBack(inputs: InputField[], typed: Typed[]): void {
  for (const input of inputs) {
    const before = typed.find(({ blockId, actionId }) => blockId === input.blockId && actionId === input.actionId);
    if (before !== undefined && before.state.type === input.read().type) input.restore(before.state);
  }
}

function valuesOf(inputs: InputField[]): ViewValues {
  const values: ViewValues = {};
  for (const input of inputs) values[input.blockId] = { ...values[input.blockId], [input.actionId]: input.read() };
  return values;
}
