/** Sessions with the site, and how pages looked that brought no figures. */
export const SESSIONS_SCHEMA = `
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  began_at TEXT NOT NULL,
  began_by TEXT NOT NULL CHECK (began_by IN ('login', 'scrape')),
  last_good_at TEXT,
  expires_at TEXT,
  ended_at TEXT,
  ended_by TEXT CHECK (ended_by IN ('logged_out', 'new_login', 'other_account')),
  account TEXT,
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX sessions_current ON sessions((1)) WHERE ended_at IS NULL;

CREATE TABLE failed_pages (
  capture_id INTEGER PRIMARY KEY REFERENCES captures(id) ON DELETE CASCADE,
  screenshot BLOB,
  html BLOB
) STRICT;
`;
