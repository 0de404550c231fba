/** Risk models: the built-in ones, and those of a folder of the user's own, where there is one. */
import { stat } from "node:fs/promises";
import { loadModels, type RiskModels } from "../agents/local/risk/risk-models.ts";

/** In the working directory, beside `flows`; a model there has a name of its own. */
const ownFolder = "models";

/** Throws `FailureError` that names each problem with file, line and column. */
export async function openModels({ folder = ownFolder }: { folder?: string } = {}): Promise<RiskModels> {
  const isThere = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return loadModels({ folders: isThere ? [folder] : [] });
}
