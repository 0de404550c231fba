/**
 * A rule of cdk-nag that a resource doesn't keep, with the reason beside the resource. A test lists them all; one without a reason,
 * and one that hides nothing, fails it.
 */
import { Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

export interface Acknowledgement {
  path: string;
  rule: string;
  reason: string;
}

const told = new WeakMap<IConstruct, Acknowledgement[]>();
const silent = new WeakSet<IConstruct>();

/** `findings` narrow a rule that finds several things in one resource. */
export function acknowledge(
  construct: IConstruct,
  { rule, findings, reason }: { rule: string; findings?: readonly string[]; reason: string },
): void {
  const { root } = construct.node;
  for (const id of findings?.map((finding) => `${rule}[${finding}]`) ?? [rule]) {
    const known = told.get(root) ?? [];
    told.set(root, [...known, { path: construct.node.path, rule: id, reason }]);
    if (!silent.has(root)) Validations.of(construct).acknowledge({ id, reason });
  }
}

export function acknowledged(root: IConstruct): readonly Acknowledgement[] {
  return told.get(root) ?? [];
}

/** For the test that looks for acknowledgements that hide nothing: from now on they are listed and have no effect. */
export function withoutEffect(root: IConstruct): void {
  silent.add(root);
}
