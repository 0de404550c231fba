/** All headers that fit a filter, newest first, page by page. */
import type { ExecutionHeader } from "../flow/record.ts";
import type { ExecutionFilter, Page, StateStore } from "../state/state-store.ts";

const mostInAPage = 1_000;

/** `pageSize`: less where nobody may have to wait for a whole page. */
export async function* headers(
  store: StateStore,
  filter: ExecutionFilter,
  pageSize = mostInAPage,
): AsyncGenerator<ExecutionHeader> {
  let cursor: string | null = null;
  do {
    const page: Page<ExecutionHeader> = await store.list({ filter, limit: pageSize, cursor });
    yield* page.items;
    cursor = page.next;
  } while (cursor !== null);
}
