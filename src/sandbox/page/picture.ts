/**
 * Pictures of messages and views. They are fetched from this server alone; of one that lies elsewhere its words are shown.
 * A press opens it large, Escape closes it and leads back.
 */
import { h } from "./h.ts";
import type { PageImages } from "../page-api.ts";
import { ownAddress, safeImage } from "./safe-url.ts";
import { fields, string, type Fields } from "./shape.ts";

export interface Picture {
  address: string;
  alt: string;
  title: string;
}

/** What an image block or element shows; null where it isn't to be had. */
export function pictureOf(item: Fields, images: PageImages): Picture | null {
  const file = fields(item["slack_file"]);
  const names = [string(file["id"]), string(file["url"]), string(item["image_url"])].filter((name) => name !== "");
  const found = names.map((name) => images[name] ?? inline(name)).find((address) => address !== null) ?? null;
  if (found === null) return null;
  return { address: found, alt: string(item["alt_text"]), title: string(fields(item["title"])["text"]) };
}

/** A picture that the message itself carries. */
function inline(name: string): string | null {
  return name.startsWith("data:") ? safeImage(name) : null;
}

export function pictureNode({ address, alt }: Picture, size: "large" | "thumbnail" | "small"): HTMLElement {
  if (ownAddress(address) === null && safeImage(address) === null) return missingPicture(alt);
  return h("img", { class: `picture ${size}`, src: address, alt, loading: "lazy" });
}

export function missingPicture(alt: string): HTMLElement {
  return h("span", { class: "unknown" }, alt === "" ? "A picture that lies elsewhere." : `Picture: ${alt}`);
}

/** With a press that opens it large. */
export function openablePicture(picture: Picture, size: "large" | "thumbnail"): HTMLElement {
  return h(
    "button",
    {
      type: "button",
      class: "picture-button",
      "aria-label": `${picture.alt || picture.title || "Picture"}. Open large.`,
      onclick: () => openPicture(picture),
    },
    pictureNode(picture, size),
  );
}

function openPicture(picture: Picture): void {
  const name = picture.title || picture.alt || "Picture";
  const cross = h("button", { type: "button", class: "cross", "aria-label": "Close picture" }, "×");
  const box = h(
    "dialog",
    { class: "dialog lightbox", "aria-label": name },
    h("div", { class: "dialog-head" }, h("h2", {}, name), cross),
    h(
      "div",
      { class: "lightbox-picture", tabindex: 0, role: "group", "aria-label": picture.alt || name },
      pictureNode(picture, "large"),
    ),
    picture.alt !== "" && picture.alt !== name && h("p", { class: "lightbox-words" }, picture.alt),
  );
  cross.addEventListener("click", () => box.close());
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", (event) => {
    if (event.target === box) box.close();
  });
  // What lies under the dialog has its own use for Escape.
  box.addEventListener("keydown", (event) => event.stopPropagation());
  document.body.append(box);
  box.showModal();
}
