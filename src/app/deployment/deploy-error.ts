/** Nothing was deployed, or not all of it: each sentence says why, or what to do. On both sides of the process that plans. */
export class DeployError extends Error {
  override readonly name = "DeployError";
  readonly sentences: readonly string[];
  constructor(sentences: readonly string[]) {
    super(sentences.join("\n"));
    this.sentences = sentences;
  }
}
