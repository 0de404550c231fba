/** A picture into a file: as it is drawn, or in pixels, as the file's name says. */
import type { Drawing } from "../notify/slack/pictures/svg.ts";
import type { OptionSpec } from "./command.ts";
import { CommandError, UsageError } from "./errors.ts";
import type { Options } from "./options.ts";
import { plain } from "./plain.ts";

export function pictureOption(about: string): OptionSpec {
  return { type: "text", value: "FILE", about: `${about}: a .svg or .png file` };
}

/** Of `--picture`; null: none is wanted. Throws `UsageError` before any work is done for it. */
export function pictureFile(options: Options): string | null {
  const file = options.text("picture");
  if (file !== null && !/\.(?:svg|png)$/i.test(file))
    throw new UsageError(`--picture must end with .svg or .png, not "${file}".`);
  return file;
}

export async function writePicture(file: string, drawing: Drawing): Promise<void> {
  const [{ writeFile }, { toPng }] = await Promise.all([
    import("node:fs/promises"),
    import("../notify/slack/pictures/rasterise.ts"),
  ]);
  try {
    await writeFile(file, /\.svg$/i.test(file) ? drawing.svg : await toPng(drawing));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError([`The picture can't be written: ${plain(reason)}`]);
  }
}
