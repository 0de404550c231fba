/**
 * The scene as a person sees it: the real app in its own process on a fresh folder, and a browser window on the address that it
 * printed. Gestures are those of a person: what is read here is what stands on the page.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium, type Browser, type Locator, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { startAppProcess, type AppProcess, type Lives } from "./app-process.ts";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];

/** Live changes that open and never come, as on a connection that has just broken. */
const DEAF = `window.EventSource = class extends EventTarget {
  constructor() { super(); queueMicrotask(() => this.dispatchEvent(new Event("open"))); }
  close() {}
};`;

/**
 * Set to a folder, each picture that a test takes is written there; unset, none is. `docs/scene.png` is one of them:
 * SCENE_PICTURES=pictures npx vitest run --project browser test/scene/scene.browser.ts && cp pictures/scene.png docs/
 */
const pictures = process.env["SCENE_PICTURES"];

/** For what the app does in its own time: a first mail, a first event, a machine that is busy otherwise. */
export const patient = { timeout: 30_000 };

export const windowSize = { width: 1180, height: 760 };

export interface Scene {
  readonly page: Page;
  readonly app: AppProcess;
  /** Another window on the same workspace, which hears of no change: what it shows grows old. */
  staleWindow: (place: string, person: string) => Promise<Page>;
  /** Another window, as live as the first; whoever acts there, this one stays who it is. */
  otherWindow: (place: string, person: string) => Promise<Page>;
  goTo: (place: string) => Promise<void>;
  /** By the first words of the choice: "Dana Reyes". */
  actAs: (person: string) => Promise<void>;
  composer: () => Locator;
  say: (text: string) => Promise<void>;
  /** Says it and gives the one private answer that comes. */
  ask: (text: string) => Promise<Locator>;
  /** Does something and gives the one private answer that comes. */
  answerTo: (act: () => Promise<unknown>) => Promise<Locator>;
  messages: () => Locator;
  /** The card about a customer in #renewals. */
  card: (customer: string) => Locator;
  /** Runs the standard flow for one customer and goes to the card that it brings. */
  runFor: (customer: string) => Promise<Locator>;
  press: (card: Locator, button: string) => Promise<void>;
  /** The Home tab of the conversation with the bot, once it is open. */
  home: () => Locator;
  /** The rows there under a heading, down to the next one. */
  homeRows: (heading: string) => Locator;
  /** The open modal, by its title. */
  modal: (title: string) => Locator;
  /** Opens what is said under a message; the panel stays until another is opened. */
  thread: (message: Locator) => Promise<Locator>;
  clock: () => Locator;
  /** What the clock shows, in milliseconds. */
  now: () => Promise<number>;
  /** Presses one of the clock's buttons; by when it gives, the clock has come to rest. */
  moveClock: (button: "+1 hour" | "+1 day" | "Next schedule") => Promise<number>;
  picture: (name: string) => Promise<void>;
}

interface Running {
  browser: Browser | null;
  app: AppProcess | null;
  page: Page | null;
  problems: string[];
}

interface SceneOptions {
  environment?: () => Promise<Record<string, string>>;
  /** `file`: one app and one window for all tests of the file, each going on from where the last one stopped. */
  lives?: Lives;
}

/** Registers the hooks. A page that throws fails its test. */
export function useScene({ environment, lives = "test" }: SceneOptions = {}): Scene {
  const running: Running = { browser: null, app: null, page: null, problems: [] };
  beforeAll(async () => {
    running.browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
  });
  afterAll(async () => {
    await running.browser?.close();
  });
  const [before, after] = lives === "test" ? [beforeEach, afterEach] : [beforeAll, afterAll];
  before(async () => {
    running.app = await startAppProcess({ environment: (await environment?.()) ?? {}, lives });
    running.page = await openWindow(running);
  });
  after(async () => {
    for (const context of running.browser?.contexts() ?? []) await context.close();
    await running.app?.stop();
  });
  afterEach(() => {
    const thrown = running.problems.splice(0);
    if (thrown.length > 0) throw new Error(`the page threw: ${thrown.join("; ")}`);
  });
  return gestures(running);
}

async function openWindow(running: Running, { deaf = false } = {}): Promise<Page> {
  const page = await present(running.browser).newPage({ viewport: windowSize, deviceScaleFactor: 2 });
  if (deaf) await page.addInitScript(DEAF);
  page.on("pageerror", (error) => running.problems.push(error.message));
  await page.goto(present(running.app).url);
  await page.getByRole("log").first().waitFor();
  return page;
}

function gestures(running: Running): Scene {
  const page = () => present(running.page);
  const main = () => page().getByRole("main");
  const composer = () => main().getByRole("textbox");
  const messages = () => main().locator("article");
  const say = async (text: string): Promise<void> => {
    await composer().fill(text);
    await composer().press("Enter");
  };
  const answerTo = (act: () => Promise<unknown>) => privateAnswer({ messages, act });
  const card = (customer: string) => messages().filter({ hasText: `${customer} · renews` });
  const goTo = (place: string) => goToPlace(page(), place);
  // A page that has just been loaded shows no time before the app has told it one.
  const time = () => clock().locator('time[datetime]:not([datetime=""])');
  const now = async () => Date.parse((await time().getAttribute("datetime")) ?? "");
  const home = () => page().getByRole("tabpanel", { name: "Home" });
  const clock = () => page().getByRole("region", { name: "Clock" });
  return {
    get page() {
      return page();
    },
    get app() {
      return present(running.app);
    },
    staleWindow: (place, person) => windowOf(running, { place, person, deaf: true }),
    otherWindow: (place, person) => windowOf(running, { place, person, deaf: false }),
    goTo,
    actAs: (person) => actAs(page(), person),
    composer,
    say,
    answerTo,
    ask: (text) => answerTo(() => say(text)),
    messages,
    card,
    runFor: async (customer) => {
      await answerTo(() => say(`/revops run renewal_management ${customer}`));
      await goTo("#renewals");
      await card(customer).getByRole("button", { name: "Approve" }).waitFor();
      return card(customer);
    },
    press: (on, button) => on.getByRole("button", { name: button, exact: true }).click(),
    home,
    homeRows: (heading) => home().locator(`xpath=.//*[${rowsUnder(heading)}]`),
    modal: (title) => page().getByRole("dialog", { name: title, exact: true }),
    thread: async (message) => {
      await message.getByRole("button", { name: /^\d+ repl/ }).click();
      return page().getByRole("complementary", { name: "Thread" });
    },
    clock,
    now,
    moveClock: async (button) => {
      const answered = page().waitForResponse((response) => response.url().endsWith("/sandbox/clock"), {
        timeout: 120_000,
      });
      await clock().getByRole("button", { name: button }).click();
      const reached: { now: string } = await (await answered).json();
      await expect.poll(now, patient).toBeGreaterThanOrEqual(Date.parse(reached.now));
      return now();
    },
    picture: async (name) => {
      if (pictures === undefined) return;
      await mkdir(pictures, { recursive: true });
      await page().screenshot({ path: join(pictures, `${name}.png`) });
    },
  };
}

function rowsUnder(heading: string): string {
  return `contains(@class, "block-section")][preceding-sibling::h3[1][normalize-space() = "${heading}"]`;
}

async function windowOf(
  running: Running,
  { place, person, deaf }: { place: string; person: string; deaf: boolean },
): Promise<Page> {
  const page = await openWindow(running, { deaf });
  await actAs(page, person);
  await goToPlace(page, place);
  return page;
}

async function goToPlace(page: Page, place: string): Promise<void> {
  await page
    .getByRole("navigation")
    .getByRole("link", { name: new RegExp(`^${place}(,|$)`) })
    .click();
  await page.getByRole("heading", { name: place, level: 1 }).waitFor();
}

async function actAs(page: Page, person: string): Promise<void> {
  const choices = page.getByRole("combobox", { name: "Acting as" });
  const label = (await choices.locator("option").allTextContents()).find((text) => text.startsWith(person));
  if (label === undefined) throw new Error(`${person} is nobody in this workspace`);
  await choices.selectOption({ label });
}

/** The message that only the acting person sees and that wasn't there before. */
async function privateAnswer({ messages, act }: { messages: () => Locator; act: () => Promise<unknown> }) {
  const mine = messages().filter({ hasText: "Only visible to you" });
  const before = new Set(await keysOf(mine));
  await act();
  const fresh = async () => (await keysOf(mine)).filter((key) => !before.has(key));
  await expect.poll(fresh, patient).toHaveLength(1);
  const [ts] = await fresh();
  return messages().and(messages().page().locator(`article[data-ts="${ts}"]`));
}

async function keysOf(articles: Locator): Promise<string[]> {
  return articles.evaluateAll((all) => all.map((each) => each.getAttribute("data-ts") ?? ""));
}

function present<T>(value: T | null): T {
  if (value === null) throw new Error("only inside a test");
  return value;
}
