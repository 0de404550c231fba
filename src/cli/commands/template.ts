/** `template`: which message templates there are, and how one reads for a customer. Nothing is sent or recorded. */
import type { Agents, CustomerDirectory, StepOutput } from "../../agents/agent.ts";
import type { Customer } from "../../flow/customer.ts";
import type { Json, JsonObject } from "../../flow/json.ts";
import type { RenderedMessage } from "../../flow/message-template.ts";
import { nearest } from "../../flow/nearest.ts";
import type { Templates } from "../../notify/templates/templates.ts";
import type { Answer, Call, Command } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import { plain } from "../plain.ts";

export const template: Command = {
  word: "template",
  usage: ["template list", "template preview NAME [CUSTOMER] [--html | --text]"],
  purpose: "the message templates, and how one reads for a customer",
  options: {
    html: { type: "flag", value: "", about: "the mail's HTML alone, as a browser shows it" },
    text: { type: "flag", value: "", about: "the mail's text alone" },
  },
  notes: [
    "A preview scores the customer as the local agents do now; without a customer it takes the first one of the source.",
  ],
  examples: [
    { line: "template list", about: "their names" },
    { line: "template preview renewal_recommendations Acme Robotics", about: "subject, text and Slack message" },
    { line: "template preview renewal_recommendations --html > mail.html", about: "to look at in a browser" },
  ],
  run: async (call) => {
    const [what, ...words] = call.words;
    if (what === "list" && words.length === 0) return list();
    if (what === "preview") return preview(call, words);
    const suggestion = what === undefined ? null : nearest(what, ["list", "preview"]);
    throw new UsageError("A template can be listed or previewed.", { suggestion });
  },
};

async function list(): Promise<Answer> {
  const { names } = await templates();
  return { document: { templates: [...names] }, text: () => names.map(plain).join("\n") };
}

async function preview(call: Call, [name, ...words]: readonly string[]): Promise<Answer> {
  const [html, text] = [call.options.isSet("html"), call.options.isSet("text")];
  if (name === undefined) throw new UsageError("This command needs the template's name.");
  if (html && text) throw new UsageError("--html and --text are two parts: give one.");
  const known = await templates();
  if (!known.names.includes(name))
    throw new CommandError([`There is no template “${plain(name)}”.`], nearest(name, known.names));
  const { customer, variables } = await variablesFor(call, { known, text: words.join(" ").trim() });
  const message = known.render({ template: name, variables });
  return {
    document: { template: name, customer_id: customer.id, ...message },
    text: () => (html ? message.html.trimEnd() : text ? shown(message.text) : parts(message)),
  };
}

async function templates(): Promise<Templates> {
  const { openTemplates } = await import("../../app/template-folder.ts");
  return openTemplates();
}

/** What the agents say of the customer today, as a flow would have it at its mail. */
async function variablesFor(
  { terminal }: Call,
  { known, text }: { known: Templates; text: string },
): Promise<{ customer: Customer; variables: object }> {
  const [{ terminalSettings }, { openCustomerSource }, { terminalClock }, { createLocalAgents }] = await Promise.all([
    import("../settings.ts"),
    import("../../app/customer-source.ts"),
    import("../now.ts"),
    import("../../agents/local/local-agents.ts"),
  ]);
  const settings = terminalSettings(terminal.environment);
  const now = (await terminalClock(settings)).now();
  const { source } = await openCustomerSource({ ...settings, now });
  const customer = text === "" ? await firstOf(source.all()) : await named(source, text);
  const { agents } = createLocalAgents({ source, templates: known });
  const answered = await answers({ agents, customer, now, timezone: settings.timezone });
  return { customer, variables: { customer, ...answered, execution_id: "preview" } };
}

async function named(source: CustomerDirectory, text: string): Promise<Customer> {
  const found = await source.find({ text });
  const [first, ...others] = found;
  const byId = found.find(({ id }) => id === text);
  if (byId !== undefined) return byId;
  if (first === undefined) throw new CommandError([`No customer has the id or name “${plain(text)}”.`]);
  if (others.length === 0) return first;
  const ids = found.map(({ id }) => plain(id)).join(", ");
  throw new CommandError([`${found.length} customers are called “${plain(text)}”; name one by its id: ${ids}.`]);
}

async function firstOf(pages: AsyncIterable<Customer[]>): Promise<Customer> {
  for await (const [first] of pages) if (first !== undefined) return first;
  throw new CommandError(["The customer source has no customers, so there is nobody to show a template for."]);
}

async function answers(asked: { agents: Agents; customer: Customer; now: number; timezone: string }): Promise<object> {
  const { agents, customer, now, timezone } = asked;
  const outputs: StepOutput[] = [];
  const ask = async (agent: keyof Agents, action: string, parameters: JsonObject = {}): Promise<Json> => {
    const executionId = "preview";
    const { output } = await agents[agent].invoke({
      action,
      parameters,
      customer,
      outputs,
      context: {
        executionId,
        stepId: action,
        attempt: 1,
        idempotencyKey: `${executionId}/${action}`,
        now,
        timezone,
        variables: {},
      },
      signal: new AbortController().signal,
    });
    outputs.unshift({ stepId: action, action, output });
    return output;
  };
  await ask("data_agent", "retrieve_customer_data");
  const risk = await ask("decision_agent", "assess_renewal_risk");
  const recommendations = await ask("decision_agent", "generate_renewal_recommendations");
  const onboarding = await ask("decision_agent", "plan_onboarding");
  const check = await ask("decision_agent", "check_onboarding", { milestone: "day_7" });
  return { risk, recommendations, onboarding, check };
}

function parts({ subject, text, slack }: RenderedMessage): string {
  return [`Subject: ${plain(subject)}`, "", shown(text), "", "In Slack:", "", shown(slack)].join("\n");
}

/** Line by line: what a customer is called must not move the cursor. */
function shown(text: string): string {
  return text.split("\n").map(plain).join("\n");
}
