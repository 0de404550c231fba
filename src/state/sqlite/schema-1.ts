/** The first version of the tables. Every list has an index that ends in its order, so that a page never sorts or scans. */

export const firstSchema = `
CREATE TABLE definitions (
  hash TEXT PRIMARY KEY,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE entries (
  execution_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (execution_id, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE executions (
  execution_id TEXT PRIMARY KEY,
  flow_id TEXT NOT NULL,
  customer_id TEXT,
  batch_id TEXT,
  status TEXT NOT NULL,
  open INTEGER NOT NULL,
  wake_at INTEGER,
  started_at INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX executions_all ON executions (started_at, execution_id);
CREATE INDEX executions_status ON executions (status, started_at, execution_id);
CREATE INDEX executions_open ON executions (open, started_at, execution_id);
CREATE INDEX executions_flow ON executions (flow_id, started_at, execution_id);
CREATE INDEX executions_flow_status ON executions (flow_id, status, started_at, execution_id);
CREATE INDEX executions_flow_open ON executions (flow_id, open, started_at, execution_id);
CREATE INDEX executions_customer ON executions (customer_id, started_at, execution_id) WHERE customer_id IS NOT NULL;
CREATE INDEX executions_batch ON executions (batch_id, started_at, execution_id) WHERE batch_id IS NOT NULL;
CREATE INDEX executions_wake ON executions (wake_at, execution_id) WHERE open = 1 AND wake_at IS NOT NULL;

CREATE TABLE batches (
  batch_id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  status TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX batches_open ON batches (started_at, batch_id) WHERE status <> 'ended';

CREATE TABLE schedule_cursors (
  flow_id TEXT NOT NULL,
  trigger INTEGER NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (flow_id, trigger)
) STRICT, WITHOUT ROWID;

CREATE TABLE claims (
  key TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_expiry ON claims (expires_at);

CREATE TABLE audit (
  audit_id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  execution_id TEXT,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX audit_all ON audit (at, audit_id);
CREATE INDEX audit_execution ON audit (execution_id, at, audit_id) WHERE execution_id IS NOT NULL;
`;
