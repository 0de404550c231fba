/** The product's agents with actions of one's own besides. What is the product's stays so: no name of its actions is taken. */
import type { Agent, Agents } from "../agent.ts";
import type { OwnAction } from "./define-action.ts";

/** `own`: as of each call. */
export function besideOwn(product: Agents, own: () => readonly OwnAction[]): Agents {
  const { data_agent, decision_agent, execution_agent } = product;
  return {
    data_agent: withOwn(data_agent, own),
    decision_agent: withOwn(decision_agent, own),
    execution_agent: withOwn(execution_agent, own),
  };
}

function withOwn(product: Agent, all: () => readonly OwnAction[]): Agent {
  const own = () => all().filter(({ agent }) => agent === product.name);
  return {
    name: product.name,
    get actions() {
      return [...product.actions, ...own().map(({ local }) => local.description)];
    },
    invoke: async (request) => {
      const isProducts = product.actions.some(({ action }) => action === request.action);
      const found = isProducts ? undefined : own().find(({ action }) => action === request.action);
      if (found === undefined) return product.invoke(request);
      request.signal.throwIfAborted();
      return found.local.invoke(request);
    },
  };
}
