/** Whether a customer's status, as the CRM words it, says that they are none any more. */

const words = new Set([
  "churned",
  "lapsed",
  "cancelled",
  "canceled",
  "terminated",
  "expired",
  "closed",
  "former",
  "lost",
]);

export function isGone({ status }: { status: string | null }): boolean {
  return status !== null && words.has(status.trim().toLowerCase());
}
