/** Answers where there is none: which customer, what can be asked, and that nothing is done by asking. */
import type { Question } from "../../answerer.ts";
import type { ConversationFacts } from "../../conversation-facts.ts";
import { joined } from "../phrase.ts";
import { about, type Answer } from "./answer.ts";

/** Several fit, and the question is about one. */
export function whichAnswer({ text, facts }: Question): Answer {
  const names = [...new Set(facts.similar)];
  // Customers of one name are told apart by their ids.
  const isShared = names.length < facts.similar.length;
  const shown = isShared ? facts.customers.map(({ name, id, region }) => marked(name, id, region)) : names;
  const suggestions = facts.customers.map(({ name, id }) => ({
    kind: "ask" as const,
    question: `${text} (${isShared ? id : name})`,
    from: 0,
    label: isShared ? `${name} (${id})` : name,
  }));
  return { lines: [`Which one: ${joined(shown, "or")}?`], sources: [], suggestions };
}

function marked(name: string, id: string, region: string | null): string {
  return `${name} (${region === null || region === "" ? id : `${id}, ${region}`})`;
}

/** Asked to act: pressing is a person's. */
export function actAnswer({ facts }: Question): Answer {
  const [customer, ...others] = facts.customers;
  const nothing = "I start, decide and send nothing when I am asked in a sentence.";
  if (customer === undefined || others.length > 0) {
    const how = "`/revops run FLOW CUSTOMER` starts a flow, `/revops approvals` lists what you may decide.";
    return {
      lines: [nothing, how.replaceAll("`", "")],
      sources: [],
      suggestions: [{ kind: "approvals" }, { kind: "help" }],
    };
  }
  const suggestions = about(customer, facts);
  const lines = suggestions.length === 0 ? [nothing] : [nothing, `What you may want to press for ${customer.name}:`];
  return { lines, sources: [], suggestions };
}

export function whoseRiskAnswer(question: Question): Answer {
  const [example] = examplesFrom(question.facts);
  const lines = ["Whose risk? I found no customer of mine in that question.", `Such as: ${example}`];
  return {
    lines,
    sources: [],
    suggestions: [{ kind: "ask", question: "who is at risk?", from: 0, label: "Who is at risk" }],
  };
}

export function unknownAnswer({ text, facts }: Question): Answer {
  const lines = [
    "I can't answer that. I can answer these:",
    ...examplesFrom(facts).map((example) => `• ${example}`),
    nearestCommand(text),
  ];
  return { lines, sources: [], suggestions: [{ kind: "help" }] };
}

function examplesFrom({ due, customers }: ConversationFacts): string[] {
  const name = customers[0]?.name ?? due[0]?.customer_name ?? "Acme Robotics";
  return [
    `Why is ${name} at risk?`,
    `What happened to ${name}? What did we do for ${name}?`,
    `When does ${name} renew? Who owns ${name}?`,
    "What is due this week? Who renews this month?",
    "Who is at risk? What waits for me?",
  ];
}

const commands: readonly (readonly [RegExp, string])[] = [
  [/\b(?:start|run|launch|begin)\w*\b/i, "/revops run FLOW CUSTOMER starts a flow."],
  [/\b(?:stop|cancel|abort|end|kill)\w*\b/i, "/revops abort EXECUTION ends an execution, after asking."],
  [/\b(?:pause|hold|resume)\w*\b/i, "/revops pause FLOW holds a flow until it is resumed."],
  [/\b(?:customer|account|client)\b/i, "/revops customer NAME shows what is known of one."],
  [/\b(?:flow|flows|schedule|fire|fires|version)\b/i, "/revops flows lists the flows and when they fire."],
  [
    /\b(?:how (?:many|often|fast|long)|figures?|metrics?|statistics|average)\b/i,
    "/revops metrics has figures per flow.",
  ],
  [/\b(?:explain|stuck|waiting|hang\w*)\b/i, "/revops explain EXECUTION says what an execution waits for."],
  [/\b(?:log|history|events?|executions?)\b/i, "/revops history lists executions, and of one all that happened."],
];

function nearestCommand(text: string): string {
  return commands.find(([words]) => words.test(text))?.[1] ?? "/revops help lists the commands.";
}
