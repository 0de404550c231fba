/** The images in blocks: as blocks, beside a section, in a context. Pure. */
import { isObject, type Fields } from "./problems.ts";

export type BlockImage =
  /** `reference`: a file's id or its address. */
  { kind: "file"; at: string; reference: string } | { kind: "url"; at: string; url: string };

/** `at` points into the list of blocks. Whatever has no form is passed over. */
export function imagesIn(blocks: unknown): BlockImage[] {
  const listed: unknown[] = Array.isArray(blocks) ? blocks : [];
  return listed.flatMap((block, index) => (isObject(block) ? ofBlock(block, `/${index}`) : []));
}

/** Of an id, or of an address that carries it. */
export function fileIdIn(reference: string): string | null {
  return /(?:^|[/-])(F[A-Z0-9]{8,})(?:$|\/)/.exec(reference)?.[1] ?? null;
}

function ofBlock(block: Fields, at: string): BlockImage[] {
  const elements: unknown[] = block["type"] === "context" && Array.isArray(block["elements"]) ? block["elements"] : [];
  return [
    ...ofImage(block, at),
    ...ofImage(block["accessory"], `${at}/accessory`),
    ...elements.flatMap((element, index) => ofImage(element, `${at}/elements/${index}`)),
  ];
}

function ofImage(image: unknown, at: string): BlockImage[] {
  if (!isObject(image) || image["type"] !== "image") return [];
  const { image_url: url, slack_file: file } = image;
  if (isObject(file)) {
    const reference = file["id"] ?? file["url"];
    return typeof reference === "string" ? [{ kind: "file", at, reference }] : [];
  }
  return typeof url === "string" ? [{ kind: "url", at, url }] : [];
}
