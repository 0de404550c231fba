/** BullMQ: a job whose data says which step is next, as its documentation's "process step jobs"; the defaults for stalled jobs. */
import { Queue, Worker } from "bullmq";
import { type App, type OpenApp, result, stepsPerFlow, type StepResult } from "../flow.ts";

const queueName = "five-steps";
const concurrency = 200;

interface FlowData {
  results: StepResult[];
}

export const openBullMq: OpenApp = async ({ address }, watcher): Promise<App> => {
  const { hostname: host, port } = new URL(address);
  const connection = { host, port: Number(port) };
  const queue = new Queue<FlowData>(queueName, { connection });
  const waiting = new Map<string, () => void>();
  const worker = new Worker<FlowData>(
    queueName,
    async (job) => {
      const id = job.id ?? "";
      while (job.data.results.length < stepsPerFlow) {
        watcher.step(id, job.data.results.length + 1);
        await job.updateData({ results: [...job.data.results, result] });
      }
    },
    { connection, concurrency },
  );
  worker.on("completed", ({ id = "" }) => {
    watcher.ended(id);
    waiting.get(id)?.();
    waiting.delete(id);
  });
  worker.on("error", console.error);
  await worker.waitUntilReady();
  const add = (id: string) => queue.add("flow", { results: [] }, { jobId: id });
  return {
    run: async (ids) => {
      const ends = ids.map((id) => new Promise<void>((resolve) => waiting.set(id, resolve)));
      await Promise.all(ids.map(add));
      await Promise.all(ends);
    },
    begin: async (ids, accepted) => {
      await Promise.all(ids.map((id) => add(id).then(() => accepted(id))));
    },
    close: async () => {
      await worker.close();
      await queue.close();
    },
  };
};
