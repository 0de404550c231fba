/** The faults that can be put into what goes between the app and the world, each with what a good bot does about it. */
import type { FaultName } from "../page-api.ts";
import { format } from "./dates.ts";
import { h, setText } from "./h.ts";
import type { Answer } from "./server.ts";
import { lastStrike, type TrafficLog } from "./traffic-log.ts";
import { FAULT_NAMES, FAULTS } from "./traffic-words.ts";

export interface FaultPanel {
  element: HTMLElement;
  draw: (drawing: { armed: FaultName[]; traffic: TrafficLog; zone: string }) => void;
}

export interface FaultPanelWiring {
  cause: (name: FaultName) => Promise<Answer>;
  clear: (name: FaultName) => Promise<Answer>;
  /** Open from the start where there is room beside the list. */
  open: boolean;
}

interface Item {
  element: HTMLElement;
  draw: (armed: boolean, struck: string | null) => void;
}

export function createFaultPanel(wiring: FaultPanelWiring): FaultPanel {
  const items = new Map(FAULT_NAMES.map((name) => [name, faultItem(name, wiring)]));
  const summary = h("summary", {}, h("h2", {}, "Faults"), h("span", { class: "faults-armed" }));
  const element = h(
    "details",
    { class: "faults", open: wiring.open },
    summary,
    h("ul", {}, ...Array.from(items.values(), (item) => h("li", {}, item.element))),
  );
  return {
    element,
    draw: ({ armed, traffic, zone }) => {
      setText(summary.lastElementChild, armed.length === 0 ? "" : `${armed.length} armed`);
      for (const [name, item] of items) {
        const strike = lastStrike(traffic, name);
        item.draw(armed.includes(name), strike === null ? null : format(strike.at, "timeSeconds", zone));
      }
    },
  };
}

function faultItem(name: FaultName, { cause, clear }: FaultPanelWiring): Item {
  const { title, happens, goodBot, when } = FAULTS[name];
  const state = h("span", { class: "fault-state", role: "status" });
  const problem = h("p", { class: "message-error", role: "alert" });
  const button = h("button", { type: "button", class: "button plain small" });
  let isArmed = false;
  let asked = false;

  const press = async (): Promise<void> => {
    if (asked) return;
    asked = true;
    const answer = await (isArmed ? clear(name) : cause(name));
    asked = false;
    setText(problem, answer.ok ? "" : answer.error);
  };
  button.addEventListener("click", () => void press());
  return {
    element: h(
      "section",
      { class: "fault", "aria-label": title },
      h("div", { class: "fault-head" }, h("h3", {}, title), state, button),
      h("p", {}, `${happens} ${goodBot}`),
      problem,
    ),
    draw: (armed, struck) => {
      isArmed = armed;
      const action = armed ? "Disarm" : when === "armed" ? "Arm" : "Do it now";
      setText(button, action);
      button.setAttribute("aria-label", `${action}: ${title}`);
      state.classList.toggle("armed", armed);
      setText(state, armed ? "Armed" : struck === null ? "" : `Struck ${struck}`);
    },
  };
}
