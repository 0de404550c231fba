/** The golden templates: of everything that can be asked for, and of the plainest deployment without Step Functions. */
import { join } from "node:path";
import { normalised, templatesOf } from "../lib/templates.ts";
import { deployed, everything, plainest, settingsOf } from "./assembled.ts";

export const goldenFolder = join(import.meta.dirname, "golden");

/** By file name, its text. */
export function goldenFiles(): Map<string, string> {
  const apps = {
    everything: deployed({ settings: settingsOf(everything) }),
    embedded: deployed({ settings: settingsOf(`engine: embedded\n${plainest}`) }),
  };
  return new Map(
    Object.entries(apps).flatMap(([name, app]) =>
      templatesOf(app).map(({ stack, template }) => [
        `${name}.${stack}.json`,
        `${JSON.stringify(normalised(template, { maskHashes: true }), null, 2)}\n`,
      ]),
    ),
  );
}
