/**
 * What Slack takes as a manifest, as far as ours uses it, in our own words: its published schema is
 * https://github.com/slackapi/manifest-schema, schemas/manifest.schema.2.0.0.json. Unknown keys are refused below the root, and
 * a key that ours doesn't use is unknown here, so that it is looked up before it is used.
 */
import { z } from "zod";

const address = (longest: number) =>
  z
    .string()
    .regex(/^https?:\/\//)
    .max(longest)
    .optional();

const unique = (values: string[]) => new Set(values).size === values.length;

export const SlackManifestRules = z.strictObject({
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().min(1).max(140).optional(),
    background_color: z
      .string()
      .regex(/^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$/)
      .optional(),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean().optional(),
      messages_tab_enabled: z.boolean().optional(),
      messages_tab_read_only_enabled: z.boolean().optional(),
    }),
    bot_user: z.strictObject({ display_name: z.string().min(1).max(80), always_online: z.boolean().optional() }),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().startsWith("/").min(2).max(32),
          url: address(3000),
          description: z.string().min(1).max(2000),
          usage_hint: z.string().min(1).max(1000).optional(),
          should_escape: z.boolean().optional(),
        }),
      )
      .min(1)
      .max(50),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string().max(50)).max(255) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({
      request_url: address(3500),
      bot_events: z.array(z.string().max(50)).max(100).refine(unique),
    }),
    interactivity: z.strictObject({ is_enabled: z.boolean(), request_url: address(3500) }),
    org_deploy_enabled: z.boolean().optional(),
    socket_mode_enabled: z.boolean().optional(),
    token_rotation_enabled: z.boolean().optional(),
  }),
});
