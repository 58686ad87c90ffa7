/*
 * One person: what stands about them, all that happened, and finding them.
 */
#include "admin/admin_int.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const day_words[] = {"sunday",   "monday", "tuesday", "wednesday",
					"thursday", "friday", "saturday"};

void
verb_person_find(struct ask *c)
{
	struct found found;

	if (find_persons(c, arg_text(c, "text"), &found) != W_OK) {
		ask_end(c, ADMIN_AWAY, "the names are still being read; try again, or use the ref");
		return;
	}
	if (found.n == 0) {
		ask_none(c);
		return;
	}
	for (size_t i = 0; i < found.n; i++) {
		struct store_reader *r = store_loop_reader(c->a->o.store);
		struct row_person p;

		if (read_person(r, found.persons[i], c->scan, &p) == W_OK && scope_reaches(c, &p))
			find_add_row(c, r, found.persons[i]);
	}
	c->person.id = found.n == 1 ? found.persons[0] : 0;
	if (found.cut)
		c->end_text = "more people fit; type more of the name";
	ask_show(c);
}

/* ---- Show ---- */

static const char *
pin_word(struct ask *c, struct store_reader *r, const struct row_link *link,
	 const struct phone *phone)
{
	const struct digest number = digest_phone(c->a->o.keys, DIGEST_GUARD, phone);
	struct row_guard guard;

	if (link->pin.n == 0)
		return "none";
	if (read_guard(r, &number, &guard) == W_OK && guard_pin_locked(&guard, c->now))
		return "locked";
	return "set";
}

static void
show_link(struct ask *c, struct store_reader *r, json_t *row)
{
	struct row_link link;
	struct phone phone;

	if (read_link_active(r, c->person.id, c->scan, &link) != W_OK) {
		bool pending = read_link_pending(r, c->person.id, c->scan, &link) == W_OK;

		row_words(row, "link", pending ? "waits for its code" : "none");
		return;
	}
	row_text(row, "sharing", link.sharing);
	row_text(row, "link", link.status);
	if (person_phone(c->a->o.store, r, c->person.id, c->scan, &phone) != W_OK)
		return;
	row_phone(row, "phone", &phone, false);
	row_words(row, "pin", pin_word(c, r, &link, &phone));
	wipe(&phone, sizeof(phone));
}

static void
show_rhythm(struct ask *c, struct store_reader *r, json_t *row)
{
	struct row_schedule schedule;
	struct row_checkin last;

	if (read_schedule(r, c->person.id, STR_LIT("checkin"), c->scan, &schedule) == W_OK &&
	    schedule.active) {
		row_words(row, "checkin_day", day_words[schedule.weekday % 7]);
		row_words(row, "checkin_at",
			  arena_printf(c->scan, "%02u:%02u", schedule.minute / 60u,
				       schedule.minute % 60u));
		row_time(c, row, "next_checkin_at", schedule.next_at);
	}
	if (read_checkin_last_done(r, c->person.id, c->scan, &last) == W_OK)
		row_time(c, row, "last_checkin_at", last.done_at);
}

static int
count_one(void *ctx, const struct row_need *need)
{
	(void)need;
	++*(int64_t *)ctx;
	return 0;
}

static void
show_consent_and_needs(struct ask *c, struct store_reader *r, json_t *row)
{
	const struct filter open = {.person = c->person.id, .open_only = true};
	struct row_consent consent;
	int put_off;
	int64_t needs = 0;

	if (read_consent(r, c->person.id, c->scan, &consent, &put_off) == W_OK) {
		row_text(row, "consent", consent.kind);
		row_time(c, row, "consent_at", consent.at);
	}
	if (list_needs(r, &open, c->scan, count_one, &needs) == W_OK)
		row_number(row, "needs_open", needs);
}

void
verb_person_show(struct ask *c)
{
	struct store_reader *r = store_loop_reader(c->a->o.store);
	json_t *row = json_object();
	struct row_centre centre;

	if (!find_person(c, "person")) {
		json_decref(row);
		return;
	}
	row_names(c, row, &c->person, c->scan);
	if (read_centre_id(r, c->person.centre, c->scan, &centre) == W_OK)
		row_text(row, "centre", centre.code);
	row_login(row, "caseworker", r, c->person.caseworker, c->scan);
	row_text(row, "status", c->person.status);
	row_text(row, "lang", c->person.lang);
	row_text(row, "path", c->person.path);
	show_link(c, r, row);
	show_consent_and_needs(c, r, row);
	show_rhythm(c, r, row);
	row_bool(row, "discreet", c->person.discreet);
	row_time(c, row, "added_at", c->person.at);
	page_add(c, c->person.ref, row);
	ask_show(c);
}

/* ---- Timeline ---- */

struct moment {
	int64_t at;
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
	t->moments[t->n++] = (struct moment){at, row};
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

static int
on_checkin(void *ctx, const struct row_checkin *in)
{
	struct timeline *t = ctx;
	int64_t at = in->done_at ? in->done_at : in->opened_at ? in->opened_at : in->due_at;
	const struct str answers[] = {in->mood, in->housing, in->days_worked};

	json_t *row = add_moment(t, at, "check-in", words_of(t, answers, ARRAY_LEN(answers)));
	row_text(row, "state", in->status);
	row_bool(row, "verified", in->verified);
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

	return x->at > y->at ? -1 : x->at < y->at;
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
