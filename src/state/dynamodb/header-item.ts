/** A header as the attributes of an execution's first item, its places in the indexes among them. */
import { ExecutionHeader } from "../../flow/record.ts";
import { decode, encode } from "../record-codec.ts";
import { type Item, text } from "./item.ts";
import { allShards, part, place, shardOf } from "./keys.ts";

export interface HeaderAttributes {
  set: Item;
  /** Places that it does not have. */
  remove: string[];
}

const waking = "wake";
const ended = "ended";
export const wakingPartitions = allShards(waking);
export const endedPartitions = allShards(ended);

export function headerAttributes(header: ExecutionHeader): HeaderAttributes {
  const { execution_id, flow_id, customer_id, batch_id, parent_id } = header;
  const state = statePartition(header);
  const wanted: Record<string, string | null> = {
    header: encode(header),
    started: place({ at: header.started_at, id: execution_id }),
    state_pk: state,
    flow_pk: flowPartition({ flowId: flow_id, state }),
    customer_pk: customer_id === null ? null : customerPartition(customer_id),
    batch_pk: batch_id === null ? null : batchPartition(batch_id),
    parent_pk: parent_id === null ? null : parentPartition(parent_id),
    ...timePlace(header),
  };
  return {
    set: Object.fromEntries(
      Object.entries(wanted).flatMap(([name, value]) => (value === null ? [] : [[name, text(value)]])),
    ),
    remove: Object.keys(wanted).filter((name) => wanted[name] === null),
  };
}

/** Open: when it wakes. Over: when it ended, for its removal. */
function timePlace(header: ExecutionHeader): { time_pk: string | null; time_sk: string | null } {
  const { execution_id: executionId, open, wake_at, ended_at } = header;
  const at = open ? wake_at : ended_at;
  if (at === null) return { time_pk: null, time_sk: null };
  return {
    time_pk: shardOf({ prefix: open ? waking : ended, executionId }),
    time_sk: place({ at, id: executionId }),
  };
}

/** Of an entry that moves its execution to wake sooner: there until the header says so too. */
export function markAttributes(header: ExecutionHeader): Item {
  const { time_pk, time_sk } = timePlace(header);
  return time_pk === null || time_sk === null ? {} : { time_pk: text(time_pk), time_sk: text(time_sk) };
}

export const statePartition = ({ status, open }: { status: string; open: boolean }): string =>
  `${status}#${open ? "open" : "over"}`;
export const flowPartition = ({ flowId, state }: { flowId: string; state: string }): string => `${flowId}#${state}`;
export const customerPartition = (customerId: string): string => `customer#${part(customerId)}`;
export const batchPartition = (batchId: string): string => `batch#${part(batchId)}`;
export const parentPartition = (parentId: string): string => `parent#${part(parentId)}`;

/** Throws `CorruptRecordError`. */
export function readHeader({ executionId, record }: { executionId: string; record: string }): ExecutionHeader {
  return decode({ schema: ExecutionHeader, text: record, name: `the header of execution ${executionId}` });
}
