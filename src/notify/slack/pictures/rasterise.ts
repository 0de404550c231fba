/**
 * From SVG to PNG, with fonts of our own alone, so that a picture is the same on every machine.
 *
 * In a thread of its own, which loads the rasteriser and ends with the picture: nobody pays for it at the start, the event loop
 * goes on, and its memory, which Node's collector doesn't see, is given back at once.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import type { RasteriseJob } from "./rasterise-worker.ts";
import type { Drawing } from "./svg.ts";

/** For sharp displays; less where the picture would pass `mostPixels` on a side. */
const pixelsPerUnit = 2;
const mostPixels = 8000;

/** Each beside its package's entry: not all of them export the path of a file. */
const fonts = [
  { of: "@expo-google-fonts/inter", file: "400Regular/Inter_400Regular.ttf" },
  { of: "@expo-google-fonts/inter", file: "600SemiBold/Inter_600SemiBold.ttf" },
  { of: "@embedpdf/fonts-arabic", file: "../fonts/NotoNaskhArabic-Regular.ttf" },
  { of: "@embedpdf/fonts-hebrew", file: "../fonts/NotoSansHebrew-Regular.ttf" },
];

export function fontFiles(): string[] {
  const { resolve } = createRequire(import.meta.url);
  return fonts.map(({ of, file }) => join(dirname(resolve(of)), file));
}

let before: Promise<unknown> = Promise.resolve();

/** One at a time: pictures are rare, and each takes a processor and some ten megabytes while it is drawn. */
export function toPng(drawing: Drawing): Promise<Buffer> {
  const drawn = before.then(() => inThread(drawing));
  before = drawn.catch(() => undefined);
  return drawn;
}

function inThread({ svg, width, height }: Drawing): Promise<Buffer> {
  const scale = Math.min(pixelsPerUnit, mostPixels / Math.max(width, height));
  const job: RasteriseJob = { svg, pixelsPerUnit: scale, fontFiles: fontFiles() };
  const worker = new Worker(new URL("./rasterise-worker.ts", import.meta.url), { workerData: job });
  return new Promise((resolve, reject) => {
    worker.once("message", (png: Uint8Array) => resolve(Buffer.from(png)));
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("The rasteriser ended without a picture.")));
  });
}
