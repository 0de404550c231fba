/** What a test asked for can't be had: its own mistake, or the engine's truthful refusal. */
export class TestError extends Error {
  override readonly name = "TestError";
}
