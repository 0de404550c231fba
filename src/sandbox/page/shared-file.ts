/** A file that was shared in a message: a picture is shown, anything else can be fetched. */
import type { PageFile } from "../page-api.ts";
import { sizeText } from "./file-size.ts";
import { h } from "./h.ts";
import { openablePicture } from "./picture.ts";
import { ownAddress } from "./safe-url.ts";

export function sharedFile(file: PageFile): HTMLElement {
  const title = file.title || file.name;
  const address = ownAddress(file.url);
  const caption = h("figcaption", { class: "file-title" }, title);
  if (address !== null && file.mimetype.startsWith("image/")) {
    const picture = { address, alt: file.altText || title, title };
    return h("figure", { class: "file" }, caption, openablePicture(picture, "large"));
  }
  const link = address === null ? title : h("a", { href: address, download: file.name }, title);
  return h("p", { class: "file" }, link, h("span", { class: "file-size" }, sizeText(file.sizeBytes)));
}
