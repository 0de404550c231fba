/** An error as the log may have it: only fields known to hold no token, header or payload (T3). */

export function loggable(error: unknown): { error: string; code?: string; stack?: string } {
  if (typeof error === "string") return { error };
  if (!(error instanceof Error)) return { error: "no reason given" };
  const code: unknown = "code" in error ? error.code : undefined;
  return {
    error: `${error.name}: ${error.message}`,
    ...(typeof code === "string" ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
  };
}
