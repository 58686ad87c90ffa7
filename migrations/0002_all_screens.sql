-- What the pages about projects, jobs and appointments write. Answers are codes
-- in clear, like those of the weekly check-in.

PRAGMA user_version = 2;

ALTER TABLE checkin ADD COLUMN job TEXT CHECK (job = 'same' OR job = 'changed' OR job = 'ended');
ALTER TABLE checkin ADD COLUMN job_mood TEXT
	CHECK (job_mood = 'ok' OR job_mood = 'small_issue' OR job_mood = 'big_issue');
ALTER TABLE checkin ADD COLUMN job_issue TEXT
		CHECK (job_issue = 'pay' OR job_issue = 'time_distance' OR
			job_issue = 'relations' OR job_issue = 'contract' OR job_issue = 'health' OR
			job_issue = 'other');
ALTER TABLE checkin ADD COLUMN end_reason TEXT
		CHECK (end_reason = 'contract_end' OR end_reason = 'own' OR
			end_reason = 'employer' OR end_reason = 'health_family' OR
			end_reason = 'other');

-- A round of questions about a project or a job: the surveys after the
-- hand-over (m1 m3 m6 m12), the month's, and those a person begins alone.
CREATE TABLE survey_run (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	person INTEGER NOT NULL REFERENCES person (id),
	centre INTEGER,
	due_at INTEGER NOT NULL,
	opened_at INTEGER,
	done_at INTEGER,
	kind TEXT NOT NULL
		CHECK (kind = 'm1' OR kind = 'm3' OR kind = 'm6' OR kind = 'm12' OR
			kind = 'monthly' OR kind = 'job'),
	status TEXT NOT NULL
		CHECK (status = 'due' OR status = 'partial' OR status = 'done' OR
			status = 'missed' OR status = 'excused'),
	channel TEXT CHECK (channel = 'ussd' OR channel = 'sms' OR channel = 'staff'),
	menu_version TEXT CHECK (length(menu_version) <= 64),
	verified INTEGER NOT NULL CHECK (verified IN (0, 1))
) STRICT;
CREATE INDEX survey_run_person ON survey_run (person, due_at);
CREATE INDEX survey_run_centre ON survey_run (centre);

-- menu_version: of the files whose question this value answers; a run may be
-- begun with one version and ended with the next.
CREATE TABLE answer (
	run INTEGER NOT NULL REFERENCES survey_run (id),
	question TEXT NOT NULL
		CHECK (length(question) BETWEEN 1 AND 40 AND question NOT GLOB '*[^a-z0-9_]*'),
	value TEXT NOT NULL CHECK (length(value) BETWEEN 1 AND 40),
	at INTEGER NOT NULL,
	menu_version TEXT CHECK (length(menu_version) <= 64),
	PRIMARY KEY (run, question)
) STRICT, WITHOUT ROWID;

-- at NULL: wished for, no hour yet. place is the centre's neutral name.
CREATE TABLE appointment (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	person INTEGER NOT NULL REFERENCES person (id),
	centre INTEGER,
	set_at INTEGER NOT NULL,
	at INTEGER,
	answered_at INTEGER,
	with_staff INTEGER REFERENCES staff (id),
	place TEXT CHECK (length(place) BETWEEN 1 AND 40),
	status TEXT NOT NULL
		CHECK (status = 'planned' OR status = 'confirmed' OR status = 'move_requested' OR
			status = 'declined' OR status = 'kept' OR status = 'missed' OR
			status = 'cancelled'),
	wish TEXT
		CHECK (wish = 'morning' OR wish = 'afternoon' OR wish = 'other_week' OR
			wish = 'call'),
	CHECK (at IS NOT NULL OR status IN ('move_requested', 'cancelled'))
) STRICT;
CREATE INDEX appointment_person ON appointment (person, at);
CREATE INDEX appointment_centre ON appointment (centre);
CREATE INDEX appointment_open ON appointment (centre)
	WHERE status IN ('planned', 'confirmed', 'move_requested');

CREATE TABLE life_project (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	person INTEGER NOT NULL REFERENCES person (id),
	opened_at INTEGER NOT NULL,
	closed_at INTEGER,
	sector TEXT
		CHECK (sector = 'catering' OR sector = 'trades' OR sector = 'services' OR
			sector = 'agriculture' OR sector = 'commerce' OR sector = 'handicraft' OR
			sector = 'other'),
	stage TEXT NOT NULL
		CHECK (stage = 'diagnosis' OR stage = 'preparation' OR stage = 'qualification' OR
			stage = 'file_ready' OR stage = 'approved' OR
			stage = 'funding_or_equipment' OR stage = 'started' OR
			stage = 'follow_up' OR stage = 'closed'),
	stage_at INTEGER NOT NULL,
	handover_at INTEGER,
	equipment TEXT
		CHECK (equipment = 'ok' OR equipment = 'broken' OR equipment = 'lost_stolen' OR
			equipment = 'unused'),
	equipment_at INTEGER,
	equipment_source TEXT
		CHECK (equipment_source = 'ussd' OR equipment_source = 'visit' OR
			equipment_source = 'staff')
) STRICT;
CREATE INDEX life_project_person ON life_project (person);
CREATE UNIQUE INDEX life_project_now ON life_project (person) WHERE closed_at IS NULL;

CREATE TABLE job_placement (
	id INTEGER PRIMARY KEY CHECK (id > 0),
	person INTEGER NOT NULL REFERENCES person (id),
	start_at INTEGER NOT NULL,
	end_at INTEGER,
	end_reason TEXT
		CHECK (end_reason = 'contract_end' OR end_reason = 'own' OR
			end_reason = 'employer' OR end_reason = 'health_family' OR
			end_reason = 'other' OR end_reason = 'changed'),
	source TEXT NOT NULL CHECK (source IN ('ussd', 'staff'))
) STRICT;
CREATE INDEX job_placement_person ON job_placement (person);
CREATE UNIQUE INDEX job_placement_now ON job_placement (person) WHERE end_at IS NULL;
