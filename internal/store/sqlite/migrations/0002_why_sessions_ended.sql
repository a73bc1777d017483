-- Sessions that somebody ended stay until they would have ended by themselves,
-- so that whoever comes back with one can be told why it is no longer good.
ALTER TABLE sessions ADD COLUMN ended TEXT NOT NULL DEFAULT ''
  CHECK (ended IN ('', 'elsewhere', 'password', 'reset', 'role', 'disabled'));
