/* A database's rows as one number: the sum of a hash of each (after FNV-1a), in any order. */
#include "fault/fault_play.h"

/* Every table of wasl.db, and the column that says whose row it is; NULL: nobody's. */
static const struct {
	const char *sql;
	bool counts; /* the counters' floors change with an erasure */
} tables[] = {
	{"SELECT 'setting', 0, * FROM setting", false},
	{"SELECT 'counter', 0, * FROM counter", true},
	{"SELECT 'probe', 0, * FROM probe", false},
	{"SELECT 'centre', 0, * FROM centre", false},
	{"SELECT 'staff', 0, * FROM staff", false},
	{"SELECT 'person', id, * FROM person", false},
	{"SELECT 'caseload', person, * FROM caseload", false},
	{"SELECT 'link', person, * FROM phone_link", false},
	{"SELECT 'guard', 0, * FROM guard", false},
	{"SELECT 'code', person, * FROM enrol_code", false},
	{"SELECT 'consent', person, * FROM consent", false},
	{"SELECT 'schedule', person, * FROM schedule", false},
	{"SELECT 'checkin', person, * FROM checkin", false},
	{"SELECT 'survey', person, * FROM survey_run", false},
	{"SELECT 'answer', (SELECT person FROM survey_run WHERE survey_run.id = answer.run), * "
	 "FROM answer",
	 false},
	{"SELECT 'appointment', person, * FROM appointment", false},
	{"SELECT 'project', person, * FROM life_project", false},
	{"SELECT 'placement', person, * FROM job_placement", false},
	{"SELECT 'need', person, * FROM need", false},
	{"SELECT 'callback', person, * FROM callback", false},
	{"SELECT 'flag', person, * FROM flag", false},
	{"SELECT 'session', person, * FROM session", false},
	{"SELECT 'turn', (SELECT person FROM session WHERE session.id = turn.id / 256), * FROM turn",
	 false},
	{"SELECT 'due', person, * FROM due", false},
	{"SELECT 'outbox', person, * FROM outbox", false},
	{"SELECT 'audit', 0, * FROM audit", false},
};

static uint64_t
hash_bytes(uint64_t h, const void *p, size_t n)
{
	const uint8_t *b = p;

	for (; n >= sizeof(uint64_t); b += sizeof(uint64_t), n -= sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, b, sizeof(word));
		h = (h ^ word) * 0x100000001b3u;
		h ^= h >> 32;
	}
	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * 0x100000001b3u;
	return h;
}

static uint64_t
hash_row(sqlite3_stmt *st)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (int i = 0; i < sqlite3_column_count(st); i++) {
		int type = sqlite3_column_type(st, i);
		const void *p = sqlite3_column_blob(st, i);
		int n = sqlite3_column_bytes(st, i);

		h = hash_bytes(h, &type, sizeof(type));
		h = hash_bytes(h, &n, sizeof(n));
		h = hash_bytes(h, p, (size_t)n);
	}
	return h;
}

static bool
is_among(int64_t person, const int64_t *gone, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (gone[i] == person)
			return true;
	return false;
}

static int
sum_table(sqlite3 *db, size_t table, const int64_t *gone, size_t n, struct sums *out)
{
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(db, tables[table].sql, -1, &st, NULL);

	while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		int64_t person = sqlite3_column_int64(st, 1);
		uint64_t h = hash_row(st);
		bool theirs = person != 0 && is_among(person, gone, n);

		out->all += h;
		out->theirs += theirs;
		if (!theirs && !tables[table].counts)
			out->without += h;
		rc = SQLITE_OK;
	}
	sqlite3_finalize(st);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int
sums_of(sqlite3 *wasl, const int64_t *gone, size_t n, struct sums *out)
{
	int rc = SQLITE_OK;

	*out = (struct sums){0};
	for (size_t i = 0; rc == SQLITE_OK && i < ARRAY_LEN(tables); i++)
		rc = sum_table(wasl, i, gone, n, out);
	return rc;
}
