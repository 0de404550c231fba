/**
 * What Slack refuses of the images in blocks once it looks at them: files that are none of its images, addresses that it can't
 * reach. Their form is `block-check.ts`'s. Nothing is fetched: the sandbox asks nobody outside.
 */
import { fileIdIn, imagesIn } from "./block-images.ts";
import { isImage } from "./file-kind.ts";
import { Problems } from "./problems.ts";
import type { SlackWorkspace } from "./workspace.ts";

/** A file that Slack is still looking at counts as none. */
export function imageProblems(
  blocks: unknown,
  { files, realNow }: Pick<SlackWorkspace, "files" | "realNow">,
  at = "/blocks",
): string[] {
  const problems = new Problems();
  for (const image of imagesIn(blocks)) {
    if (image.kind === "url") {
      if (isUnreachable(image.url)) problems.add("downloading image failed", `${at}${image.at}/image_url`);
      continue;
    }
    const file = files.find(fileIdIn(image.reference) ?? "");
    if (file === null || !isImage(file.mimetype) || realNow() < file.readyAt)
      problems.add("invalid slack file", `${at}${image.at}/slack_file`);
  }
  return problems.found;
}

/** This machine's own addresses: Slack's servers have others behind these names. */
function isUnreachable(url: string): boolean {
  try {
    const { hostname } = new URL(url);
    return hostname === "localhost" || hostname === "[::1]" || /^(?:127|10|192\.168)\./.test(hostname);
  } catch {
    return true;
  }
}
