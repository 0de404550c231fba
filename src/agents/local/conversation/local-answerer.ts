/**
 * Questions answered by code: a few kinds, each from the facts that it is given, each with where it comes from. The same
 * question over the same facts gives the same answer; what isn't understood is said, with what is.
 */
import type { AnswerPart, Answerer, Question } from "../../answerer.ts";
import type { Answer } from "./answer.ts";
import { customerAnswer, datesAnswer, ownerAnswer } from "./customer-answers.ts";
import { happenedAnswer } from "./happened-answer.ts";
import { atRiskAnswer, dueAnswer, waitingAnswer } from "./list-answers.ts";
import { actAnswer, unknownAnswer, whichAnswer, whoseRiskAnswer } from "./other-answers.ts";
import { riskAnswer } from "./risk-answer.ts";
import { topicOf, type Topic } from "./topic.ts";

export const localAnswerer: Answerer = {
  agent: null,
  async *answer(question): AsyncGenerator<AnswerPart> {
    const { lines, sources, suggestions } = answerTo(question);
    const { takenFor, customers } = question.facts;
    const taken = takenFor === null ? [] : [`Taking “${takenFor}” for ${customers[0]?.name ?? takenFor}.`];
    yield { kind: "text", text: [...taken, ...lines].join("\n") };
    for (const source of sources) yield { kind: "source", source };
    for (const suggestion of suggestions) yield { kind: "suggestion", suggestion };
  },
};

export function answerTo(question: Question): Answer {
  const { text, facts } = question;
  const [customer, ...others] = facts.customers;
  const { isNamed, takenFor } = facts;
  const topic = topicOf(text, { hasCustomer: customer !== undefined, isNamed, isSure: takenFor === null });
  if (isAboutOne(topic)) {
    if (customer === undefined) return unknownAnswer(question);
    if (others.length > 0) return whichAnswer(question);
  }
  switch (topic) {
    case "act":
      return actAnswer(question);
    case "at_risk":
      return atRiskAnswer(question);
    case "due":
      return dueAnswer(question);
    case "waiting":
      return waitingAnswer(question);
    case "whose_risk":
      return whoseRiskAnswer(question);
    case "unknown":
      return unknownAnswer(question);
    case "owner":
    case "happened":
    case "risk":
    case "dates":
    case "customer":
      return customer === undefined ? unknownAnswer(question) : ofCustomer[topic](customer, facts);
    default:
      return topic satisfies never;
  }
}

type OfCustomer = Extract<Topic, "owner" | "happened" | "risk" | "dates" | "customer">;

const ofCustomer = {
  owner: ownerAnswer,
  happened: happenedAnswer,
  risk: riskAnswer,
  dates: datesAnswer,
  customer: customerAnswer,
} as const satisfies Record<OfCustomer, unknown>;

function isAboutOne(topic: Topic): topic is OfCustomer {
  return Object.hasOwn(ofCustomer, topic);
}
