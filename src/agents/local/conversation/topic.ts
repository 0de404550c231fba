/** What a question is about: words that people use, as one of the few things that can be answered. Pure. */

export type Topic =
  /** Somebody is to start, stop or decide something. */
  | "act"
  | "owner"
  | "happened"
  | "risk"
  | "dates"
  /** Anything else about a customer. */
  | "customer"
  /** Lists, about nobody in particular. */
  | "at_risk"
  | "due"
  | "waiting"
  | "whose_risk"
  | "unknown";

const act =
  /^(?:please |can you |could you |will you )*(?:start|launch|begin|trigger|approve|reject|cancel|stop|abort|redrive|restart|send|email|call|book|pause|resume|delete|update|change|set)\b/;
const owner =
  /\bwho (?:owns|manages|looks after|is responsible|handles|has)\b|\b(?:owner|account manager|whose (?:customer|account)|responsible)\b/;
const happened =
  /\b(?:happen\w*|did|done|history|status|state|latest|news|update|sent|decided|approved|rejected|last (?:time|week|month)|going on|so far|how (?:is|are|did|was|were)|progress|outcome)\b/;
const risk =
  /\b(?:risk\w*|churn\w*|health\w*|danger\w*|score|worr\w+|los(?:e|es|ing)|leav(?:e|es|ing)|why|reasons?|should we|help)\b/;
const dates = /\b(?:when|due|renew\w*|notice|expir\w*|deadline|ends?|contract|date)\b/;
const due =
  /\b(?:due|renew\w*|notice|expir\w*|deadlines?|upcoming|coming up|contracts? end\w*|calendar|agenda)\b|\b(?:today|tomorrow|(?:this|next) (?:week|month|quarter))\b/;
const waiting = /\b(?:wait\w*|approvals?|pending|my turn|to (?:decide|approve)|decisions?|to do|todo)\b/;
const atRisk = /\b(?:risk\w*|churn\w*|danger\w*|unhealthy|worr\w+|los(?:e|ing)|leav(?:e|ing))\b/;
const listing =
  /\b(?:who|which|whom|what(?:'s| is| are)? (?:due|coming|upcoming|waiting|pending|on)|list|show (?:me )?(?:all|the)|all|any|everyone|customers|accounts|my|mine|me)\b/;
const backReference = /\b(?:it|its|it's|they|them|their|that one|this (?:one|customer|account)|he|she)\b/;

/** `hasCustomer`: it names one, or its thread is about one; `isNamed`: it does so itself; `isSure`: by a whole name, not nearly. */
export function topicOf(
  question: string,
  { hasCustomer, isNamed, isSure }: { hasCustomer: boolean; isNamed: boolean; isSure: boolean },
): Topic {
  const text = question.normalize("NFKC").toLowerCase().replaceAll(/[’`]/g, "'").replaceAll(/\s+/g, " ").trim();
  if (act.test(text)) return "act";
  if (!isNamed || !isSure) {
    const list = listOf(text);
    const isList = !hasCustomer || (listing.test(text) && !backReference.test(text));
    if (list !== null && isList) return list;
  }
  if (!hasCustomer) return /\bwhy\b/.test(text) || risk.test(text) ? "whose_risk" : "unknown";
  if (owner.test(text)) return "owner";
  if (happened.test(text)) return "happened";
  if (risk.test(text)) return "risk";
  if (dates.test(text)) return "dates";
  return isNamed || backReference.test(text) ? "customer" : "unknown";
}

function listOf(text: string): "at_risk" | "due" | "waiting" | null {
  if (waiting.test(text)) return "waiting";
  if (atRisk.test(text) && listing.test(text)) return "at_risk";
  return due.test(text) ? "due" : null;
}

/** "my", "mine", "me": only what is the asker's own. */
export function isAboutMine(question: string): boolean {
  return /\b(?:my|mine|i|me)\b/i.test(question);
}
