/** The way around: acting as whom, channels with what is unread, direct messages, what stands beside Slack, the clock. */
import type { PageUser } from "../page-api.ts";
import { fill, h, reconcile, setText } from "./h.ts";
import { moveBetweenLinks } from "./keyboard-ways.ts";
import type { SidebarGroup, SidebarLink } from "./sidebar-groups.ts";

export interface SidebarDrawing {
  users: PageUser[];
  acting: string;
  groups: SidebarGroup[];
  open: boolean;
}

export interface Sidebar {
  element: HTMLElement;
  /** Between the channels and the clock. */
  slot: HTMLElement;
  draw: (drawing: SidebarDrawing) => void;
}

export interface SidebarWiring {
  actAs: (user: string) => void;
  close: () => void;
  clock: HTMLElement;
  tourAgain: HTMLElement;
}

export function createSidebar({ actAs, close, clock, tourAgain }: SidebarWiring): Sidebar {
  const switcher = h("select", { id: "acting-as", class: "acting" });
  switcher.addEventListener("change", () => actAs(switcher.value));
  const groups = h("div", { class: "groups" });
  const slot = h("div", { class: "sidebar-slot" });
  const links = new Map<string, HTMLAnchorElement>();
  const element = h(
    "nav",
    { class: "sidebar", id: "sidebar", "aria-label": "Workspace" },
    h("div", { class: "workspace-name" }, "RevOps Flows sandbox"),
    h("div", { class: "acting-box" }, h("label", { for: "acting-as" }, "Acting as"), switcher),
    groups,
    slot,
    clock,
    tourAgain,
  );
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  groups.addEventListener("click", close);
  groups.addEventListener("keydown", (event) => moveBetweenLinks(event, groups));
  tourAgain.addEventListener("click", close);
  let drawnUsers: PageUser[] | null = null;

  return {
    element,
    slot,
    draw: ({ users, acting, groups: drawnGroups, open }) => {
      element.classList.toggle("open", open);
      if (JSON.stringify(drawnUsers) !== JSON.stringify(users)) fill(switcher, ...users.map(userOption));
      drawnUsers = users;
      if (switcher.value !== acting) switcher.value = acting;
      drawGroups(groups, drawnGroups, links);
    },
  };
}

function userOption(user: PageUser): HTMLElement {
  return h("option", { value: user.id }, user.title === "" ? user.name : `${user.name} · ${user.title}`);
}

function drawGroups(parent: HTMLElement, groups: SidebarGroup[], known: Map<string, HTMLAnchorElement>): void {
  const sections = groups.map(({ title, links }, index) => {
    const section = parent.children[index] ?? newGroup(`group-${index}`);
    const [heading, items] = section.children;
    if (heading !== undefined && heading.textContent !== title) heading.textContent = title;
    if (items !== undefined)
      reconcile(
        items,
        links.map((link) => drawLink(link, known)),
      );
    return section;
  });
  reconcile(parent, sections);
}

function newGroup(id: string): HTMLElement {
  return h("section", { "aria-labelledby": id }, h("h2", { id }), h("ul", {}));
}

function drawLink(link: SidebarLink, known: Map<string, HTMLAnchorElement>): HTMLElement {
  const anchor = known.get(link.href) ?? newLink(link.href);
  known.set(link.href, anchor);
  anchor.classList.toggle("unread", link.unread > 0);
  anchor.classList.toggle("away", link.away);
  if (link.current) anchor.setAttribute("aria-current", "page");
  else anchor.removeAttribute("aria-current");
  const [name, badge] = anchor.children;
  if (name !== undefined) setText(name, link.text);
  if (badge !== undefined) setText(badge, link.badge ?? "");
  anchor.setAttribute("aria-label", linkName(link));
  return anchor.parentElement ?? h("li", {}, anchor);
}

function newLink(href: string): HTMLAnchorElement {
  return h("a", { href }, h("span", { class: "link-name" }), h("span", { class: "badge" }));
}

function linkName(link: SidebarLink): string {
  const parts = [link.text];
  if (link.badge !== null) parts.push(`${link.badge} ${link.badgeMeaning}`.trimEnd());
  else if (link.unread > 0) parts.push(`${link.unread} unread`);
  if (link.away) parts.push("not connected");
  return parts.join(", ");
}
