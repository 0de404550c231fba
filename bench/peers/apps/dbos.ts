/** DBOS: a workflow of five steps; what was pending is recovered at launch, by the same executor and version. */
import { DBOS } from "@dbos-inc/dbos-sdk";
import { type App, type OpenApp, result, stepsPerFlow, type Watcher } from "../flow.ts";

const connections = 20;
const watching: { watcher: Watcher | null } = { watcher: null };

const fiveSteps = DBOS.registerWorkflow(
  async (id: string) => {
    for (let number = 1; number <= stepsPerFlow; number += 1) {
      const step = () => {
        watching.watcher?.step(id, number);
        return Promise.resolve(result);
      };
      await DBOS.runStep(step, { name: `step_${number}` });
    }
    watching.watcher?.ended(id);
  },
  { name: "five_steps" },
);

export const openDbos: OpenApp = async ({ address }, watcher): Promise<App> => {
  watching.watcher = watcher;
  DBOS.setConfig({
    name: "peers",
    systemDatabaseUrl: address,
    systemDatabasePoolSize: connections,
    applicationVersion: "1",
    executorID: "peer",
    logLevel: "error",
  });
  await DBOS.launch();
  const start = (id: string) => DBOS.startWorkflow(fiveSteps, { workflowID: id })(id);
  return {
    run: async (ids) => {
      await Promise.all(ids.map(async (id) => (await start(id)).getResult()));
    },
    begin: async (ids, accepted) => {
      await Promise.all(ids.map((id) => start(id).then(() => accepted(id))));
    },
    close: () => DBOS.shutdown(),
  };
};
