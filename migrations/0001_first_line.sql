-- wasl.db, first version. Applied whole, in one transaction, by the program.
-- Numbers, names, PINs and typed text are sealed blobs of at least 41 bytes
-- (version, nonce, tag); 0 and the empty text of the program are NULL here
-- wherever a column may be NULL. Times are seconds since 1970, UTC.
-- Lists of three words and more are spelled with OR: for IN, SQLite builds a
-- table in memory each time a row is written.

PRAGMA application_id = 2002875244; -- "wasl"
PRAGMA user_version = 1;

CREATE TABLE setting (
	name TEXT PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 40),
	value TEXT NOT NULL CHECK (length(value) <= 1000)
) STRICT, WITHOUT ROWID;

-- Row numbers given out up to here, when the rows themselves were erased.
CREATE TABLE counter (
	name TEXT PRIMARY KEY,
	floor INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Rows are written and rolled back here to see whether the disk has room again.
CREATE TABLE probe (bytes BLOB NOT NULL) STRICT;

CREATE TABLE centre (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	code TEXT NOT NULL UNIQUE CHECK (length(code) BETWEEN 1 AND 12)
) STRICT;

CREATE TABLE staff (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	centre INTEGER REFERENCES centre (id),
	uid INTEGER NOT NULL,
	at INTEGER NOT NULL,
	login TEXT NOT NULL UNIQUE CHECK (length(login) BETWEEN 1 AND 64),
	name TEXT NOT NULL CHECK (length(name) <= 100),
	roles INTEGER NOT NULL CHECK (roles BETWEEN 0 AND 31),
	active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX staff_uid ON staff (uid) WHERE active = 1;

CREATE TABLE person (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	centre INTEGER NOT NULL REFERENCES centre (id),
	at INTEGER NOT NULL,
	by_staff INTEGER REFERENCES staff (id),
	ref TEXT NOT NULL UNIQUE CHECK (length(ref) BETWEEN 1 AND 16),
	lang TEXT CHECK (length(lang) <= 12 AND lang NOT GLOB '*[^A-Za-z0-9-]*'),
	path TEXT NOT NULL CHECK (path = 'job' OR path = 'micro_project' OR path = 'undecided'),
	status TEXT NOT NULL
		CHECK (status = 'active' OR status = 'paused' OR status = 'left' OR
			status = 'closed' OR status = 'deceased'),
	status_at INTEGER NOT NULL,
	name_ar BLOB CHECK (length(name_ar) BETWEEN 41 AND 1024),
	name_la BLOB CHECK (length(name_la) BETWEEN 41 AND 1024),
	discreet INTEGER NOT NULL CHECK (discreet IN (0, 1))
) STRICT;
CREATE INDEX person_centre ON person (centre);

CREATE TABLE caseload (
	id INTEGER PRIMARY KEY,
	person INTEGER NOT NULL REFERENCES person (id),
	staff INTEGER NOT NULL REFERENCES staff (id),
	from_at INTEGER NOT NULL,
	to_at INTEGER,
	reason TEXT NOT NULL CHECK (length(reason) <= 200)
) STRICT;
CREATE INDEX caseload_person ON caseload (person);
CREATE UNIQUE INDEX caseload_now ON caseload (person) WHERE to_at IS NULL;
CREATE INDEX caseload_staff ON caseload (staff, person) WHERE to_at IS NULL;

CREATE TABLE phone_link (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	person INTEGER NOT NULL REFERENCES person (id),
	from_at INTEGER NOT NULL,
	to_at INTEGER,
	phone BLOB CHECK (length(phone) BETWEEN 41 AND 256),
	sharing TEXT NOT NULL CHECK (sharing = 'own' OR sharing = 'shared' OR sharing = 'unknown'),
	status TEXT NOT NULL
		CHECK (status = 'pending' OR status = 'active' OR status = 'wrong_person' OR
			status = 'unreachable' OR status = 'replaced'),
	pin BLOB CHECK (length(pin) BETWEEN 41 AND 1024),
	CHECK (status <> 'active' OR phone IS NOT NULL)
) STRICT;
CREATE INDEX phone_link_person ON phone_link (person);
CREATE UNIQUE INDEX phone_link_active ON phone_link (person) WHERE status = 'active';

CREATE TABLE guard (
	number BLOB PRIMARY KEY CHECK (length(number) = 16),
	pin_wrong INTEGER NOT NULL,
	pin_total INTEGER NOT NULL,
	pin_locked_until INTEGER NOT NULL,
	code_wrong INTEGER NOT NULL,
	code_day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE enrol_code (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	person INTEGER NOT NULL REFERENCES person (id),
	link INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	used_at INTEGER,
	code BLOB NOT NULL CHECK (length(code) = 16),
	expected BLOB CHECK (length(expected) = 16)
) STRICT;
CREATE INDEX enrol_code_person ON enrol_code (person);
CREATE UNIQUE INDEX enrol_code_open ON enrol_code (code) WHERE used_at IS NULL;
CREATE INDEX enrol_code_code ON enrol_code (code);

CREATE TABLE consent (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	person INTEGER NOT NULL REFERENCES person (id),
	centre INTEGER,
	at INTEGER NOT NULL,
	by_staff INTEGER REFERENCES staff (id),
	kind TEXT NOT NULL
		CHECK (kind = 'asked' OR kind = 'given' OR kind = 'refused' OR kind = 'later' OR
			kind = 'paused' OR kind = 'sms_stopped' OR kind = 'resumed' OR
			kind = 'withdrawn'),
	version TEXT NOT NULL CHECK (length(version) <= 100),
	lang TEXT CHECK (length(lang) <= 12),
	channel TEXT CHECK (length(channel) <= 40)
) STRICT;
CREATE INDEX consent_person ON consent (person);
CREATE INDEX consent_centre ON consent (centre);
CREATE TRIGGER consent_is_kept BEFORE UPDATE ON consent
BEGIN SELECT raise(ABORT, 'consent rows are only added'); END;

CREATE TABLE schedule (
	person INTEGER NOT NULL REFERENCES person (id),
	kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40 AND kind NOT GLOB '*[^a-z0-9_]*'),
	weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),
	minute INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 1439),
	active INTEGER NOT NULL CHECK (active IN (0, 1)),
	next_at INTEGER,
	PRIMARY KEY (person, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX schedule_next ON schedule (next_at) WHERE active = 1 AND next_at IS NOT NULL;

CREATE TABLE checkin (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	person INTEGER NOT NULL REFERENCES person (id),
	centre INTEGER,
	due_at INTEGER NOT NULL,
	opened_at INTEGER,
	done_at INTEGER,
	week INTEGER NOT NULL,
	status TEXT NOT NULL
		CHECK (status = 'due' OR status = 'partial' OR status = 'done' OR
			status = 'missed1' OR status = 'missed2' OR status = 'excused'),
	channel TEXT CHECK (channel = 'ussd' OR channel = 'sms' OR channel = 'staff'),
	mood TEXT CHECK (mood = 'good' OR mood = 'so_so' OR mood = 'need_help'),
	housing TEXT CHECK (housing = 'stable' OR housing = 'fragile' OR housing = 'none'),
	days_worked TEXT
		CHECK (days_worked = '0' OR days_worked = '1_2' OR days_worked = '3_5' OR
			days_worked = '6_7'),
	menu_version TEXT CHECK (length(menu_version) <= 64),
	verified INTEGER NOT NULL CHECK (verified IN (0, 1))
) STRICT;
CREATE INDEX checkin_person ON checkin (person, week);
CREATE INDEX checkin_centre ON checkin (centre);

CREATE TABLE need (
	number INTEGER PRIMARY KEY CHECK (number > 0),
	person INTEGER NOT NULL REFERENCES person (id),
	centre INTEGER,
	opened_at INTEGER NOT NULL,
	due_at INTEGER,
	closed_at INTEGER,
	duplicate_of INTEGER,
	owner INTEGER REFERENCES staff (id),
	category TEXT NOT NULL
		CHECK (category = 'housing' OR category = 'work' OR category = 'papers' OR
			category = 'health' OR category = 'training' OR category = 'family' OR
			category = 'legal' OR category = 'equipment' OR category = 'money' OR
			category = 'other'),
	urgency TEXT NOT NULL CHECK (urgency = 'today' OR urgency = 'week' OR urgency = 'can_wait'),
	status TEXT NOT NULL
		CHECK (status = 'open' OR status = 'acknowledged' OR status = 'in_progress' OR
			status = 'referred' OR status = 'resolved' OR
			status = 'resolved_by_beneficiary' OR status = 'not_possible' OR
			status = 'duplicate'),
	source TEXT NOT NULL
		CHECK (source = 'ussd' OR source = 'sms' OR source = 'staff' OR source = 'system'),
	note BLOB CHECK (length(note) BETWEEN 41 AND 8192),
	verified INTEGER NOT NULL CHECK (verified IN (0, 1))
) STRICT;
CREATE INDEX need_person ON need (person);
CREATE INDEX need_centre ON need (centre);
CREATE INDEX need_open ON need (centre)
	WHERE status IN ('open', 'acknowledged', 'in_progress', 'referred');

-- key_id: whose key the number is sealed under, a person's or (negative) a day's.
CREATE TABLE callback (
	number INTEGER PRIMARY KEY CHECK (number > 0),
	person INTEGER REFERENCES person (id),
	centre INTEGER,
	key_id INTEGER NOT NULL,
	asked_at INTEGER NOT NULL,
	due_at INTEGER NOT NULL,
	closed_at INTEGER,
	tries INTEGER NOT NULL CHECK (tries >= 0),
	phone BLOB CHECK (length(phone) BETWEEN 41 AND 256),
	wish TEXT
		CHECK (wish = 'morning' OR wish = 'afternoon' OR wish = 'any' OR wish = 'today' OR
			wish = 'week'),
	priority TEXT NOT NULL
		CHECK (priority = 'crisis' OR priority = 'need_help' OR priority = 'normal'),
	outcome TEXT
		CHECK (outcome = 'reached' OR outcome = 'no_answer' OR outcome = 'wrong_person' OR
			outcome = 'refused'),
	closed_by INTEGER REFERENCES staff (id)
) STRICT;
CREATE INDEX callback_person ON callback (person);
CREATE INDEX callback_centre ON callback (centre);
CREATE INDEX callback_open ON callback (centre) WHERE outcome IS NULL;

CREATE TABLE flag (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	person INTEGER NOT NULL REFERENCES person (id),
	centre INTEGER,
	at INTEGER NOT NULL,
	closed_at INTEGER,
	kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40 AND kind NOT GLOB '*[^a-z0-9_]*'),
	about INTEGER
) STRICT;
CREATE INDEX flag_person ON flag (person);
CREATE INDEX flag_centre ON flag (centre);
CREATE INDEX flag_open ON flag (centre) WHERE closed_at IS NULL;

-- key_id: whose key its turns are sealed under, a person's or (negative) a day's.
CREATE TABLE session (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	person INTEGER REFERENCES person (id),
	key_id INTEGER NOT NULL,
	begin_at INTEGER NOT NULL,
	end_at INTEGER,
	key BLOB NOT NULL CHECK (length(key) = 16),
	number BLOB NOT NULL CHECK (length(number) = 16),
	channel TEXT NOT NULL CHECK (length(channel) BETWEEN 1 AND 40),
	menu_version TEXT CHECK (length(menu_version) <= 64),
	phone BLOB CHECK (length(phone) BETWEEN 41 AND 256),
	end_why TEXT
		CHECK (end_why = 'end' OR end_why = 'drop' OR end_why = 'timeout' OR
			end_why = 'abort' OR end_why = 'replaced')
) STRICT;
CREATE INDEX session_person ON session (person);

-- id = session * 256 + turn. Written in order, never changed, no other index:
-- this is the row a reply waits for.
CREATE TABLE turn (
	id INTEGER PRIMARY KEY CHECK (id > 255),
	at INTEGER NOT NULL,
	consumed INTEGER NOT NULL CHECK (consumed >= 0),
	path BLOB NOT NULL CHECK (length(path) = 16),
	go_on INTEGER NOT NULL CHECK (go_on IN (0, 1)),
	input BLOB CHECK (length(input) BETWEEN 41 AND 65536),
	reply BLOB CHECK (length(reply) BETWEEN 41 AND 65536),
	state BLOB CHECK (length(state) BETWEEN 41 AND 65536)
) STRICT;
CREATE TRIGGER turn_is_kept BEFORE UPDATE ON turn
BEGIN SELECT raise(ABORT, 'turns are only added'); END;

CREATE TABLE due (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	person INTEGER NOT NULL REFERENCES person (id),
	due_at INTEGER NOT NULL,
	expires_at INTEGER,
	cause_at INTEGER,
	rule TEXT NOT NULL CHECK (length(rule) BETWEEN 1 AND 64),
	occurrence TEXT NOT NULL CHECK (length(occurrence) <= 64),
	state TEXT NOT NULL
		CHECK (state = 'waiting' OR state = 'sent' OR state = 'skipped' OR
			state = 'expired' OR state = 'held'),
	why TEXT CHECK (length(why) <= 64),
	about INTEGER
) STRICT;
CREATE INDEX due_person ON due (person);
CREATE INDEX due_waiting ON due (due_at) WHERE state = 'waiting';

CREATE TABLE outbox (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	person INTEGER REFERENCES person (id),
	centre INTEGER,
	created_at INTEGER NOT NULL,
	send_after INTEGER NOT NULL,
	expires_at INTEGER,
	claimed_at INTEGER,
	settled_at INTEGER,
	reported_at INTEGER,
	rule TEXT NOT NULL CHECK (length(rule) BETWEEN 1 AND 64),
	occurrence TEXT NOT NULL CHECK (length(occurrence) <= 64),
	channel TEXT CHECK (length(channel) <= 40),
	template_id TEXT CHECK (length(template_id) <= 40),
	lang TEXT CHECK (length(lang) <= 12),
	coding TEXT CHECK (coding IN ('GSM7', 'UCS2')),
	parts INTEGER NOT NULL CHECK (parts BETWEEN 0 AND 255),
	tries INTEGER NOT NULL CHECK (tries >= 0),
	state TEXT NOT NULL
		CHECK (state = 'held' OR state = 'queued' OR state = 'claimed' OR
			state = 'accepted' OR state = 'rejected' OR state = 'uncertain' OR
			state = 'delivered' OR state = 'failed' OR state = 'expired' OR
			state = 'suppressed' OR state = 'cancelled'),
	ref TEXT CHECK (length(ref) BETWEEN 8 AND 64),
	phone BLOB CHECK (length(phone) BETWEEN 41 AND 256),
	text BLOB CHECK (length(text) BETWEEN 41 AND 8192),
	provider_id TEXT CHECK (length(provider_id) <= 200),
	word TEXT CHECK (length(word) <= 100)
) STRICT;
CREATE UNIQUE INDEX outbox_person ON outbox (person, rule, occurrence);
-- NULLs are all different to the index above: messages to staff.
CREATE UNIQUE INDEX outbox_staff ON outbox (rule, occurrence) WHERE person IS NULL;
CREATE INDEX outbox_centre ON outbox (centre);
CREATE INDEX outbox_state ON outbox (state, send_after);
CREATE UNIQUE INDEX outbox_ref ON outbox (ref) WHERE ref IS NOT NULL;
CREATE INDEX outbox_provider ON outbox (provider_id) WHERE provider_id IS NOT NULL;

-- chain: keyed hash over the record and the one before (store_audit.c). No
-- references: the record outlives the person.
CREATE TABLE audit (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	at INTEGER NOT NULL,
	staff INTEGER,
	person INTEGER,
	role TEXT NOT NULL CHECK (length(role) <= 40),
	verb TEXT NOT NULL CHECK (length(verb) BETWEEN 1 AND 64),
	why TEXT NOT NULL CHECK (length(why) <= 400),
	ids TEXT NOT NULL CHECK (length(ids) <= 32768),
	result TEXT NOT NULL CHECK (result = 'shown' OR result = 'changed' OR result = 'denied'),
	chain BLOB NOT NULL CHECK (length(chain) = 32)
) STRICT;
CREATE INDEX audit_person ON audit (person) WHERE person IS NOT NULL;
CREATE INDEX audit_staff ON audit (staff) WHERE staff IS NOT NULL;
CREATE TRIGGER audit_is_kept BEFORE UPDATE ON audit
BEGIN SELECT raise(ABORT, 'the audit is only added to'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN SELECT raise(ABORT, 'the audit is only added to'); END;
