/** What a suggested button carries: a command by its ids, or a question. Opaque to Slack, read back and checked when it is pressed. */
import { z } from "zod";
import { limits } from "./limits.ts";

const id = z.string().min(1).max(500);

const SuggestionValue = z.discriminatedUnion("k", [
  z.strictObject({ k: z.literal("run"), f: id, c: id }),
  z.strictObject({ k: z.literal("status"), s: id }),
  z.strictObject({ k: z.literal("customer"), c: id }),
  z.strictObject({ k: z.literal("approvals") }),
  z.strictObject({ k: z.literal("help") }),
  z.strictObject({ k: z.literal("ask"), q: z.string().min(1), o: z.number().int().nonnegative() }),
]);

export type SuggestedCommand =
  | { kind: "run"; flowId: string; customerId: string }
  /** Of an execution. */
  | { kind: "status"; subject: string }
  | { kind: "customer"; customerId: string }
  | { kind: "approvals" }
  | { kind: "help" }
  | { kind: "ask"; question: string; from: number };

/** Null: it is too long for a button. */
export function encodeSuggestion(command: SuggestedCommand): string | null {
  const value = JSON.stringify(shortened(command));
  return value.length <= limits.buttonValue ? value : null;
}

function shortened(command: SuggestedCommand): z.infer<typeof SuggestionValue> {
  switch (command.kind) {
    case "run":
      return { k: "run", f: command.flowId, c: command.customerId };
    case "status":
      return { k: "status", s: command.subject };
    case "customer":
      return { k: "customer", c: command.customerId };
    case "approvals":
    case "help":
      return { k: command.kind };
    case "ask":
      return { k: "ask", q: command.question, o: command.from };
    default:
      return command satisfies never;
  }
}

/** Null: no button of ours, or of another version. */
export function decodeSuggestion(text: string): SuggestedCommand | null {
  try {
    const { data } = SuggestionValue.safeParse(JSON.parse(text));
    return data === undefined ? null : lengthened(data);
  } catch {
    return null;
  }
}

function lengthened(value: z.infer<typeof SuggestionValue>): SuggestedCommand {
  switch (value.k) {
    case "run":
      return { kind: "run", flowId: value.f, customerId: value.c };
    case "status":
      return { kind: "status", subject: value.s };
    case "customer":
      return { kind: "customer", customerId: value.c };
    case "approvals":
    case "help":
      return { kind: value.k };
    case "ask":
      return { kind: "ask", question: value.q, from: value.o };
    default:
      return value satisfies never;
  }
}
