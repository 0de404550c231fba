/** From the process to the page. */
import { join } from "node:path";
import { startApp } from "../app.ts";
import type { Measure } from "../measure.ts";

export const start: Measure = {
  name: "start",
  about: "`npm start` without npm: from the process to the page served whole, on a fresh folder",
  figures: [{ name: "page", unit: "ms", goal: { atMost: 2_000 } }],
  run: async ({ folder }) => {
    const app = await startApp({ REVOPS_STATE: `sqlite:${join(folder, "revops.db")}` });
    await app.stop();
    return { page: app.startMs };
  },
};
