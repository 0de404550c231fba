/** What a `NAME.test.yml` may say (docs/testing.md). Whatever is left out isn't checked. */
import { z } from "zod";
import { errorNames } from "../../flow/failure.ts";
import { AgentName } from "../../flow/flow.ts";
import { Json } from "../../flow/json.ts";

const Texts = z.array(z.string());
const Count = z.number().int().positive();

const Mock = z
  .strictObject({
    agent: AgentName,
    action: z.string(),
    step: z.string().optional(),
    customer: z.string().optional(),
    /** How often it answers so; left out: always. */
    times: Count.optional(),
    response: Json.optional(),
    failure: z.strictObject({ error: z.enum(errorNames), cause: z.string().default("The test says so.") }).optional(),
  })
  .refine(({ response, failure }) => (response === undefined) !== (failure === undefined), {
    message: "a mock has either a response or a failure",
  });

const EffectFault = z.strictObject({
  step: z.string().optional(),
  kind: z.enum(["email", "slack_message", "calendar_event", "crm_update"]).optional(),
  fault: z.enum(["throttled", "refused", "answer_lost", "request_lost"]),
  times: Count.optional(),
});

const Decision = z.strictObject({
  step: z.string().optional(),
  by: z.string().optional(),
  reason: z.string().optional(),
});

/** Some fields of an effect: `to`, `subject`, `text`, `title`, `attendees` and the others of its kind. */
const ExpectedEffect = z.looseObject({ step: z.string().optional() }).pipe(z.record(z.string(), Json));

export const Expectation = z.strictObject({
  status: z.enum(["running", "succeeded", "failed", "timed_out", "aborted"]).optional(),
  outcome: z.enum(["completed", "rejected", "expired", "nothing_to_do"]).nullable().optional(),
  /** Each of them has; others may have too. */
  completed: Texts.optional(),
  /** These and no others, with their reasons. */
  skipped: z.record(z.string(), z.enum(["condition", "upstream", "late"])).optional(),
  failed: Texts.optional(),
  /** Ids of the steps that wait, in the flow's order. */
  waiting_for: Texts.optional(),
  outputs: z.record(z.string(), Json).optional(),
  failure: Json.optional(),
  /** As many as are planned, in the order of the steps. */
  planned: z.array(ExpectedEffect).optional(),
  /** What the rules about contacts hold back; besides the effect's fields, `reason` and `cause`. */
  held: z.array(ExpectedEffect).optional(),
  performed: z.array(ExpectedEffect).optional(),
});
export type Expectation = z.infer<typeof Expectation>;

const acts = {
  advance: z.string(),
  approve: Decision,
  reject: Decision,
  edit: Decision.omit({ reason: true }).extend({ values: z.record(z.string(), Json) }),
  expire: Decision.pick({ step: true }),
  expect: Expectation,
};
const Act = z
  .strictObject(acts)
  .partial()
  .refine((act) => Object.keys(act).length === 1, { message: `one of ${Object.keys(acts).join(", ")} stands here` });
export type Act = z.infer<typeof Act>;

const Test = z.strictObject({
  name: z.string().min(1),
  customer: z.looseObject({ id: z.string().default("customer-1") }).optional(),
  input: z.record(z.string(), Json).default({}),
  /** The flow is started by this event rather than by hand. */
  event: z.string().optional(),
  mocks: z.array(Mock).default([]),
  faults: z.array(EffectFault).default([]),
  /** What happens after the start, in order. */
  steps: z.array(Act).default([]),
  /** At the end. */
  expect: Expectation,
});
export type TestOfFile = z.infer<typeof Test>;

export const TestFile = z.strictObject({
  /** Its flow_id; left out: the flow in the file of the same name. */
  flow: z.string().optional(),
  /** Files beside, of flows that it starts or extends. */
  flows: Texts.default([]),
  now: z.string().optional(),
  timezone: z.string().optional(),
  variables: z.record(z.string(), z.string()).optional(),
  roles: z.record(z.string(), Texts).optional(),
  /** Who may be reached when: what `people` and `limits.contacts` say in revops.yml. */
  contacts: z
    .strictObject({
      quiet_hours: z.strictObject({ from: z.string(), to: z.string() }).optional(),
      holidays: z.union([z.string(), Texts]).optional(),
      direct_messages: z.boolean().optional(),
      per_person_per_week: Count.optional(),
      per_account_per_week: Count.optional(),
      do_not_contact: Texts.optional(),
    })
    .optional(),
  /** For every test of the file; a test's own come before them. */
  mocks: z.array(Mock).default([]),
  tests: z.array(Test).min(1),
});
export type TestFile = z.infer<typeof TestFile>;
