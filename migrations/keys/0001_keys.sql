-- keys.db, first version: what opens the sealed columns of wasl.db, and who is
-- behind a number. Never part of an ordinary backup. Applied whole, in one
-- transaction, by the program.

PRAGMA application_id = 2003527033; -- "wkey"
PRAGMA user_version = 1;

-- id: a person's, or minus days since 1970.
CREATE TABLE key (
	id INTEGER PRIMARY KEY,
	wrapped BLOB NOT NULL CHECK (length(wrapped) = 73)
) STRICT;

-- id keeps the order of linking.
CREATE TABLE phone (
	id INTEGER PRIMARY KEY,
	number BLOB NOT NULL CHECK (length(number) = 16),
	person INTEGER NOT NULL,
	UNIQUE (number, person)
) STRICT;
CREATE INDEX phone_person ON phone (person);

-- Erased on purpose: a wasl.db that still has rows of theirs (an interrupted
-- erasure, an old backup put back) loses them at the next start.
CREATE TABLE erased (person INTEGER PRIMARY KEY) STRICT;

-- 'master', 'index': do the key files belong to this store? 'anchor': number
-- and hash of the audit record seen last.
CREATE TABLE mark (
	name TEXT PRIMARY KEY,
	value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
