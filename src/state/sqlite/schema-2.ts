/**
 * The second version: definitions know their flow and when they were stored, executions their parent and their end, and
 * there are places under a key with a limit, and what people said about a flow. Whatever runs holds its place of `overlap`
 * (the key of src/engine/slots.ts). What an older file never recorded is 0 or null. A record that cannot be read keeps the
 * columns' defaults: it is reported when it is read, not here.
 *
 * Entries lie in the order of their writing, whoever's they are: beside those of their own execution each would rewrite a page
 * of its own, 8 MB for a commit of 2,000.
 */

export const secondSchema = `
CREATE TABLE log (
  execution_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT;
INSERT INTO log SELECT execution_id, sequence, record FROM entries;
DROP TABLE entries;
ALTER TABLE log RENAME TO entries;
CREATE UNIQUE INDEX entries_log ON entries (execution_id, sequence);

ALTER TABLE definitions ADD COLUMN flow_id TEXT NOT NULL DEFAULT '';
ALTER TABLE definitions ADD COLUMN stored_at INTEGER NOT NULL DEFAULT 0;
UPDATE definitions SET flow_id = record ->> '$.flow_id'
  WHERE CASE WHEN json_valid(record) THEN json_type(record, '$.flow_id') = 'text' END;
CREATE INDEX definitions_flow ON definitions (flow_id, stored_at, hash);

ALTER TABLE executions ADD COLUMN parent_id TEXT;
ALTER TABLE executions ADD COLUMN ended_at INTEGER;
UPDATE executions SET ended_at = record ->> '$.ended_at'
  WHERE CASE WHEN json_valid(record) THEN json_type(record, '$.ended_at') = 'integer' END;
CREATE INDEX executions_parent ON executions (parent_id, started_at, execution_id) WHERE parent_id IS NOT NULL;
CREATE INDEX executions_ended ON executions (ended_at, execution_id) WHERE open = 0 AND ended_at IS NOT NULL;

CREATE INDEX batches_ended ON batches (started_at, batch_id) WHERE status = 'ended';

CREATE TABLE slots (
  key TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO slots
  SELECT key, 1, json_object(
    'key', key,
    'holders', json_group_array(json_object('execution_id', execution_id, 'since', started_at) ORDER BY started_at, execution_id),
    'queue', json('[]'),
    'revision', 1
  )
  FROM (
    SELECT 'overlap/' || flow_id || '/' || customer_id AS key, execution_id, started_at
    FROM executions WHERE status = 'running' AND customer_id IS NOT NULL
  )
  GROUP BY key;

CREATE TABLE flow_controls (
  flow_id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
