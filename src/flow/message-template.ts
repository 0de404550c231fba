/** Message templates (files with typed variables): what the execution agent plans mails and direct messages with. */

export interface RenderedMessage {
  subject: string;
  html: string;
  text: string;
  /** mrkdwn. */
  slack: string;
}

export interface TemplateRenderer {
  /** Each template's name, and what it can't do without. Left out: which there are shows only when they are rendered. */
  readonly needs?: ReadonlyMap<string, readonly string[]>;
  /** Throws `FailureError` (`Input.Invalid`) for an unknown template or a missing variable, naming it. */
  render(parameters: { template: string; variables: unknown }): RenderedMessage;
}
