/**
 * Questions answered by a model of Bedrock's decision agent, as it speaks.
 *
 * 1. It hears the facts that this asker may see, and nothing else; its words start nothing.
 * 2. Sentence by sentence its figures are held against the facts; one that says another figure, a link or an address is left out, and
 *    that is said.
 * 3. What it offers to press comes from a closed list, by name.
 * 4. Without the mark at its end an answer is half an answer, however the stream ended: a failure, never a whole one.
 */
import { createHash } from "node:crypto";
import { FailureError } from "../../../flow/failure.ts";
import type { AnswerPart, Answerer, Question, Suggestion } from "../../answerer.ts";
import type { ConversationFacts } from "../../conversation-facts.ts";
import { answerTo } from "../../local/conversation/local-answerer.ts";
import { cleanText } from "../clean-text.ts";
import { knownFigures, type KnownFigures } from "../figures.ts";
import type { Bedrock } from "../submission.ts";
import { turnFrames } from "../turn.ts";
import { TurnUsage } from "../turn-usage.ts";
import { wordingProblems } from "../wording.ts";
import { conversationPrompt, factsForModel, type Offers } from "./conversation-prompt.ts";
import { SentenceReader } from "./sentence-reader.ts";

/** Of one answer, in milliseconds: a person waits. */
const longestMs = 120_000;
const longestAnswer = 8_000;
const mostSentence = 1_000;
const nonceBytes = 8;
const mostOffered = 3;
/** Threads whose last answer was lost: a turn may live on in the old session, so the next one gets another. */
const mostBroken = 1_000;

export function createBedrockAnswerer(bedrock: Bedrock): Answerer {
  const broken = new Map<string, string>();
  return {
    agent: "decision_agent",
    async *answer(question): AsyncGenerator<AnswerPart> {
      const nonce = bedrock.randomness.hex(nonceBytes);
      const sessionId = sessionFor(question.session, broken.get(question.session) ?? "");
      let isWhole = false;
      try {
        yield* spoken(bedrock, question, { nonce, sessionId });
        isWhole = true;
      } finally {
        if (!isWhole) {
          if (broken.size >= mostBroken) broken.clear();
          broken.set(question.session, nonce);
        }
      }
    },
  };
}

async function* spoken(
  bedrock: Bedrock,
  question: Question,
  { nonce, sessionId }: { nonce: string; sessionId: string },
): AsyncGenerator<AnswerPart> {
  const { agentId, aliasId } = bedrock.alias;
  const agent = `${agentId}/${aliasId}`;
  const { sources, suggestions } = answerTo(question);
  const offers: Offers = new Map(suggestions.map((suggestion, at) => [`s${at + 1}`, suggestion]));
  const signal = AbortSignal.any([question.signal, bedrock.deadline(longestMs)]);
  const input = {
    agentId,
    agentAliasId: aliasId,
    sessionId,
    inputText: conversationPrompt(question, { nonce, offers }),
    streamingConfigurations: { streamFinalResponse: true },
  };
  const reader = new SentenceReader(nonce);
  const check = new Checker(question.facts);
  const used = new TurnUsage();
  const begun = bedrock.now();
  const decoder = new TextDecoder();
  let length = 0;
  for await (const { chunk } of turnFrames({ ...bedrock, signal }, input, used)) {
    for (const sentence of reader.take(decoder.decode(chunk?.bytes, { stream: true }))) {
      const text = check.passed(sentence);
      length += text.length;
      if (length > longestAnswer) throw failed(`Agent ${agent} did not come to an end.`);
      if (text !== "") yield { kind: "text", text };
    }
  }
  yield { kind: "usage", usage: used.result({ agent, ms: bedrock.now() - begun }) };
  const offered = reader.end();
  if (offered === null) throw failed(`Agent ${agent} stopped in the middle of its answer.`);
  if (length === 0 && check.left === 0) throw failed(`Agent ${agent} said nothing.`);
  if (check.left > 0) yield { kind: "text", text: `\n${leftOut(check.left)}` };
  for (const source of sources) yield { kind: "source", source };
  for (const suggestion of chosen(offered, offers)) yield { kind: "suggestion", suggestion };
}

function failed(cause: string): FailureError {
  return new FailureError({ error: "Agent.InvalidOutput", cause });
}

function leftOut(count: number): string {
  const what = count === 1 ? "One sentence was" : `${count} sentences were`;
  return `(${what} left out: it said a figure, a link or an address that no fact says.)`;
}

/** In its order; what isn't on the list was made up. */
function chosen(names: readonly string[], offers: Offers): Suggestion[] {
  const found = [...new Set(names)].flatMap((name) => offers.get(name) ?? []);
  return found.slice(0, mostOffered);
}

/** Holds each sentence against the facts. */
class Checker {
  readonly #known: KnownFigures;
  readonly #names: string[];
  left = 0;

  constructor(facts: ConversationFacts) {
    this.#known = knownFigures(factsForModel(facts));
    this.#names = namesIn(facts);
  }

  /** As it may be shown; empty: it may not. */
  passed(sentence: string): string {
    const text = cleanText(sentence, mostSentence);
    if (text === "") return sentence.includes("\n") ? "\n" : "";
    const withoutNames = this.#names.reduce((rest, name) => rest.replaceAll(name, " name "), text);
    const place = "This sentence";
    const problems = wordingProblems({ place, text: withoutNames, most: mostSentence, known: this.#known, name: null });
    if (problems.length > 0) {
      this.left += 1;
      return "";
    }
    return `${text}${/\n\s*$/.test(sentence) ? "\n" : " "}`;
  }
}

/** Which may hold digits; the longest first, or a short one would take a piece of it. */
function namesIn({ customers, due, atRisk, flows, waiting }: ConversationFacts): string[] {
  const names = [
    ...customers.flatMap(({ id, name, executions }) => [
      id,
      name,
      ...executions.flatMap(({ execution_id, flow_id }) => [execution_id, flow_id]),
    ]),
    ...due.flatMap(({ customer_id, customer_name }) => [customer_id, customer_name]),
    ...atRisk.flatMap(({ customer_id, customer_name, execution_id }) => [customer_id, customer_name, execution_id]),
    ...waiting.flatMap(({ execution_id, customer_name }) => [execution_id, customer_name ?? ""]),
    ...flows.map(({ flow_id }) => flow_id),
  ];
  // A name of a digit or two would hide figures.
  const telling = names.filter((name) => name.length > 2 && /\p{L}/u.test(name));
  return [...new Set(telling)].toSorted((one, other) => other.length - one.length);
}

/** Bedrock takes few letters; a thread's own, and no other's. */
function sessionFor(session: string, generation: string): string {
  return `revops:${createHash("sha256").update(`${session}/${generation}`).digest("hex")}`;
}
