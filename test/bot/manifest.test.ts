/** Do the committed manifests create the app that the code expects: no more, no less, and within Slack's limits? */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { buildManifest, readBaseUrl } from "../../src/bot/manifest.ts";
import { eventScopes, methodScopes, neededScopes } from "../../src/bot/manifest-scopes.ts";
import { manifestFiles, manifestText } from "../../src/bot/manifest-text.ts";
import { registrations } from "../../src/bot/registrations.ts";
import { words } from "../../src/bot/listeners/commands/command-line.ts";
import { SlackManifestRules } from "./slack-manifest-rules.ts";

const root = join(import.meta.dirname, "../..");
const socket = buildManifest({ kind: "socket" });
const http = buildManifest({ kind: "http", baseUrl: "https://bot.example.com/revops" });

describe.each(Object.entries(manifestFiles))("%s", (file, kind) => {
  const text = readFileSync(join(root, file), "utf8");

  test("is what `npm run manifest` writes", () => {
    expect(text).toBe(manifestText(kind));
  });

  test("says to Slack what was built, whatever YAML makes of it", () => {
    expect(parse(text)).toEqual(buildManifest(kind));
  });

  test("is taken by Slack: known keys, lengths, counts", () => {
    expect(() => SlackManifestRules.parse(parse(text))).not.toThrow();
  });

  test("gives the reason beside each scope", () => {
    for (const { scope, reason } of neededScopes()) expect(text).toContain(`- ${scope} # ${reason}\n`);
  });
});

describe("the rules", () => {
  const { display_information, features, settings } = socket;
  test.each([
    ["a name of 36 characters", { ...socket, display_information: { ...display_information, name: "n".repeat(36) } }],
    [
      "a description of 141",
      { ...socket, display_information: { ...display_information, description: "d".repeat(141) } },
    ],
    ["an unknown feature", { ...socket, features: { ...features, telepathy: {} } }],
    ["a command without words", { ...socket, features: { ...features, slash_commands: [{ command: "/revops" }] } }],
    [
      "an address without its scheme",
      { ...socket, settings: { ...settings, interactivity: { is_enabled: true, request_url: "bot.example.com" } } },
    ],
  ])("refuse %s", (_name, manifest) => {
    expect(SlackManifestRules.safeParse(manifest).success).toBe(false);
  });
});

describe("what the bot registers is what the app has", () => {
  test("commands, with words that a person sees beside them", () => {
    expect(socket.features.slash_commands.map(({ command }) => command)).toEqual(registrations.commands);
  });

  test("events", () => {
    expect(socket.settings.event_subscriptions.bot_events).toEqual(registrations.events);
  });

  test("buttons and forms need interactivity, no shortcut is promised", () => {
    expect(registrations.actions.length + registrations.views.length).toBeGreaterThan(0);
    expect(socket.settings.interactivity.is_enabled).toBe(true);
    expect(registrations.shortcuts).toEqual([]);
  });

  test("the hint beside the command names the words that work", () => {
    const hint = socket.features.slash_commands[0]?.usage_hint ?? "";
    expect(hint.split("|").map((part) => part.trim().split(" ")[0])).toEqual([...words]);
  });

  test("the Home tab and direct messages are open, since both are answered", () => {
    expect(socket.features.app_home).toEqual({
      home_tab_enabled: true,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: false,
    });
  });
});

describe("the way in", () => {
  test("over Socket Mode needs no address of ours", () => {
    expect(socket.settings.socket_mode_enabled).toBe(true);
    expect(JSON.stringify(socket)).not.toContain("http");
  });

  test("over HTTP is one address for events, buttons and commands, and nothing else differs", () => {
    const address = "https://bot.example.com/revops/slack/events";
    expect(http.settings.event_subscriptions).toHaveProperty("request_url", address);
    expect(http.settings.interactivity).toHaveProperty("request_url", address);
    for (const command of http.features.slash_commands) expect(command).toHaveProperty("url", address);
    const text = JSON.stringify(http, (name, value: unknown) => (/^(?:request_)?url$/.test(name) ? undefined : value));
    expect(JSON.parse(text)).toEqual({
      ...socket,
      settings: { ...socket.settings, socket_mode_enabled: false },
    });
  });

  test.each([
    ["https://bot.example.com", "https://bot.example.com"],
    ["https://bot.example.com/", "https://bot.example.com"],
    ["https://bot.example.com:8443/revops//", "https://bot.example.com:8443/revops"],
    ["http://bot.example.com", null],
    ["https://user@bot.example.com", null],
    ["https://bot.example.com/?team=1", null],
    ["bot.example.com", null],
    ["", null],
  ])("typed as %j is %j", (typed, expected) => {
    expect(readBaseUrl(typed)).toBe(expected);
  });
});

/** `client.chat.postEphemeral(`, `web.users.info(`: what is called, wherever it is called. */
function methodsCalled(): string[] {
  const files = ["src/bot", "src/notify/slack"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(root, folder, name), "utf8")),
  );
  const families = "auth|chat|conversations|usergroups|users|views|files|reactions|pins|apps|team|bots";
  const call = new RegExp(`\\.((?:${families})(?:\\.\\w+)+|filesUploadV2|apiCall)\\(`, "g");
  const found = files.flatMap((text) => [...text.matchAll(call)].map((match) => match[1] ?? ""));
  // Bolt itself asks who the token belongs to.
  return [...new Set([...found, "auth.test"])].toSorted();
}

describe("scopes", () => {
  test("every method that the code calls is known in src/bot/manifest-scopes.ts", () => {
    expect(methodsCalled().filter((method) => !Object.hasOwn(methodScopes, method))).toEqual([]);
  });

  test("each is needed by a command, an event or a method that is called", () => {
    const called = methodsCalled();
    const needed = [
      "commands",
      ...Object.values(eventScopes).flat(),
      ...Object.entries(methodScopes).flatMap(([method, scopes]) => (called.includes(method) ? scopes : [])),
    ];
    expect(neededScopes().map(({ scope }) => scope)).toEqual([...new Set(needed)].toSorted());
  });

  test("the events that are heard are those that scopes are asked for", () => {
    expect(Object.keys(eventScopes)).toEqual(registrations.events);
  });

  test("a doubtful message can be looked for where it may stand, and nothing can be read that isn't needed", () => {
    const scopes: string[] = socket.oauth_config.scopes.bot;
    expect(scopes).toEqual([...new Set(scopes)].toSorted());
    expect(scopes).toEqual(expect.arrayContaining(["channels:history", "groups:history", "im:history"]));
    expect(
      scopes.filter((scope) => /^(?:mpim|search|reactions|team|admin|identify)|customize|public/.test(scope)),
    ).toEqual([]);
  });
});
