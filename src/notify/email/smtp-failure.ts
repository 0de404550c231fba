/**
 * What a failed delivery means (E2): the server's own no is a failure, whenever it comes; silence before the mail's text went out
 * is one too; silence after it is a doubt.
 */
import { z } from "zod";
import { FailureError, type ErrorName } from "../../flow/failure.ts";
import { DoubtError } from "../notifier.ts";

const Shape = z.object({
  code: z.string().optional().catch(undefined),
  responseCode: z.number().optional().catch(undefined),
  response: z.string().optional().catch(undefined),
});

export function smtpFailure(error: unknown, { to, begun }: { to: string; begun: boolean }): FailureError | DoubtError {
  if (error instanceof FailureError || error instanceof DoubtError) return error;
  const read = Shape.safeParse(error);
  const { code, responseCode, response } = read.success ? read.data : Shape.parse({});
  if (code === "EAUTH")
    return failed("Effect.Refused", "The mail server refused the login. Check SMTP_URL, then redrive.", error);
  if (responseCode !== undefined && responseCode >= 400) return afterAnswer({ responseCode, response, to, error });
  if (begun)
    return new DoubtError(`The connection to the mail server was lost while the mail to ${to} was being sent.`, {
      cause: error,
    });
  return beforeSending({ code, to, error });
}

function afterAnswer(parameters: {
  responseCode: number;
  response: string | undefined;
  to: string;
  error: unknown;
}): FailureError {
  const { responseCode, response, to, error } = parameters;
  const said = `The mail server answered "${oneLine(response ?? String(responseCode))}" to the mail to ${to}.`;
  return responseCode < 500
    ? failed("Agent.Unavailable", said, error)
    : failed("Effect.Refused", `${said} Check the address and MAIL_FROM, then redrive.`, error);
}

function beforeSending({ code, to, error }: { code: string | undefined; to: string; error: unknown }): FailureError {
  if (code === "EABORT")
    return failed("Agent.Timeout", `The mail server took too long; the mail to ${to} was not sent.`, error);
  if (code === "EENVELOPE" || code === "EMESSAGE")
    return failed("Effect.Refused", `The mail to ${to} can't be sent as it is: ${messageOf(error)}.`, error);
  if (code === "ETLS")
    return failed(
      "Agent.Unavailable",
      "The mail server and the app found no common encryption. Check SMTP_URL.",
      error,
    );
  const untrusted = untrustedCertificate(error);
  if (untrusted !== null)
    return failed(
      "Agent.Unavailable",
      `The mail server is there, but ${untrusted}; the mail to ${to} was not sent.`,
      error,
    );
  return failed("Agent.Unavailable", `The mail server can't be reached; the mail to ${to} was not sent.`, error);
}

const Certificate = z.object({ originalCode: z.string().regex(/CERT|ISSUER|SIGNATURE/) });

/** In words, with what Node says of it; null: that isn't what is wrong. */
export function untrustedCertificate(error: unknown): string | null {
  return Certificate.safeParse(error).success ? `its certificate isn't accepted (${messageOf(error)})` : null;
}

function failed(name: ErrorName, cause: string, error: unknown): FailureError {
  return new FailureError({ error: name, cause }, { cause: error });
}

function messageOf(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}

/** A server may say anything; what it says is shown to people. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, 200);
}
