/** Nothing was deployed: each sentence says what to change where. */
export class DeploymentProblem extends Error {
  override readonly name = "DeploymentProblem";
  readonly sentences: readonly string[];
  constructor(sentences: readonly string[]) {
    super(sentences.join("\n"));
    this.sentences = sentences;
  }
}
