/**
 * `npm run manifest` writes manifest.yml and manifest.http.yml; `npm run -s manifest -- https://YOUR-HOST` prints the HTTP one for
 * that address and writes nothing.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readBaseUrl } from "../src/bot/manifest.ts";
import { manifestFiles, manifestText } from "../src/bot/manifest-text.ts";

const [address] = process.argv.slice(2);
if (address === undefined) {
  for (const [file, kind] of Object.entries(manifestFiles)) {
    writeFileSync(join(import.meta.dirname, "..", file), manifestText(kind));
    console.log(`${file} written`);
  }
} else {
  const baseUrl = readBaseUrl(address);
  if (baseUrl === null) {
    console.error(`${address} is no address for Slack: write it as https://HOST, without a query.`);
    process.exitCode = 1;
  } else {
    process.stdout.write(manifestText({ kind: "http", baseUrl }));
  }
}
