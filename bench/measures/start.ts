/** From the process to the page. */
import { join } from "node:path";
import { startApp, startBareApp } from "../app.ts";
import type { Measure } from "../measure.ts";

export const start: Measure = {
  name: "start",
  about:
    "`npm start` without npm: from the process to the page served whole, on a fresh folder, with what Node kept compiled of an earlier start; the floor is a process that loads Bolt and serves a page",
  figures: [
    { name: "page", unit: "ms", goal: { atMost: 2_000 }, floor: "bare_page" },
    { name: "first_page", unit: "ms where nothing is compiled yet, as at the first start after an install" },
  ],
  run: async ({ folder }) => {
    const compiled = { NODE_COMPILE_CACHE: join(folder, "compiled") };
    const ofApp = (name: string) => startMs(startApp({ ...compiled, REVOPS_STATE: `sqlite:${join(folder, name)}.db` }));
    const first_page = await ofApp("first/revops");
    const page = await ofApp("second/revops");
    await startMs(startBareApp(compiled));
    return { page, first_page, bare_page: await startMs(startBareApp(compiled)) };
  },
};

async function startMs(starting: ReturnType<typeof startApp>): Promise<number> {
  const app = await starting;
  await app.stop();
  return app.startMs;
}
