/** What a digest asks of the engine: it runs the flows that ask, so it is there before anybody does. */
import type { Digests, Standing } from "../agents/local/digest/digest-settings.ts";
import type { Engine } from "../engine/engine.ts";
import type { People } from "../notify/notifier.ts";
import type { Configuration } from "./configuration.ts";

const mostApprovals = 200;
/** A flow that was started by hand in between is passed over. */
const mostLooked = 20;

export function digestsOf(
  { digests, channels }: Pick<Configuration, "digests" | "channels">,
  { timezone, standing }: { timezone: string; standing: Standing },
): Digests {
  return { settings: { ...digests, channel: digests.channel ?? channels.default, timezone }, standing };
}

export function standingOf(parts: { engine: () => Engine | null; people: () => People | null }): Standing {
  const { engine, people } = parts;
  return {
    approvalsFor: async ({ email }) => {
      const person = (await people()?.find({ email })) ?? null;
      const found = person === null ? null : await engine()?.waiting({ person, offset: 0, limit: mostApprovals });
      return (found?.items ?? []).map(({ header, waiting }) => ({
        about: header.customer_name ?? header.customer_id ?? header.flow_id,
        flowId: header.flow_id,
        riskScore: header.risk_score,
        until: waiting.until,
      }));
    },
    lastOutput: async ({ flowId, stepId, before }) => {
      const asked = engine();
      const headers = (await asked?.list({ flowId, status: "succeeded", limit: mostLooked })) ?? [];
      const last = headers.find(({ ended_at }) => ended_at !== null && ended_at < before);
      if (asked === null || last === undefined) return null;
      const { steps } = await asked.execution({ executionId: last.execution_id });
      return steps[stepId]?.output ?? null;
    },
  };
}
