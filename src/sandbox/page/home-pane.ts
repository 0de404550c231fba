/** The Home tab of the bot's conversation: the view that the bot publishes for each person, with buttons that work. */
import type { PageView } from "../page-api.ts";
import type { Press } from "./block-context.ts";
import { h, setText } from "./h.ts";
import { refusalText } from "./presses.ts";
import type { Answer } from "./server.ts";
import { createViewBody, type ViewContext, type ViewValues } from "./view-body.ts";

export interface HomePane {
  element: HTMLElement;
  /** `view`: undefined: not asked for yet; null: none is published. */
  draw: (drawing: { view: PageView | null | undefined; botName: string; connected: boolean }) => void;
}

export interface HomeWiring {
  context: () => ViewContext;
  press: (viewId: string, press: Press, values: ViewValues) => Promise<Answer>;
}

export function createHomePane({ context, press }: HomeWiring): HomePane {
  const problem = h("p", { class: "message-error home-error", role: "alert" });
  const waiting = h("p", { class: "empty" });
  const body = createViewBody({
    context,
    press: async (viewId, what, values) => {
      setText(problem, "");
      const answer = await press(viewId, what, values);
      if (!answer.ok) setText(problem, refusalText(answer.error));
    },
  });
  const element = h("div", { class: "home" }, h("div", { class: "home-view" }, waiting, body.element), problem);
  let drawn: PageView | null = null;
  return {
    element,
    draw: ({ view, botName, connected }) => {
      waiting.hidden = view !== null && view !== undefined;
      if (view === undefined) setText(waiting, "Opening…");
      else if (connected) setText(waiting, `${botName} has published nothing here for you yet.`);
      else setText(waiting, `${botName} is not connected yet. Its Home appears once it is.`);
      if (view === drawn) return;
      drawn = view ?? null;
      setText(problem, "");
      if (view) body.draw(view);
      else body.clear();
    },
  };
}
