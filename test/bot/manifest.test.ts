/** `manifest.yml` creates the app that the code expects: no more, no less, and within Slack's limits. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { registrations } from "../../src/bot/registrations.ts";
import { words } from "../../src/bot/listeners/commands/command-line.ts";

const root = join(import.meta.dirname, "../..");

/** As in Slack's schema of manifests: unknown keys are refused below features and settings. */
const Manifest = z.strictObject({
  display_information: z.strictObject({
    name: z.string().max(35),
    description: z.string().max(140),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: z.string().max(80), always_online: z.boolean() }),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().startsWith("/").max(32),
          description: z.string().max(2000),
          usage_hint: z.string().max(1000),
          should_escape: z.boolean(),
        }),
      )
      .max(50),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ bot_events: z.array(z.string()).max(100) }),
    interactivity: z.strictObject({ is_enabled: z.boolean() }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});

const manifest = Manifest.parse(parse(readFileSync(join(root, "manifest.yml"), "utf8")));
const scopes = manifest.oauth_config.scopes.bot;

/** What Slack asks for; a conversation's method needs the scope of each kind of conversation that it is used on. */
const scopesOfMethods: Readonly<Record<string, readonly string[]>> = {
  "auth.test": [],
  "chat.postMessage": ["chat:write"],
  "chat.postEphemeral": ["chat:write"],
  "chat.update": ["chat:write"],
  "chat.delete": ["chat:write"],
  "chat.getPermalink": [],
  "conversations.info": ["channels:read", "groups:read", "im:read"],
  "conversations.list": ["channels:read", "groups:read"],
  "conversations.history": ["channels:history", "groups:history", "im:history"],
  "conversations.replies": ["channels:history", "groups:history", "im:history"],
  "conversations.open": ["im:write"],
  "usergroups.list": ["usergroups:read"],
  "usergroups.users.list": ["usergroups:read"],
  "users.info": ["users:read", "users:read.email"],
  "users.list": ["users:read", "users:read.email"],
  "users.lookupByEmail": ["users:read.email"],
  "views.open": [],
  "views.push": [],
  "views.publish": [],
  "views.update": [],
};
const scopesOfEvents: Readonly<Record<string, readonly string[]>> = {
  app_home_opened: [],
  app_mention: ["app_mentions:read"],
  "message.im": ["im:history"],
};

/** `client.chat.postEphemeral(`, `web.users.info(`: what is called, wherever it is called. */
function methodsCalled(): string[] {
  const files = ["src/bot", "src/notify/slack"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(root, folder, name), "utf8")),
  );
  const families = "auth|chat|conversations|usergroups|users|views|files|reactions|pins|apps|team|bots";
  const call = new RegExp(`\\.((?:${families})(?:\\.\\w+)+)\\(`, "g");
  const found = files.flatMap((text) => [...text.matchAll(call)].map((match) => match[1] ?? ""));
  return [...new Set([...found, "chat.postMessage", "auth.test"])].toSorted();
}

describe("what the bot registers is what the app has", () => {
  test("commands", () => {
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual(registrations.commands);
  });

  test("events", () => {
    expect(manifest.settings.event_subscriptions.bot_events).toEqual(registrations.events);
  });

  test("buttons and forms need interactivity, no shortcut is promised", () => {
    expect(registrations.actions.length + registrations.views.length).toBeGreaterThan(0);
    expect(manifest.settings.interactivity.is_enabled).toBe(true);
    expect(registrations.shortcuts).toEqual([]);
  });

  test("the hint beside the command names the words that work", () => {
    const hint = manifest.features.slash_commands[0]?.usage_hint ?? "";
    expect(hint.split("|").map((part) => part.trim().split(" ")[0])).toEqual([...words]);
  });

  test("the Home tab and direct messages are open, since both are answered", () => {
    expect(manifest.features.app_home).toMatchObject({ home_tab_enabled: true, messages_tab_enabled: true });
    expect(manifest.features.app_home.messages_tab_read_only_enabled).toBe(false);
  });

  test("Socket Mode, so no address of ours", () => {
    expect(manifest.settings.socket_mode_enabled).toBe(true);
  });
});

describe("scopes", () => {
  test("every method that the code calls is known here", () => {
    expect(methodsCalled().filter((method) => !Object.hasOwn(scopesOfMethods, method))).toEqual([]);
  });

  test("each is needed by a command, an event or a method, and each that is needed is there", () => {
    const needed = [
      "commands",
      ...registrations.events.flatMap((event) => scopesOfEvents[event] ?? []),
      ...methodsCalled().flatMap((method) => scopesOfMethods[method] ?? []),
    ];
    expect(scopes).toEqual([...new Set(needed)].toSorted());
  });
});
