/** The thread behind `rasterise.ts`: one picture, then it ends, and all that the rasteriser took from the system goes with it. */
import { parentPort, workerData } from "node:worker_threads";
import { Resvg } from "@resvg/resvg-js";

export interface RasteriseJob {
  svg: string;
  pixelsPerUnit: number;
  fontFiles: string[];
}

const { svg, pixelsPerUnit: value, fontFiles }: RasteriseJob = workerData;
const font = { loadSystemFonts: false, defaultFontFamily: "Inter", fontFiles };
const image = new Resvg(svg, { fitTo: { mode: "zoom", value }, font }).render();
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window's
parentPort?.postMessage(image.asPng());
