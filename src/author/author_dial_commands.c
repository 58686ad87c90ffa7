#include "author/author_dial_int.h"

/* What can be typed at the telephone, and what a script may expect. */

/* ---- The dialogue it is written down as ---- */

void
author_dial_record_dial(struct dial *d)
{
	const struct author_phone *ph = &d->phone;

	if (d->record != NULL)
		author_record_dial(d->record, str_of(channel_code(ph->party->channel)),
				   str_of(ph->dialled));
}

static void
record_typed(struct dial *d, const char *how, struct str text)
{
	if (d->record != NULL)
		author_record_typed(d->record, how, text);
}

static void
record_words(struct dial *d, const char *words)
{
	if (d->record != NULL)
		author_record_words(d->record, words);
}

/* Shows what came, and writes it down. */
int
author_dial_show_and_record(struct dial *d, enum author_said says)
{
	if (d->record != NULL && says == SAYS_PAGE)
		author_record_page(d->record, d->phone.page, d->phone.go_on);
	return author_dial_show(d, says);
}

/* ---- Commands ---- */

static int
closed(struct dial *d)
{
	return author_dial_complain(d, AUTHOR_FAILED, "the session is over",
				    d->prompting ? " (:new dials again, q leaves)" : "");
}

int
author_command_answer(struct dial *d, struct str text)
{
	if (!d->phone.open)
		return closed(d);
	record_typed(d, "", text);
	return author_dial_show_and_record(d, author_phone_answer(&d->phone, text));
}

/* After a request that was made more than once. */
static int
tell_same(struct dial *d, enum author_said says, bool same)
{
	int rc = author_dial_show_and_record(d, says);

	if (d->phone.away != AWAY_NOT)
		return rc;
	if (!same)
		return author_dial_complain(d, AUTHOR_FAILED,
					    "repeated: OTHER bytes than the first time", "");
	fprintf(d->o->out, "repeated: the same bytes\n");
	return rc;
}

static int
repeat(struct dial *d, struct str text)
{
	bool same;

	(void)text;
	if (!d->phone.asked)
		return author_dial_complain(d, AUTHOR_FAILED, "there is nothing to repeat", "");
	record_words(d, "again");
	enum author_said says = author_phone_repeat(&d->phone, &same);
	return tell_same(d, says, same);
}

/* ---- Commands: what goes wrong on the way ---- */

static int
lose(struct dial *d, struct str text)
{
	bool same;

	if (text.n == 0)
		return repeat(d, text);
	if (!d->phone.open)
		return closed(d);
	record_typed(d, "", text);
	enum author_said says = author_phone_lost(&d->phone, text, &same);
	record_words(d, "again");
	return tell_same(d, says, same);
}

static int
twice(struct dial *d, struct str text)
{
	bool same;

	if (text.n == 0 && !d->phone.asked)
		return author_dial_complain(d, AUTHOR_FAILED, "there is nothing to repeat", "");
	if (text.n > 0 && !d->phone.open)
		return closed(d);
	if (text.n > 0)
		record_typed(d, "twice", text);
	else
		record_words(d, "again");
	enum author_said says = author_phone_twice(&d->phone, text.n > 0 ? text : STR_NONE, &same);
	return tell_same(d, says, same);
}

/* No dialogue can say this; a remark stands in its place. */
static int
stray(struct dial *d, struct str text, const struct phone *number)
{
	if (!d->phone.open)
		return closed(d);
	record_words(d, number != NULL ? "# another number called under this id here"
				       : "# an answer came under a wrong id here");
	int rc = author_dial_show(d, author_phone_stray(&d->phone, text, number));
	/* A refusal is as good an answer to this as a page. */
	return d->phone.away == AWAY_NOT ? 0 : rc;
}

static int
wrong_id(struct dial *d, struct str text)
{
	return stray(d, text, NULL);
}

static int
other_number(struct dial *d, struct str text)
{
	struct str rest = text, word = str_cut(&rest, ' ');
	struct phone number;

	if (phone_parse(word, &number) == PHONE_BAD)
		return author_dial_complain(d, AUTHOR_USAGE, "say !other PHONE TEXT", "");
	return stray(d, rest, &number);
}

static int
dial_again(struct dial *d, struct str text)
{
	(void)text;
	author_dial_record_dial(d);
	return author_dial_show_and_record(d, author_phone_dial(&d->phone, NULL));
}

static int
drop(struct dial *d, enum channel_move move)
{
	if (!d->phone.open)
		return author_dial_complain(d, AUTHOR_FAILED, "there is no open session", "");
	record_words(d, "drop");
	fprintf(d->o->out, "session dropped: %s\n",
		author_phone_drop(&d->phone, move) ? "the gateway was told"
						   : "the gateway does not know");
	return 0;
}

static int
time_out(struct dial *d, struct str text)
{
	(void)text;
	return drop(d, MOVE_TIMEOUT);
}

static int
abort_session(struct dial *d, struct str text)
{
	(void)text;
	return drop(d, MOVE_ABORT);
}

static int
break_off(struct dial *d, struct str text)
{
	(void)text;
	if (!d->phone.open)
		return author_dial_complain(d, AUTHOR_FAILED, "there is no open session", "");
	record_words(d, "drop silently");
	d->phone.open = false;
	fprintf(d->o->out, "session dropped: the gateway does not know\n");
	return 0;
}

static int
leave(struct dial *d, struct str text)
{
	(void)text;
	d->leaving = true;
	return 0;
}

int
author_command_hang_up(struct dial *d, struct str text)
{
	d->leaving = true;
	return d->phone.open ? abort_session(d, text) : 0;
}

static bool
holds(struct str page, struct str text)
{
	return page.p != NULL && text.n <= page.n &&
	       (text.n == 0 || memmem(page.p, page.n, text.p, text.n) != NULL);
}

/* With the marks that keep digits in place, or as one reads and types it. */
static bool
page_holds(const struct dial *d, struct str text)
{
	struct str page = d->phone.page;

	return holds(page, text) || holds(author_clean(page, d->phone.arena), text);
}

static int
expect(struct dial *d, struct str text)
{
	if (page_holds(d, text))
		return 0; /* the page is written down whole */
	return author_dial_complain(d, AUTHOR_FAILED,
				    "not on the page: ", arena_str(d->phone.arena, text).p);
}

static int
refuse(struct dial *d, struct str text)
{
	if (!page_holds(d, text))
		return 0;
	return author_dial_complain(
		d, AUTHOR_FAILED, "should not be on the page: ", arena_str(d->phone.arena, text).p);
}

static int
ended(struct dial *d, struct str text)
{
	(void)text;
	return d->phone.open ? author_dial_complain(d, AUTHOR_FAILED, "the session goes on", "")
			     : 0;
}

static int
still_open(struct dial *d, struct str text)
{
	(void)text;
	return d->phone.open ? 0
			     : author_dial_complain(d, AUTHOR_FAILED, "the session is over", "");
}

static int help(struct dial *d, struct str text);

static const struct author_command commands[] = {
	{":send", true, false, author_command_answer,
	 "an answer that looks like a command, or is empty"},
	{":repeat", false, false, repeat, "the last request once more: the same bytes must come"},
	{":new", false, false, dial_again, "dials again"},
	{":timeout", false, false, time_out, "the network drops the session"},
	{":abort", false, false, abort_session, "the caller hangs up"},
	{":leave", false, false, leave, "leaves without telling anybody"},
	{":quit", false, false, author_command_hang_up, "hangs up and leaves"},
	{"q", false, false, author_command_hang_up, "the same"},
	{"!lost", true, false, lose, "the reply to it gets lost, and the request comes again"},
	{"!double", true, false, twice, "the request comes twice at once"},
	{"!wrong-id", true, false, wrong_id, "typed under an id that nobody knows"},
	{"!other", true, false, other_number, "PHONE and TEXT: typed from another number"},
	{"!timeout", false, false, time_out, "as :timeout"},
	{"!drop", false, false, break_off, "the network breaks off, and nobody is told"},
	{":help", false, false, help, "these lines"},
	{"expect", true, true, expect, "the page contains the text that follows"},
	{"refuse", true, true, refuse, "it does not"},
	{"ended", false, true, ended, "the session is over"},
	{"open", false, true, still_open, "the session goes on"},
};

static int
help(struct dial *d, struct str text)
{
	(void)text;
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(d->o->out, " %-10s%s %s\n", commands[i].word,
			commands[i].takes_text ? "TEXT" : "    ", commands[i].says);
	return 0;
}

const struct author_command *
author_command_of(struct str line, struct str *text)
{
	struct str rest = line, word = str_cut(&rest, ' ');

	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const struct author_command *c = &commands[i];

		if (!str_is(word, c->word) || (!c->takes_text && word.n < line.n))
			continue;
		*text = rest;
		return c;
	}
	return NULL;
}
