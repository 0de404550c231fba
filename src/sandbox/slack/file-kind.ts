/** What a file is: images by their first bytes, whatever they are called; the rest by its name. Pure. */

const BY_BYTES: readonly [mimetype: string, start: readonly number[]][] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/gif", [0x47, 0x49, 0x46, 0x38]],
  ["application/pdf", [0x25, 0x50, 0x44, 0x46, 0x2d]],
];
const BY_NAME: Record<string, string> = {
  csv: "text/csv",
  ics: "text/calendar",
  json: "application/json",
  md: "text/markdown",
  txt: "text/plain",
  yaml: "text/yaml",
  yml: "text/yaml",
};
/** What an image block may show. */
const IMAGES = new Set(["image/png", "image/jpeg", "image/gif"]);

export function mimetypeOf(name: string, content: Uint8Array): string {
  const byBytes = BY_BYTES.find(([, start]) => start.every((byte, index) => content[index] === byte));
  const extension = name.split(".").at(-1)?.toLowerCase() ?? "";
  return (
    byBytes?.[0] ?? (Object.hasOwn(BY_NAME, extension) ? BY_NAME[extension] : undefined) ?? "application/octet-stream"
  );
}

export function isImage(mimetype: string): boolean {
  return IMAGES.has(mimetype);
}
