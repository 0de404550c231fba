/** A refusal in the form of Google's APIs. */

export type GoogleReason =
  | "authError"
  | "backendError"
  | "badRequest"
  | "deleted"
  | "duplicate"
  | "invalid"
  | "invalidParameter"
  | "notFound"
  | "parseError"
  | "required"
  | "timeRangeEmpty"
  | "tooManyCalendarsRequested";

export class GoogleError extends Error {
  override readonly name = "GoogleError";
  readonly status: number;
  readonly reason: GoogleReason;

  constructor(status: number, reason: GoogleReason, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }

  toBody(): Record<string, unknown> {
    const { status: code, reason, message } = this;
    const domain = reason === "timeRangeEmpty" ? "calendar" : "global";
    const where = reason === "authError" ? { location: "Authorization", locationType: "header" } : {};
    return { error: { errors: [{ domain, reason, message, ...where }], code, message } };
  }
}

export function notFound(): GoogleError {
  return new GoogleError(404, "notFound", "Not Found");
}
