/** A stored view as the page gets it. */
import type { PageView } from "../page-api.ts";
import { pageImages } from "./page-image.ts";
import type { Fields } from "../slack/problems.ts";

export function asPageView({ id, view }: { id: string; view: Fields }): PageView {
  return { id, view, images: pageImages(view["blocks"]) };
}
