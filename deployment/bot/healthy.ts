/** The container's health check: ends with 0 if the app answers on its own port. */
const { PORT = "3000" } = process.env;

try {
  const { ok } = await fetch(`http://127.0.0.1:${PORT}/healthz`, { signal: AbortSignal.timeout(4_000) });
  process.exitCode = ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
