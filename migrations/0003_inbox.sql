-- SMS that people sent: each is kept once, before it is acknowledged.

PRAGMA user_version = 3;

-- key: keyed hash of the channel and their id; without an id, of who wrote
-- what when (work_sms.c): a repeat has the same. key_id: whose key number and
-- text are sealed under, a person's or (negative) a day's. said_at: by the
-- sender's clock; at: when it came.
CREATE TABLE inbox (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	person INTEGER REFERENCES person (id),
	centre INTEGER,
	key_id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	said_at INTEGER,
	key BLOB NOT NULL CHECK (length(key) = 16),
	channel TEXT NOT NULL CHECK (length(channel) BETWEEN 1 AND 40),
	provider_id TEXT CHECK (length(provider_id) BETWEEN 1 AND 200),
	sent_to TEXT CHECK (length(sent_to) BETWEEN 1 AND 40),
	part_ref TEXT CHECK (length(part_ref) BETWEEN 1 AND 40),
	part_number INTEGER CHECK (part_number BETWEEN 1 AND 255),
	part_of INTEGER CHECK (part_of BETWEEN 1 AND 255),
	state TEXT NOT NULL CHECK (state IN ('new', 'done')),
	phone BLOB CHECK (length(phone) BETWEEN 41 AND 256),
	text BLOB CHECK (length(text) BETWEEN 41 AND 65536)
) STRICT;
CREATE UNIQUE INDEX inbox_key ON inbox (key);
CREATE INDEX inbox_person ON inbox (person);
CREATE INDEX inbox_at ON inbox (at);
