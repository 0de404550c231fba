/**
 * Google's key lies in a secret as text, while GOOGLE_APPLICATION_CREDENTIALS names a file: at start the text becomes a file that
 * this process alone can read, in the one folder that can be written.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Changes the environment that it is given; without GOOGLE_KEY nothing. */
export function placeGoogleKey(environment: NodeJS.ProcessEnv): void {
  const { GOOGLE_KEY: key } = environment;
  if (key === undefined) return;
  const file = join(mkdtempSync(join(tmpdir(), "google-")), "key.json");
  writeFileSync(file, key, { mode: 0o600 });
  environment["GOOGLE_APPLICATION_CREDENTIALS"] = file;
  delete environment["GOOGLE_KEY"];
}
