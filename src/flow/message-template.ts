/** Message templates (files with typed variables): what the execution agent plans mails and direct messages with. */

export interface RenderedMessage {
  subject: string;
  html: string;
  text: string;
  /** mrkdwn. */
  slack: string;
}

export interface TemplateRenderer {
  /** Throws `FailureError` (`Input.Invalid`) for an unknown template or a missing variable, naming it. */
  render(parameters: { template: string; variables: unknown }): RenderedMessage;
}
