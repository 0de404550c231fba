/** Message templates: the built-in ones, and those of a folder of the user's own, where there is one. */
import { stat } from "node:fs/promises";
import { loadTemplates, type Templates } from "../notify/templates/templates.ts";

/** In the working directory; a template there takes the place of the built-in one of that name. */
const ownFolder = "templates";

/** Throws `FailureError` that names each problem with file, line and column. */
export async function openTemplates({ folder = ownFolder }: { folder?: string } = {}): Promise<Templates> {
  const isThere = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return loadTemplates({ folders: isThere ? [folder] : [] });
}
