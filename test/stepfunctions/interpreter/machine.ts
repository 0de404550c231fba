/**
 * What a state machine looks like, field by field: JSONata only. What isn't a field here is refused, those of JSONPath among it.
 * https://states-language.net/spec.html; the rules between states are in `machine-rules.ts`.
 */
import { z } from "zod";
import { Json } from "../../../src/flow/json.ts";

/** From https://states-language.net/spec.html, "Data" in JSONPath states. */
const ofJsonPath: ReadonlySet<string> = new Set(
  (
    "InputPath OutputPath ResultPath Parameters ResultSelector Result ItemsPath SecondsPath TimestampPath TimeoutSecondsPath " +
    "HeartbeatSecondsPath MaxConcurrencyPath ToleratedFailureCountPath ToleratedFailurePercentagePath ErrorPath CausePath " +
    "Variable Iterator"
  ).split(" "),
);

/** The longest that any number of seconds may be. */
const maxSeconds = 99_999_999;

const Expression = z.string().regex(/^\{%[^]*%\}$/, "must be an expression, {% … %}");
const Seconds = z.int().min(0).max(maxSeconds);
const PositiveSeconds = z.int().min(1).max(maxSeconds);
/** JSON in which texts may be expressions. */
const Template = Json;
const ObjectTemplate = z.record(z.string(), Json);
const Assign = z.record(z.string(), Json);
const ErrorEquals = z.array(z.string().min(1)).min(1);

const Retrier = z.strictObject({
  ErrorEquals,
  IntervalSeconds: PositiveSeconds.optional(),
  MaxAttempts: z.int().min(0).max(maxSeconds).optional(),
  BackoffRate: z.number().min(1).optional(),
  MaxDelaySeconds: z.int().min(1).max(31_622_400).optional(),
  JitterStrategy: z.enum(["FULL", "NONE"]).optional(),
  Comment: z.string().optional(),
});
export type Retrier = z.infer<typeof Retrier>;

const Catcher = z.strictObject({
  ErrorEquals,
  Next: z.string(),
  Output: Template.optional(),
  Assign: Assign.optional(),
  Comment: z.string().optional(),
});
export type Catcher = z.infer<typeof Catcher>;

const common = { Comment: z.string().optional(), QueryLanguage: z.literal("JSONata").optional() };
const onwards = { ...common, Next: z.string().optional(), End: z.literal(true).optional() };
const data = { Output: Template.optional(), Assign: Assign.optional() };
const handlers = { Retry: z.array(Retrier).optional(), Catch: z.array(Catcher).optional() };

const Task = z.strictObject({
  Type: z.literal("Task"),
  Resource: z.string().min(1),
  Arguments: Template.optional(),
  TimeoutSeconds: z.union([PositiveSeconds, Expression]).optional(),
  HeartbeatSeconds: z.union([PositiveSeconds, Expression]).optional(),
  ...onwards,
  ...data,
  ...handlers,
});
export type Task = z.infer<typeof Task>;

const Pass = z.strictObject({ Type: z.literal("Pass"), ...onwards, ...data });
const Succeed = z.strictObject({ Type: z.literal("Succeed"), Output: Template.optional(), ...common });
const Fail = z.strictObject({
  Type: z.literal("Fail"),
  Error: z.string().optional(),
  Cause: z.string().optional(),
  ...common,
});
const Wait = z.strictObject({
  Type: z.literal("Wait"),
  Seconds: z.union([Seconds, Expression]).optional(),
  Timestamp: z.string().optional(),
  ...onwards,
  ...data,
});
const Choice = z.strictObject({
  Type: z.literal("Choice"),
  Choices: z
    .array(z.strictObject({ Condition: Expression, Next: z.string(), ...data, Comment: z.string().optional() }))
    .min(1),
  Default: z.string().optional(),
  ...common,
  ...data,
});
export type Choice = z.infer<typeof Choice>;
export type Pass = z.infer<typeof Pass>;
export type Succeed = z.infer<typeof Succeed>;
export type Fail = z.infer<typeof Fail>;
export type Wait = z.infer<typeof Wait>;

const BranchSchema = z.strictObject({
  Comment: z.string().optional(),
  StartAt: z.string(),
  get States(): z.ZodType<Record<string, State>> {
    return z.record(z.string(), StateSchema);
  },
});
export interface Branch {
  Comment?: string | undefined;
  StartAt: string;
  States: Record<string, State>;
}

const ParallelSchema = z.strictObject({
  Type: z.literal("Parallel"),
  Branches: z.array(BranchSchema).min(1),
  Arguments: Template.optional(),
  ...onwards,
  ...data,
  ...handlers,
});

const ProcessorConfig = z.discriminatedUnion("Mode", [
  z.strictObject({ Mode: z.literal("INLINE") }),
  z.strictObject({ Mode: z.literal("DISTRIBUTED"), ExecutionType: z.literal("STANDARD") }),
]);

const Processor = z.strictObject({
  Comment: z.string().optional(),
  StartAt: z.string(),
  get States(): z.ZodType<Record<string, State>> {
    return z.record(z.string(), StateSchema);
  },
  ProcessorConfig: ProcessorConfig.optional(),
});

const MapSchema = z.strictObject({
  Type: z.literal("Map"),
  ItemProcessor: Processor,
  Items: z.union([z.array(Json), Expression]).optional(),
  ItemSelector: ObjectTemplate.or(Expression).optional(),
  MaxConcurrency: z.union([z.int().min(0), Expression]).optional(),
  ToleratedFailureCount: z.union([z.int().min(0), Expression]).optional(),
  ToleratedFailurePercentage: z.union([z.number().min(0).max(100), Expression]).optional(),
  Label: z.string().max(40).optional(),
  ...onwards,
  ...data,
  ...handlers,
});

type Fields<Schema extends { _output: object }, Nested extends string> = Omit<Schema["_output"], Nested>;
export interface Parallel extends Fields<typeof ParallelSchema, "Branches"> {
  Branches: Branch[];
}
export interface MapState extends Fields<typeof MapSchema, "ItemProcessor"> {
  ItemProcessor: Branch & { ProcessorConfig?: z.infer<typeof ProcessorConfig> | undefined };
}
export type Onwards = Task | Pass | Wait | Parallel | MapState;
export type State = Onwards | Choice | Succeed | Fail;
/** Those that can retry and catch. */
export type Guarded = Task | Parallel | MapState;

const StateSchema: z.ZodType<State> = z.lazy(() =>
  z.discriminatedUnion("Type", [Task, Pass, Succeed, Fail, Wait, Choice, ParallelSchema, MapSchema]),
);

const MachineSchema = z.strictObject({
  Comment: z.string().optional(),
  QueryLanguage: z.literal("JSONata", { error: 'must be "JSONata": JSONPath is refused here' }),
  Version: z.literal("1.0").optional(),
  TimeoutSeconds: PositiveSeconds.optional(),
  StartAt: z.string(),
  States: z.record(z.string(), StateSchema),
});
export type Machine = z.infer<typeof MachineSchema>;

/** The machine, or what is wrong with its fields, each as `PATH: sentence`. */
export function readMachine(definition: unknown): { machine: Machine } | { problems: string[] } {
  const read = MachineSchema.safeParse(definition);
  if (read.success) return { machine: read.data };
  return { problems: read.error.issues.flatMap((issue) => sentences(issue)) };
}

function sentences(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map(String).join(".");
  const at = path === "" ? "the definition" : path;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) =>
      ofJsonPath.has(key) || key.endsWith(".$")
        ? `${at}: ${key} belongs to JSONPath, which is refused here`
        : `${at}: ${key} is no field of it`,
    );
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const messages = new Set(issue.errors.flat().map(({ message }) => message));
    return [`${at}: ${[...messages].join(", or ")}`];
  }
  return [`${at}: ${issue.message}`];
}

export function isGuarded(state: State): state is Guarded {
  return state.Type === "Task" || state.Type === "Parallel" || state.Type === "Map";
}

/** The branches right below a state: those of a Parallel, the one of a Map. */
export function branchesOf(state: State): Branch[] {
  if (state.Type === "Parallel") return state.Branches;
  return state.Type === "Map" ? [state.ItemProcessor] : [];
}

export function isDistributed(state: MapState): boolean {
  return state.ItemProcessor.ProcessorConfig?.Mode === "DISTRIBUTED";
}
