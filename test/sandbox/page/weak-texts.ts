/** Texts on a page that stand out too little from what lies under them (WCAG 1.4.3: 4.5, large ones 3). */
import type { Page } from "playwright-core";

export interface WeakText {
  text: string;
  ratio: number;
}

type Color = [red: number, green: number, blue: number, alpha: number];

/** A text as the browser draws it; `grounds` from the text's own element outwards. */
interface Drawn {
  text: string;
  color: string;
  grounds: string[];
  sizePx: number;
  weight: number;
}

export async function weakTexts(page: Page): Promise<WeakText[]> {
  const drawn = await drawnTexts(page);
  if (drawn.length === 0) throw new Error("the page shows no text");
  return drawn.flatMap(({ text, color, grounds, sizePx, weight }) => {
    const paper: Color = [255, 255, 255, 1];
    const ground = grounds.map(parse).reduceRight((below, layer) => over(layer, below), paper);
    const ratio = contrast(over(parse(color), ground), ground);
    const isLarge = sizePx >= 24 || (sizePx >= 18.66 && weight >= 700);
    return ratio < (isLarge ? 3 : 4.5) ? [{ text, ratio: Math.round(ratio * 100) / 100 }] : [];
  });
}

/** Every text in sight, what stands in fields, and placeholders; disabled controls are let off, as WCAG does. */
function drawnTexts(page: Page): Promise<Drawn[]> {
  return page.locator("body *").evaluateAll((elements) => {
    const found: Drawn[] = [];
    for (const element of elements) {
      const view = element.ownerDocument.defaultView;
      const isSeen = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      if (view === null || !isSeen || element.closest('[aria-disabled="true"], option, noscript, script')) continue;
      let own = "";
      for (let index = 0; index < element.childNodes.length; index += 1) {
        const node = element.childNodes[index];
        if (node?.nodeType === 3) own += node.textContent ?? "";
      }
      const isField = element.matches("input, textarea, select");
      if (own.trim() === "" && !isField) continue;
      const grounds: string[] = [];
      for (let at = element; at !== null; at = at.parentElement)
        grounds.push(view.getComputedStyle(at).backgroundColor);
      for (const pseudo of element.matches("input, textarea") ? [null, "::placeholder"] : [null]) {
        const { color, fontSize, fontWeight } = view.getComputedStyle(element, pseudo);
        const text = isField ? `${element.tagName} ${element.id} ${pseudo ?? ""}` : own.trim().slice(0, 60);
        found.push({ text, color, grounds, sizePx: Number.parseFloat(fontSize), weight: Number(fontWeight) });
      }
    }
    return found;
  });
}

function parse(text: string): Color {
  const scale = text.startsWith("color(") ? 255 : 1;
  const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
  return [red * scale, green * scale, blue * scale, alpha];
}

function over(top: Color, ground: Color): Color {
  const mix = (index: 0 | 1 | 2): number => top[index] * top[3] + ground[index] * (1 - top[3]);
  return [mix(0), mix(1), mix(2), 1];
}

function contrast(a: Color, b: Color): number {
  const [one, other] = [luminance(a) + 0.05, luminance(b) + 0.05];
  return Math.max(one, other) / Math.min(one, other);
}

function luminance([red, green, blue]: Color): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(value: number): number {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
