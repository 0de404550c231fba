/** `explain`, `history` and `metrics`: what is asked of the engine for them, and again for each page. */
import { RequestError, type Engine } from "../../engine/engine.ts";
import { nearest } from "../../flow/nearest.ts";
import type { ReportReference } from "../../notify/slack/action-ids.ts";
import type { BotServices } from "../services.ts";
import { explanationReport } from "../views/explanation.ts";
import { historyReport, recentReport } from "../views/history.ts";
import type { Message } from "../views/message.ts";
import { metricsReport } from "../views/metrics.ts";
import { reportMessage, type Report } from "../views/report.ts";
import { simulationReport } from "../views/simulation.ts";

type Services = Pick<BotServices, "engine" | "timezone" | "simulations">;
type Asked = Omit<ReportReference, "offset">;

/** Counted and paged, not endless. */
const mostRecent = 500;

export async function report(services: Services, asked: Asked): Promise<Message> {
  return reportMessage(await readReport(services, asked, { withValues: false }), asked);
}

/** Of an execution, of a flow, or the newest of all. */
export async function history(services: Services, subject: string | null): Promise<Message> {
  const isOfFlow = subject === null || (await isFlow(services.engine, subject.toLowerCase()));
  return isOfFlow
    ? report(services, { word: "recent", subject: subject?.toLowerCase() ?? null })
    : report(services, { word: "history", subject });
}

/** `withValues`: where there is room for inputs and outputs. */
export async function readReport(
  { engine, timezone, simulations }: Services,
  { word, subject }: Asked,
  { withValues }: { withValues: boolean },
): Promise<Report> {
  const ofFlow = subject === null ? {} : { flowId: subject };
  switch (word) {
    case "explain":
      return explanationReport(await engine.explain({ executionId: subject ?? "" }));
    case "history":
      return historyReport(await historyOf(engine, subject ?? ""), { timezone, withValues });
    case "recent": {
      const executions = await engine.recent({ ...ofFlow, limit: mostRecent });
      return recentReport({ flowId: subject, executions, timezone });
    }
    case "metrics":
      return metricsReport({ metrics: await engine.metrics(ofFlow), flowId: subject, timezone });
    case "simulation": {
      const found = simulations.find({ id: subject ?? "" });
      if (found !== null) return simulationReport(found, { timezone });
      throw new RequestError("This simulation isn't kept any more: /revops simulate makes it anew.");
    }
    default:
      return word satisfies never;
  }
}

async function historyOf(engine: Engine, subject: string) {
  try {
    return await engine.history({ executionId: subject });
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const flows = await engine.flows();
    const near = nearest(
      subject,
      flows.map(({ definition }) => definition.flow_id),
    );
    throw new RequestError(error.message, error.suggestion ?? near);
  }
}

/** Also one whose file is gone, as long as the store knows it. */
async function isFlow(engine: Engine, flowId: string): Promise<boolean> {
  if ((await engine.flows()).some(({ definition }) => definition.flow_id === flowId)) return true;
  try {
    return (await engine.versions({ flowId })).length > 0;
  } catch (error) {
    if (error instanceof RequestError) return false;
    throw error;
  }
}
