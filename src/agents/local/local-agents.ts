/** The three agents that run in this process, and the customers as they see them. */
import type { TemplateRenderer } from "../../flow/message-template.ts";
import { officeHours, type WorkingTime } from "../../flow/working-time.ts";
import type { Agents, CaseBook, CustomerDirectory } from "../agent.ts";
import type { CustomerSource } from "../crm/customer-source.ts";
import { noCaseBook } from "./cases/no-case-book.ts";
import { reviewCases } from "./cases/review-cases.ts";
import { trackCase } from "./cases/track-case.ts";
import { findCustomers } from "./data/find-customers.ts";
import { getCustomer } from "./data/get-customer.ts";
import { getPortfolio } from "./data/get-portfolio.ts";
import { retrieveCustomerData } from "./data/retrieve-customer-data.ts";
import { buildDigest } from "./digest/build-digest.ts";
import { buildRollUp } from "./digest/build-roll-up.ts";
import { type Digests, noDigests } from "./digest/digest-settings.ts";
import { planDigests } from "./digest/plan-digests.ts";
import { createCalendarEvent, type ZoneOf } from "./execution/create-calendar-event.ts";
import { createTask } from "./execution/create-task.ts";
import { sendEmail } from "./execution/send-email.ts";
import { sendNotifications } from "./execution/send-notifications.ts";
import { sendSlackMessage } from "./execution/send-slack-message.ts";
import { type CrmWriting, nothingWritable, updateCrm } from "./execution/update-crm.ts";
import type { PreferredWays } from "./execution/way.ts";
import { createLocalAgent } from "./local-agent.ts";
import { checkOnboarding } from "./onboarding/check-onboarding.ts";
import { planOnboarding } from "./onboarding/plan-onboarding.ts";
import { generateRenewalRecommendations } from "./recommendations/generate-renewal-recommendations.ts";
import { assessChurnRisk } from "./risk/assess-churn-risk.ts";
import { assessRenewalRisk } from "./risk/assess-renewal-risk.ts";
import { recordOutcome } from "./risk/record-outcome.ts";
import { builtInModels, type RiskModels } from "./risk/risk-models.ts";

export function createLocalAgents(parameters: {
  source: CustomerSource;
  templates: TemplateRenderer;
  /** Left out: the agents are only looked at. */
  cases?: CaseBook;
  /** Left out: nobody is told anything by the week. */
  digests?: Digests;
  /** How people want to be told; left out: nobody has a preference. */
  preferred?: PreferredWays;
  /** False: nobody is told by direct message. */
  directMessages?: boolean;
  /** False: there is no mail server. */
  mails?: boolean;
  /** When people work; left out: nine to five, without holidays. */
  workingTime?: WorkingTime;
  /** Where people live; left out: nobody knows. */
  zoneOf?: ZoneOf;
  /** What may be changed in the CRM; left out: nothing. */
  writing?: CrmWriting;
  /** Left out: those of the product. */
  models?: RiskModels;
}): {
  agents: Agents;
  customers: CustomerDirectory;
} {
  const { source, templates, cases = noCaseBook, digests = noDigests } = parameters;
  const { preferred = new Map(), writing = nothingWritable, models = builtInModels() } = parameters;
  const { workingTime = officeHours, zoneOf = async () => null, directMessages = true, mails = true } = parameters;
  const agents: Agents = {
    data_agent: createLocalAgent({
      name: "data_agent",
      actions: [
        getCustomer({ source }),
        retrieveCustomerData({ source }),
        findCustomers({ source }),
        getPortfolio({ source }),
        planDigests({ source, settings: digests.settings, zoneOf }),
      ],
    }),
    decision_agent: createLocalAgent({
      name: "decision_agent",
      actions: [
        assessRenewalRisk({ models }),
        assessChurnRisk({ models }),
        generateRenewalRecommendations(),
        planOnboarding(),
        checkOnboarding(),
        recordOutcome(),
        trackCase({ cases }),
        reviewCases({ source, cases }),
        buildDigest({ source, cases, standing: digests.standing }),
        buildRollUp({ source, cases, standing: digests.standing }),
      ],
    }),
    execution_agent: createLocalAgent({
      name: "execution_agent",
      actions: [
        sendNotifications({ templates, preferred, directMessages, mails }),
        createCalendarEvent({ zoneOf, workingTime }),
        sendEmail({ templates }),
        sendSlackMessage({ templates }),
        createTask(),
        updateCrm({ source, writing }),
      ],
    }),
  };
  return { agents, customers: source };
}
