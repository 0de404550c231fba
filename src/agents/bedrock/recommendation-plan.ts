/**
 * `generate_renewal_recommendations`: code says which plays fit, who does them by when and what they are worth; the model chooses
 * among them, orders them and says why. What it adds from outside the play library is marked as its own and is worth nothing yet.
 */
import { z } from "zod";
import type { ActionRequest } from "../agent.ts";
import { addDays } from "../../flow/zone.ts";
import { plays } from "../local/recommendations/play.ts";
import { Recommendation, Recommendations } from "../local/recommendations/recommendations.ts";
import { requiredRisk } from "../local/risk/risk-input.ts";
import { factsFor } from "./facts.ts";
import { type KnownFigures, knownFigures } from "./figures.ts";
import { differing } from "./risk-narrative.ts";
import { type Bedrock, submitted, type Submitted, type Verdict } from "./submission.ts";
import { tidied, wordingProblems } from "./wording.ts";

/** What code expects of a play, and the evidence, which people wrote, are no matter for the model. */
const Planned = z.object(Recommendation.shape).omit({ effect: true, evidence: true }).strip();
type Planned = z.infer<typeof Planned>;
const Plan = Recommendations.extend({ recommendations: z.array(Planned.strict()) });
type Plan = z.infer<typeof Plan>;

const fewest = 2;
const most = 4;
const mostDays = 60;
const mostTitle = 80;
const mostWhy = 300;
const mostSummary = 600;
const libraryIds: ReadonlySet<string> = new Set(plays.map(({ id }) => id));

const ask = [
  "Plan what to do about this renewal: two to four recommendations chosen from the plays in the facts, in an order that serves the strategy.",
  "Keep each play's id, title, owner_email, due_date and value as they stand there; say in why what speaks for it, in one sentence.",
  "You may add one idea of your own: an id of your own, value null, the owner_email of one of the plays, a due_date within 60 days.",
  "The summary says the plan in one or two sentences.",
].join(" ");

export async function planRecommendations(
  bedrock: Bedrock,
  request: ActionRequest,
  computed: Recommendations,
): Promise<Submitted<Recommendations>> {
  const risk = requiredRisk(request);
  const { today, facts: about, quoted } = factsFor(request, risk);
  const offers = computed.recommendations.map((play) => Planned.parse(play));
  const facts = { ...about, strategy: computed.strategy, plays: offers, together: computed.summary };
  const bounds: Bounds = {
    computed,
    today,
    known: knownFigures(facts),
    name: request.customer?.name ?? null,
    owners: new Set([request.customer?.account_manager_email ?? null, request.customer?.csm_email ?? null]),
  };
  const accept = (answer: Plan) => accepted(tidy(answer), bounds);
  const question = { action: request.action, ask, schema: Plan, facts, quoted, accept };
  return submitted(bedrock, question, request);
}

interface Bounds {
  computed: Recommendations;
  today: string;
  known: KnownFigures;
  name: string | null;
  /** Whom the CRM names for this customer (E3). */
  owners: ReadonlySet<string | null>;
}

function accepted(answer: Plan, bounds: Bounds): Verdict<Recommendations> {
  const { computed, known, name } = bounds;
  const { recommendations: planned, summary, strategy } = answer;
  const ids = planned.map(({ id }) => id);
  const own = planned.filter(({ id }) => offered(id, computed) === null).length;
  const problems = [
    ...differing("strategy", strategy, computed.strategy),
    ...(planned.length < fewest || planned.length > most ? [`Give ${fewest} to ${most} recommendations.`] : []),
    ...(new Set(ids).size < ids.length ? ["Name no play twice."] : []),
    ...(own > 1 ? ["Add at most one idea of your own."] : []),
    ...planned.flatMap((one, index) => planProblems(one, `recommendations.${index}`, bounds)),
    ...wordingProblems({ place: "summary", text: summary, most: mostSummary, known, name }),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const marked = planned.map((one) => {
    const play = offered(one.id, computed);
    return play === null ? markedAsOwn(one) : { ...play, why: one.why };
  });
  return { ok: true, accepted: { ...answer, recommendations: marked } };
}

function planProblems(one: Planned, place: string, bounds: Bounds): string[] {
  const { known, name, computed } = bounds;
  const play = offered(one.id, computed);
  const why = wordingProblems({ place: `${place}.why`, text: one.why, most: mostWhy, known, name });
  if (play === null) return [...why, ...ownProblems(one, place, bounds)];
  return [
    ...why,
    ...differing(`${place}.title`, one.title, play.title),
    ...differing(`${place}.owner_email`, one.owner_email, play.owner_email),
    ...differing(`${place}.due_date`, one.due_date, play.due_date),
    ...differing(`${place}.value`, one.value, play.value),
  ];
}

function ownProblems({ id, title, owner_email, due_date, value }: Planned, place: string, bounds: Bounds): string[] {
  const { known, name, owners, today } = bounds;
  const isSoon = due_date >= today && due_date <= addDays({ date: today, days: mostDays });
  return [
    ...(libraryIds.has(id) ? [`${place}: the play ${id} does not fit this customer.`] : []),
    ...(/^[a-z][a-z0-9_]{1,40}$/.test(id) ? [] : [`${place}.id must be lower-case letters, digits and _.`]),
    ...wordingProblems({ place: `${place}.title`, text: title, most: mostTitle, known, name }),
    ...(owners.has(owner_email) ? [] : [`${place}.owner_email must be one of the plays'.`]),
    ...(isSoon ? [] : [`${place}.due_date must be within ${mostDays} days from ${today}.`]),
    ...differing(`${place}.value`, value, null),
  ];
}

function offered(id: string, { recommendations }: Recommendations): Recommendation | null {
  return recommendations.find((play) => play.id === id) ?? null;
}

/** For whoever reads the card, and for whoever reads the record. */
function markedAsOwn(own: Planned): Planned {
  return { ...own, id: `model_${own.id}`, title: `${own.title} (the model's own idea)` };
}

function tidy(answer: Plan): Plan {
  const recommendations = answer.recommendations.map((one) => ({
    ...one,
    title: tidied(one.title, mostTitle),
    why: tidied(one.why, mostWhy),
  }));
  return { ...answer, recommendations, summary: tidied(answer.summary, mostSummary) };
}
