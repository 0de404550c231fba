/** What a call of InvokeAgent took, as the trace among its frames says it; the rest of a trace, prompts and answers, is not kept. */
import { z } from "zod";
import type { ResponseStream } from "@aws-sdk/client-bedrock-agent-runtime";
import type { Usage } from "../../flow/usage.ts";

const mostModelName = 200;

const tokens = z.number().int().nonnegative();
/** Each stage of an agent (before, while, after it thinks) tells its model's calls in the same way. */
const Stage = z.object({
  modelInvocationInput: z
    .object({ foundationModel: z.string().min(1).max(mostModelName) })
    .optional()
    .catch(undefined),
  modelInvocationOutput: z
    .object({ metadata: z.object({ usage: z.object({ inputTokens: tokens, outputTokens: tokens }) }) })
    .optional()
    .catch(undefined),
});

/** One call's; `agent` as `agentId/aliasId`. */
export class TurnUsage {
  #model: string | null = null;
  #input = 0;
  #output = 0;
  #isTold = false;

  take({ trace }: ResponseStream): void {
    for (const part of Object.values(trace?.trace ?? {})) {
      const stage = Stage.safeParse(part).data;
      const used = stage?.modelInvocationOutput?.metadata.usage;
      this.#model ??= stage?.modelInvocationInput?.foundationModel ?? null;
      if (used === undefined) continue;
      this.#isTold = true;
      this.#input += used.inputTokens;
      this.#output += used.outputTokens;
    }
  }

  /** `ms`: how long the call took, or until it was given up. */
  result({ agent, ms }: { agent: string; ms: number }): Usage {
    return {
      agent,
      model: this.#model,
      calls: 1,
      repairs: 0,
      input_tokens: this.#input,
      output_tokens: this.#output,
      uncounted: this.#isTold ? 0 : 1,
      ms: Math.max(0, Math.round(ms)),
    };
  }
}
