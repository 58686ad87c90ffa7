#include "store/store_int.h"

#include "base/log.h"

static const struct {
	const char *name; /* in the table counter */
	int64_t first;
} counters[NEXT_COUNTERS] = {
	[NEXT_PERSON] = {"person", 1},
	[NEXT_LINK] = {"link", 1},
	[NEXT_SESSION] = {"session", 1},
	[NEXT_CHECKIN] = {"checkin", 1},
	[NEXT_NEED] = {"need", 2001},
	[NEXT_CALLBACK] = {"callback", 3001},
	[NEXT_FLAG] = {"flag", 1},
	[NEXT_DUE] = {"due", 1},
	[NEXT_OUTBOX] = {"outbox", 1},
	[NEXT_CODE] = {"code", 1},
	[NEXT_CONSENT] = {"consent", 1},
	[NEXT_STAFF] = {"staff", 1},
	[NEXT_CENTRE] = {"centre", 1},
	[NEXT_SURVEY] = {"survey", 1},
	[NEXT_APPOINTMENT] = {"appointment", 1},
	[NEXT_PROJECT] = {"project", 1},
	[NEXT_PLACEMENT] = {"placement", 1},
	[NEXT_INBOX] = {"inbox", 1},
};

static void
counter_raise(struct store *s, struct str name, int64_t highest)
{
	for (int c = 0; c < NEXT_COUNTERS; c++)
		if (str_is(name, counters[c].name) && highest >= s->next[c])
			s->next[c] = highest + 1;
}

int
counters_load(struct store *s, struct db *wasl)
{
	struct arena *a = arena_new(0);
	struct rows rows = rows_open(wasl, SQL_COUNTERS_ALL, NO_VALUES);

	for (int c = 0; c < NEXT_COUNTERS; c++)
		s->next[c] = counters[c].first;
	while (rows_next(&rows)) {
		struct columns columns = rows_columns(&rows, a);
		struct str name = take_text(&columns);

		counter_raise(s, name, take_int(&columns));
	}
	arena_free(a);
	return rows_close(&rows, 0);
}

int64_t
store_next(struct store *s, enum store_counter c)
{
	CHECK_ON_LOOP();
	CHECK(c < NEXT_COUNTERS);
	return s->next[c]++;
}
