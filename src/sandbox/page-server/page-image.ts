/** Where the page finds files: on its own origin, by an address without a token. Pure. */
import type { PageFile, PageImages } from "../page-api.ts";
import { fileIdIn, imagesIn } from "../slack/block-images.ts";
import type { FileInfo } from "../slack/file.ts";

export function pageFileUrl(id: string): string {
  return `/sandbox/file/${id}`;
}

export function asPageFile({ id, name, title, altText, mimetype, sizeBytes }: FileInfo): PageFile {
  return { id, name, title, altText, mimetype, sizeBytes, url: pageFileUrl(id) };
}

export function pageImages(blocks: unknown): PageImages {
  const entries = imagesIn(blocks).flatMap((image): [string, string][] => {
    const id = image.kind === "file" ? fileIdIn(image.reference) : null;
    return image.kind === "file" && id !== null ? [[image.reference, pageFileUrl(id)]] : [];
  });
  return Object.fromEntries(entries);
}
