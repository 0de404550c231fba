/** How much of everything: DESIGN §7's numbers, or a tiny share that only shows that a figure can be taken. */
export interface Sizes {
  /** Executions started at once. */
  burst: number;
  tenThousand: number;
  /** Executions one after another. */
  alone: number;
  killed: number;
  parked: number;
  /** Ticks with nothing due. */
  idleTicks: number;
  customers: number;
  dynamoDb: number;
  /** Executions that run while commands are given, and how many commands at least. */
  acknowledged: number;
  commands: number;
}

export const fullSizes: Sizes = {
  burst: 2_000,
  tenThousand: 10_000,
  alone: 300,
  killed: 1_000,
  parked: 100_000,
  idleTicks: 200,
  customers: 10_000,
  dynamoDb: 1_000,
  acknowledged: 2_000,
  commands: 300,
};

export const quickSizes: Sizes = {
  burst: 40,
  tenThousand: 100,
  alone: 10,
  killed: 40,
  parked: 200,
  idleTicks: 10,
  customers: 40,
  dynamoDb: 10,
  acknowledged: 40,
  commands: 10,
};
