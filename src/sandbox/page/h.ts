/**
 * Builds elements. The only way that data becomes DOM on this page: text goes in as text nodes, never as HTML (T2).
 *
 * 1. `href` and `src` pass only with a scheme that cannot run code.
 * 2. No `style` and no `on…` attribute: the page's CSP would refuse them anyway.
 */
import { ownAddress, safeImage, safeLink } from "./safe-url.ts";

export type Child = Node | string | number | null | false;
type Listener = (event: Event) => void;
export type Attributes = Record<string, string | number | boolean | null | Listener>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  append(element, children);
  return element;
}

export function append(parent: Node, children: Iterable<Child>): void {
  for (const child of children) {
    if (child === null || child === false) continue;
    parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Replaces what stands in `parent`. */
export function fill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

/** Leaves an element alone that says this already: a status that is written again would be read out again. */
export function setText(element: Element | null, text: string): void {
  if (element !== null && element.textContent !== text) element.textContent = text;
}

function setAttribute(element: HTMLElement, name: string, value: Attributes[string]): void {
  if (typeof value === "function") {
    element.addEventListener(name.replace(/^on/, ""), value);
    return;
  }
  if (value === null || value === false) return;
  const text = value === true ? "" : String(value);
  if (name === "style" || name === "srcdoc" || name.startsWith("on")) throw new Error(`h() sets no ${name}`);
  if (name === "href" && safeLink(text) === null && ownAddress(text) === null) return;
  if (name === "src" && safeImage(text) === null && ownAddress(text) === null) return;
  element.setAttribute(name, text);
}

/**
 * Makes `parent` hold exactly `nodes` in that order and moves as little as it can: a node that stays in place keeps its
 * focus, selection and scroll position.
 */
export function reconcile(parent: Element, nodes: Element[]): void {
  const wanted = new Set<Element>(nodes);
  for (const child of Array.from(parent.children)) if (!wanted.has(child)) child.remove();
  let cursor = parent.firstElementChild;
  for (const node of nodes) {
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
}
