/** A browser page on a fake server, fresh for each test, with the few gestures that the tests share. */
import { chromium, type Browser, type Locator, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { PageMessage } from "../../../src/sandbox/page-api.ts";
import { fakeData, message } from "./fake-data.ts";
import { createFakeServer, type FakeServer } from "./fake-server.ts";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface PageFixture {
  readonly page: Page;
  readonly server: FakeServer;
  open: (place?: string) => Promise<void>;
  messageAt: (ts: string) => Locator;
  composer: () => Locator;
  /** A message that was there before. */
  add: (parts: Parameters<typeof message>[0]) => PageMessage;
  /** A message that comes while the page is open. */
  arrive: (parts: Parameters<typeof message>[0]) => PageMessage;
  edit: (old: PageMessage, parts: Partial<PageMessage>) => void;
  lastPosted: (path: string) => Record<string, unknown> | undefined;
}

interface Running {
  browser: Browser | null;
  page: Page | null;
  server: FakeServer | null;
  problems: string[];
}

/** Registers the hooks; a page that throws fails its test. */
export function usePage(): PageFixture {
  const running: Running = { browser: null, page: null, server: null, problems: [] };
  beforeAll(async () => {
    running.browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
  });
  afterAll(async () => {
    await running.browser?.close();
  });
  beforeEach(async () => {
    const server = createFakeServer(fakeData());
    await server.start();
    const page = await present(running.browser).newPage({ viewport: { width: 1180, height: 760 } });
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    Object.assign(running, { server, page, problems });
  });
  afterEach(async () => {
    await running.page?.close();
    await running.server?.kill();
    if (running.problems.length > 0) throw new Error(`the page threw: ${running.problems.join("; ")}`);
  });
  return gestures(running);
}

function gestures(running: Running): PageFixture {
  const add = (parts: Parameters<typeof message>[0]): PageMessage => {
    const made = message(parts);
    present(running.server).data.messages.push(made);
    return made;
  };
  return {
    get page() {
      return present(running.page);
    },
    get server() {
      return present(running.server);
    },
    add,
    open: async (place = "#/c/revops") => {
      const page = present(running.page);
      await page.goto(`${present(running.server).address()}/${place}`);
      await page.locator('[role="log"], .inbox, .calendar, .home').first().waitFor();
      await expect.poll(() => present(running.server).streaming()).toBe(true);
    },
    messageAt: (ts) => present(running.page).getByRole("main").locator(`article[data-ts="${ts}"]`),
    composer: () => present(running.page).getByRole("main").getByRole("textbox"),
    arrive: (parts) => {
      const made = add(parts);
      present(running.server).push({ type: "message", message: made });
      return made;
    },
    edit: (old, parts) => {
      const { data, push } = present(running.server);
      const edited = { ...old, ...parts, edited: true };
      data.messages = data.messages.map((each) => (each.ts === old.ts ? edited : each));
      push({ type: "message", message: edited });
    },
    lastPosted: (path) => present(running.server).posted.findLast((post) => post.path === path)?.body,
  };
}

/** Whether the keyboard is here. */
export function isFocused(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => element === element.ownerDocument.activeElement);
}

function present<T>(value: T | null): T {
  if (value === null) throw new Error("only inside a test");
  return value;
}
