/**
 * From SVG to PNG, with fonts of our own alone, so that a picture is the same on every machine.
 * The rasteriser is loaded with the first picture: nobody pays for it at the start. It works beside the event loop.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
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

export async function toPng({ svg, width, height }: Drawing): Promise<Buffer> {
  const { renderAsync } = await import("@resvg/resvg-js");
  const value = Math.min(pixelsPerUnit, mostPixels / Math.max(width, height));
  const font = { loadSystemFonts: false, defaultFontFamily: "Inter", fontFiles: fontFiles() };
  const image = await renderAsync(svg, { fitTo: { mode: "zoom", value }, font });
  return image.asPng();
}
