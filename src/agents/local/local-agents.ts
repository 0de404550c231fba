/** The three agents that run in this process, and the customers as they see them. */
import type { TemplateRenderer } from "../../flow/message-template.ts";
import type { Agents, CustomerDirectory } from "../agent.ts";
import type { CustomerSource } from "../crm/customer-source.ts";
import { findCustomers } from "./data/find-customers.ts";
import { getCustomer } from "./data/get-customer.ts";
import { getPortfolio } from "./data/get-portfolio.ts";
import { retrieveCustomerData } from "./data/retrieve-customer-data.ts";
import { createCalendarEvent } from "./execution/create-calendar-event.ts";
import { createTask } from "./execution/create-task.ts";
import { sendEmail } from "./execution/send-email.ts";
import { sendNotifications } from "./execution/send-notifications.ts";
import { sendSlackMessage } from "./execution/send-slack-message.ts";
import type { PreferredWays } from "./execution/way.ts";
import { createLocalAgent } from "./local-agent.ts";
import { generateRenewalRecommendations } from "./recommendations/generate-renewal-recommendations.ts";
import { assessRenewalRisk } from "./risk/assess-renewal-risk.ts";

export function createLocalAgents(parameters: {
  source: CustomerSource;
  templates: TemplateRenderer;
  /** How people want to be told; left out: nobody has a preference. */
  preferred?: PreferredWays;
}): {
  agents: Agents;
  customers: CustomerDirectory;
} {
  const { source, templates, preferred = new Map() } = parameters;
  const agents: Agents = {
    data_agent: createLocalAgent({
      name: "data_agent",
      actions: [
        getCustomer({ source }),
        retrieveCustomerData({ source }),
        findCustomers({ source }),
        getPortfolio({ source }),
      ],
    }),
    decision_agent: createLocalAgent({
      name: "decision_agent",
      actions: [assessRenewalRisk(), generateRenewalRecommendations()],
    }),
    execution_agent: createLocalAgent({
      name: "execution_agent",
      actions: [
        sendNotifications({ templates, preferred }),
        createCalendarEvent(),
        sendEmail({ templates }),
        sendSlackMessage({ templates }),
        createTask(),
      ],
    }),
  };
  return { agents, customers: source };
}
