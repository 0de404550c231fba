/** Every table of the sandbox. `ts` is Slack's, as text of fixed width, so that it sorts by time. */
export const schema = `
CREATE TABLE IF NOT EXISTS settings (
  name TEXT PRIMARY KEY, value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS members (
  id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT NOT NULL, title TEXT NOT NULL, timezone TEXT NOT NULL,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS channels (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, topic TEXT NOT NULL, member TEXT, position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS messages (
  channel TEXT NOT NULL, ts TEXT NOT NULL, thread_ts TEXT, user TEXT NOT NULL, text TEXT NOT NULL, blocks TEXT NOT NULL,
  metadata TEXT, edited TEXT, ephemeral_for TEXT, is_tombstone INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (channel, ts)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS messages_by_thread ON messages (channel, thread_ts, ts) WHERE thread_ts IS NOT NULL;

CREATE TABLE IF NOT EXISTS files (
  id TEXT PRIMARY KEY, upload_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, title TEXT NOT NULL DEFAULT '',
  alt_text TEXT NOT NULL, mimetype TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL, created_at INTEGER NOT NULL,
  ready_at INTEGER, content BLOB
) STRICT;

CREATE TABLE IF NOT EXISTS file_shares (
  channel TEXT NOT NULL, ts TEXT NOT NULL, position INTEGER NOT NULL, file TEXT NOT NULL,
  PRIMARY KEY (channel, ts, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS file_shares_by_file ON file_shares (file);

CREATE TABLE IF NOT EXISTS views (
  id TEXT PRIMARY KEY, user TEXT NOT NULL, kind TEXT NOT NULL, depth INTEGER NOT NULL, view TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS views_by_user ON views (user, kind, depth);

CREATE TABLE IF NOT EXISTS response_urls (
  id TEXT PRIMARY KEY, channel TEXT NOT NULL, user TEXT NOT NULL, message_ts TEXT, created_at INTEGER NOT NULL,
  uses INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS response_urls_by_age ON response_urls (created_at);

CREATE TABLE IF NOT EXISTS mails (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, sender TEXT NOT NULL, recipients TEXT NOT NULL, subject TEXT NOT NULL,
  html TEXT, text TEXT, headers TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS calendar_events (
  calendar TEXT NOT NULL, id TEXT NOT NULL, status TEXT NOT NULL, start_at INTEGER NOT NULL, end_at INTEGER NOT NULL,
  event TEXT NOT NULL,
  PRIMARY KEY (calendar, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS calendar_events_by_start ON calendar_events (start_at);
`;
