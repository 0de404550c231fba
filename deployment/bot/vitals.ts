/**
 * What wakes somebody, as a line of the bot's log that CloudWatch makes metrics of (lib/vitals.ts): each minute whether the bot is
 * ready, each fifth of them how things stand too, which takes the table longer. It asks the app's own address, as any monitor would.
 */
import { gaugeValues } from "./gauge-values.ts";

const minuteMs = 60_000;
const gaugesEvery = 5;
const patienceMs = 30_000;

/** Until the process ends, which this keeps alive no longer. */
export function tellVitals({ port }: { port: string }): void {
  let minute = 0;
  setInterval(() => {
    const isFull = minute % gaugesEvery === 0;
    minute += 1;
    void vitalsLine({ port, isFull }).then((line) => process.stdout.write(`${JSON.stringify(line)}\n`));
  }, minuteMs).unref();
}

/** `isFull`: with how things stand. What can't be read is left out, and no metric gets a value. */
export async function vitalsLine({ port, isFull }: { port: string; isFull: boolean }): Promise<Record<string, number>> {
  const ready = await asked(port, "/readyz");
  const gauges = isFull ? await asked(port, "/metrics") : null;
  return {
    vitals: 1,
    ready: ready === null ? 0 : 1,
    ...(gauges === null ? {} : gaugeValues(gauges)),
  };
}

/** Null: it doesn't answer, or says that it can't. */
async function asked(port: string, path: string): Promise<string | null> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(patienceMs) });
    const text = await answer.text();
    return answer.ok ? text : null;
  } catch {
    return null;
  }
}
