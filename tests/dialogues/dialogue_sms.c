#include "dialogue.h"

/* Messages that wait to leave, opened. Each is named once by the script, in the order they were
 * made. */

static bool
seen_before(const struct dialogue *d, int64_t id)
{
	for (size_t i = 0; i < d->n_messages_seen; i++)
		if (d->messages_seen[i] == id)
			return true;
	return false;
}

struct messages {
	struct dialogue *d;
	int64_t person;         /* 0: anybody */
	struct str template_id; /* empty: any */
	int64_t id;             /* the first that was not named before; 0: none */
	struct str text, template_found;
};

static int
on_message(void *ctx, const struct row_outbox *row)
{
	struct messages *m = ctx;
	const struct seal_place place = {"outbox", "text", row->id, row->person};
	struct str text;

	if (seen_before(m->d, row->id) || (m->person != 0 && row->person != m->person) ||
	    (m->template_id.n > 0 && !str_eq(row->template_id, m->template_id)))
		return 0;
	m->id = row->id;
	m->template_found = arena_str(m->d->arena, row->template_id);
	if (store_open_sealed(m->d->store, &place, row->text, m->d->arena, &text) == W_OK)
		m->text = text;
	return 1;
}

static void
next_message(struct messages *m)
{
	const struct filter f = {.person = m->person};
	struct arena *a = arena_new(0);

	(void)list_outbox(store_loop_reader(m->d->store), &f, a, on_message, m);
	arena_free(a);
}

static bool
message_says(struct dialogue *d, const struct messages *m)
{
	const struct line *l = d->at;

	for (size_t i = 3; i < l->n; i++) {
		bool without = str_is(l->words[i], "without") && !l->quoted[i];

		if (without && ++i == l->n)
			return complain(d, "without what?");
		if (contains(m->text, l->words[i]) == without)
			return complain(d, "the SMS should %ssay \"%.*s\"; it is:\n%.*s",
					without ? "not " : "", STR_ARG(l->words[i]),
					STR_ARG(m->text));
	}
	return true;
}

/* sms CAS-0147 T02 ["text"] [without "text"]: the next message to the person. */
bool
do_sms(struct dialogue *d)
{
	const struct line *l = d->at;
	struct messages m = {.d = d};

	if (l->n < 3)
		return complain(d, "to whom, and which?");
	m.person = person_of(d, l->words[1]);
	m.template_id = l->words[2];
	if (m.person == 0)
		return false;
	next_message(&m);
	if (m.id == 0)
		return complain(d, "no such SMS waits to leave");
	if (d->n_messages_seen < MESSAGES_KEPT)
		d->messages_seen[d->n_messages_seen++] = m.id;
	return message_says(d, &m);
}

/* no sms: none that was not named before. */
bool
do_no(struct dialogue *d)
{
	struct messages m = {.d = d};

	if (d->at->n < 2 || !str_is(d->at->words[1], "sms"))
		return complain(d, "no sms");
	if (d->at->n > 2 && (m.person = person_of(d, d->at->words[2])) == 0)
		return false;
	next_message(&m);
	return m.id == 0 ||
	       complain(d, "there is one, %.*s:\n%.*s", STR_ARG(m.template_found), STR_ARG(m.text));
}

bool
messages_all_named(struct dialogue *d)
{
	struct messages m = {.d = d};

	next_message(&m);
	return m.id == 0 || complain(d, "at the end an SMS was not named, %.*s:\n%.*s",
				     STR_ARG(m.template_found), STR_ARG(m.text));
}
