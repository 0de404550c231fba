/** An error as the service names it; HTTP 400 but where said. */

export class ApiError extends Error {
  readonly status: number;
  /** Seconds. */
  readonly retryAfter: number | null;

  constructor(name: string, message: string, status = 400, retryAfter: number | null = null) {
    super(message);
    this.retryAfter = retryAfter;
    this.name = name;
    this.status = status;
  }
}
