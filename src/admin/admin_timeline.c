/* All that happened with a person, newest first. */
#include "admin/admin_int.h"

#include <stdlib.h>

struct moment {
	int64_t at;
	size_t nth; /* added: of two at one time the earlier stands above */
	json_t *row;
};

struct timeline {
	struct ask *c;
	struct store_reader *r;
	struct moment *moments;
	size_t n, room;
};

static json_t *
add_moment(struct timeline *t, int64_t at, const char *kind, struct str what)
{
	json_t *row = json_object();

	if (t->n == t->room) {
		t->room = t->room ? 2 * t->room : 64;
		t->moments = xrealloc(t->moments, t->room * sizeof(*t->moments));
	}
	t->moments[t->n] = (struct moment){at, t->n, row};
	t->n++;
	row_time(t->c, row, "at", at);
	row_words(row, "kind", kind);
	row_text(row, "what", what);
	return row;
}

static struct str
words_of(struct timeline *t, const struct str *v, size_t n)
{
	struct buf b;

	buf_init_arena(&b, t->c->scan);
	for (size_t i = 0; i < n; i++) {
		if (v[i].n > 0 && b.n > 0)
			buf_addc(&b, ' ');
		buf_add_str(&b, v[i]);
	}
	return buf_str(&b);
}

/* "job_ended": the word alone would not say what has ended. */
static struct str
job_word(struct timeline *t, struct str word)
{
	return word.n > 0 ? str_of(arena_printf(t->c->scan, "job_%.*s", STR_ARG(word))) : STR_NONE;
}

static int
on_checkin(void *ctx, const struct row_checkin *in)
{
	struct timeline *t = ctx;
	int64_t at = in->done_at ? in->done_at : in->opened_at ? in->opened_at : in->due_at;
	const struct str answers[] = {
		in->mood,     in->housing,   in->days_worked, job_word(t, in->job),
		in->job_mood, in->job_issue, in->end_reason,
	};

	json_t *row = add_moment(t, at, "check-in", words_of(t, answers, ARRAY_LEN(answers)));
	row_text(row, "state", in->status);
	row_bool(row, "verified", in->verified);
	arena_reset(t->c->scan);
	return 0;
}

/* A line for each answer: what was asked, and the word. */
static int
on_answer(void *ctx, const struct row_answer *in)
{
	struct timeline *t = ctx;
	const char *what =
		arena_printf(t->c->scan, "%.*s=%.*s", STR_ARG(in->question), STR_ARG(in->value));

	(void)add_moment(t, in->at, "answer", str_of(what));
	return 0;
}

static int
on_survey(void *ctx, const struct row_survey *in)
{
	struct timeline *t = ctx;
	int64_t at = in->done_at ? in->done_at : in->opened_at ? in->opened_at : in->due_at;

	json_t *row = add_moment(t, at, "survey", in->kind);
	row_text(row, "state", in->status);
	if (in->opened_at != 0)
		row_bool(row, "verified", in->verified);
	int rc = list_answers(t->r, in->id, t->c->scan, on_answer, t);
	arena_reset(t->c->scan);
	return rc;
}

static int
on_appointment(void *ctx, const struct row_appointment *in)
{
	struct timeline *t = ctx;

	json_t *row = add_moment(t, in->at ? in->at : in->set_at, "appointment", in->wish);
	row_text(row, "state", in->status);
	arena_reset(t->c->scan);
	return 0;
}

static int
on_placement(void *ctx, const struct row_placement *in)
{
	struct timeline *t = ctx;

	json_t *row = add_moment(t, in->start_at, "job", STR_NONE);
	row_words(row, "state", in->end_at ? "closed" : "open");
	if (in->end_at != 0)
		(void)add_moment(t, in->end_at, "job ended", in->end_reason);
	arena_reset(t->c->scan);
	return 0;
}

static int
on_need(void *ctx, const struct row_need *need)
{
	struct timeline *t = ctx;
	const struct seal_place place = {"need", "note", need->number, need->person};
	const struct str words[] = {need->category, need->urgency};
	const char *number = arena_printf(t->c->scan, "N-%lld", (long long)need->number);

	json_t *row = add_moment(t, need->opened_at, "need", words_of(t, words, ARRAY_LEN(words)));
	row_text(row, "state", need->status);
	row_words(row, "number", number);
	row_bool(row, "verified", need->verified);
	row_text(row, "note", open_value(t->c->a->o.store, &place, need->note, t->c->scan));
	if (need->closed_at != 0) {
		row = add_moment(t, need->closed_at, "need closed", need->status);
		row_words(row, "number", number);
	}
	arena_reset(t->c->scan);
	return 0;
}

static int
on_callback(void *ctx, const struct row_callback *cb)
{
	struct timeline *t = ctx;
	const struct str words[] = {cb->priority, cb->wish};
	const char *number = arena_printf(t->c->scan, "C-%lld", (long long)cb->number);

	json_t *row = add_moment(t, cb->asked_at, "call-back asked",
				 words_of(t, words, ARRAY_LEN(words)));
	row_words(row, "number", number);
	if (cb->outcome.n > 0) {
		row = add_moment(t, cb->closed_at, "call-back", cb->outcome);
		row_words(row, "number", number);
	}
	arena_reset(t->c->scan);
	return 0;
}

static int
on_flag(void *ctx, const struct row_flag *flag)
{
	struct timeline *t = ctx;

	json_t *row = add_moment(t, flag->at, "mark", flag->kind);
	if (flag->about != 0)
		row_words(row, "number",
			  arena_printf(t->c->scan, "N-%lld", (long long)flag->about));
	row_words(row, "state", flag->closed_at ? "closed" : "open");
	arena_reset(t->c->scan);
	return 0;
}

static int
on_consent(void *ctx, const struct row_consent *consent)
{
	struct timeline *t = ctx;

	(void)add_moment(t, consent->at, "consent", consent->kind);
	arena_reset(t->c->scan);
	return 0;
}

static int
on_message(void *ctx, const struct row_outbox *message)
{
	struct timeline *t = ctx;
	int64_t at = message->claimed_at ? message->claimed_at : message->created_at;

	json_t *row = add_moment(t, at, "sms out", message->template_id);
	row_text(row, "state", message->state);
	arena_reset(t->c->scan);
	return 0;
}

static int
newest_first(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;

	if (x->at != y->at)
		return x->at > y->at ? -1 : 1;
	return x->nth < y->nth ? -1 : x->nth > y->nth;
}

/* The newest thousand of each kind; somebody's whole time with us is far less. */
static int
read_moments(struct timeline *t)
{
	struct filter f = {.person = t->c->person.id, .newest_first = true};
	struct store_reader *r = t->r;
	struct arena *a = t->c->scan;

	int rc = list_checkins(r, &f, a, on_checkin, t);
	if (rc == W_OK)
		rc = list_surveys(r, &f, a, on_survey, t);
	if (rc == W_OK)
		rc = list_appointments(r, &f, a, on_appointment, t);
	if (rc == W_OK)
		rc = list_placements(r, f.person, a, on_placement, t);
	if (rc == W_OK)
		rc = list_needs(r, &f, a, on_need, t);
	if (rc == W_OK)
		rc = list_callbacks(r, &f, a, on_callback, t);
	if (rc == W_OK)
		rc = list_flags(r, &f, a, on_flag, t);
	if (rc == W_OK)
		rc = list_consents(r, &f, a, on_consent, t);
	if (rc == W_OK)
		rc = list_outbox(r, &f, a, on_message, t);
	return rc;
}

static bool
moment_is_wanted(const struct ask *c, int64_t at)
{
	int64_t since = arg_number(c, "since"), until = arg_number(c, "until");

	return (since == 0 || at >= since) && (until == 0 || at < until);
}

static void
read_timeline(struct store_reader *r, struct ask *c)
{
	struct timeline t = {.c = c, .r = r};
	int rc = read_moments(&t);
	struct row_person still; /* erased since? then nothing of them is shown */

	if (rc == W_OK)
		rc = read_person(r, c->person.id, c->scan, &still);
	(void)add_moment(&t, c->person.at, "start", STR_NONE);
	qsort(t.moments, t.n, sizeof(*t.moments), newest_first);
	bool full = false;
	for (size_t i = 0; i < t.n; i++) {
		if (rc != W_OK || full || !moment_is_wanted(c, t.moments[i].at))
			json_decref(t.moments[i].row);
		else
			page_add(c, c->person.ref, t.moments[i].row);
		full = c->page.rows >= ADMIN_PAGE_ROWS || (c->limit && c->page.rows >= c->limit);
	}
	free(t.moments);
	page_listed(c, rc);
	c->page.more = false;
	if (full)
		c->end_text = "there may be older ones: say --until";
}

void
verb_person_timeline(struct ask *c)
{
	if (find_person(c, "person"))
		ask_read(c, read_timeline);
}
