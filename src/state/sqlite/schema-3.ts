/** The third version: cases, what is open about a customer for a reason. `open`: everything but closed. */

export const thirdSchema = `
CREATE TABLE cases (
  case_id TEXT PRIMARY KEY,
  customer_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  open INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_opened ON cases (open, opened_at, case_id);
CREATE INDEX cases_customer ON cases (customer_id, opened_at, case_id);
`;
