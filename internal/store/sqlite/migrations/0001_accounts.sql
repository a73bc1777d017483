-- Times are microseconds since 1970 in UTC; 0 means never.

CREATE TABLE accounts (
  id          TEXT    NOT NULL PRIMARY KEY,
  name        TEXT    NOT NULL,
  key         TEXT    NOT NULL UNIQUE,
  role        TEXT    NOT NULL CHECK (role IN ('viewer', 'user', 'admin', 'service')),
  password    TEXT    NOT NULL,
  must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
  disabled    INTEGER NOT NULL CHECK (disabled IN (0, 1)),
  created     INTEGER NOT NULL,
  signed_in   INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
  id        TEXT    NOT NULL PRIMARY KEY,
  account   TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  hash      BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
  created   INTEGER NOT NULL,
  used      INTEGER NOT NULL,
  confirmed INTEGER NOT NULL,
  address   TEXT    NOT NULL,
  client    TEXT    NOT NULL,
  local     INTEGER NOT NULL CHECK (local IN (0, 1))
) STRICT;
CREATE INDEX sessions_by_account ON sessions (account, used);

CREATE TABLE tokens (
  id         TEXT    NOT NULL PRIMARY KEY,
  kind       TEXT    NOT NULL CHECK (kind IN ('service', 'caller')),
  account    TEXT    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  label      TEXT    NOT NULL,
  only_these TEXT    NOT NULL CHECK (json_valid(only_these)),
  hash       BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
  created    INTEGER NOT NULL,
  expires    INTEGER NOT NULL,
  used       INTEGER NOT NULL
) STRICT;
CREATE INDEX tokens_by_account ON tokens (account, created);

CREATE TABLE throttles (
  key     TEXT    NOT NULL PRIMARY KEY,
  recent  TEXT    NOT NULL CHECK (json_valid(recent)),
  level   INTEGER NOT NULL,
  until   INTEGER NOT NULL,
  changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX throttles_by_change ON throttles (changed);

-- A grant is to an account, whose id stands in both columns, or to a role.
CREATE TABLE grants (
  subject TEXT    NOT NULL,
  key     TEXT    NOT NULL,
  folder  TEXT    NOT NULL,
  rights  INTEGER NOT NULL CHECK (rights BETWEEN 0 AND 31),
  account TEXT    REFERENCES accounts (id) ON DELETE CASCADE,
  PRIMARY KEY (subject, key),
  CHECK ((account IS NULL) = (subject LIKE 'role:%')),
  CHECK (account IS NULL OR account = subject)
) STRICT;
CREATE INDEX grants_by_folder ON grants (key);
CREATE INDEX grants_by_account ON grants (account);
