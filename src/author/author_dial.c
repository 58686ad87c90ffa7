#include "author/author_int.h"

#include <signal.h>
#include <stdlib.h>

/* The phone in the terminal: lines from the command line, a script or a person. */

enum { LINE_MAX_BYTES = 2048, DIAL_PATIENCE_MS = 15000 };

struct dial {
	const struct author_dial_options *o;
	struct author_phone phone;
	FILE *script; /* or NULL */
	size_t next_answer;
	unsigned line;  /* of the script */
	bool prompting; /* the line at hand was typed at the prompt */
	bool leaving;
	unsigned screens;
	int rc;
	char bytes[LINE_MAX_BYTES];
};

/* ---- What is said ---- */

static int
complain(struct dial *d, int code, const char *what, const char *more)
{
	FILE *to = d->prompting ? d->o->out : d->o->err;

	if (!d->prompting && d->line > 0)
		fprintf(to, "wasl: %s:%u: %s%s\n", d->o->script, d->line, what, more);
	else
		fprintf(to, "wasl: %s%s\n", what, more);
	fflush(to);
	return code;
}

static int
show_page(struct dial *d)
{
	const struct author_phone *ph = &d->phone;

	author_screen_print(d->o->out, ++d->screens, ph->page,
			    channel_page_limit(ph->party->channel), ph->took_ms, d->o->ascii);
	if (!ph->go_on)
		fprintf(d->o->out, "session over\n");
	fflush(d->o->out);
	return 0;
}

static int
show_status(struct dial *d)
{
	int status = d->phone.answer.status;
	char number[32];

	snprintf(number, sizeof(number), "HTTP %d: ", status);
	return complain(d, author_status_exit(status), number, author_status_sentence(status));
}

static int
show(struct dial *d, enum author_said says)
{
	switch (says) {
	case SAYS_PAGE:
		return show_page(d);
	case SAYS_STATUS:
		return show_status(d);
	case SAYS_STRANGE:
		return complain(d, AUTHOR_FAILED, "the answer is not what the dialect writes", "");
	case SAYS_AWAY:
		return complain(d, AUTHOR_UNREACHABLE, author_away_sentence(d->phone.away), "");
	default:
		return complain(d, AUTHOR_NONE,
				"the dialect has no USSD, or none that can be worked backwards",
				"");
	}
}

/* ---- Commands ---- */

static int
answer(struct dial *d, struct str text)
{
	if (!d->phone.open)
		return complain(d, AUTHOR_FAILED, "the session is over",
				d->prompting ? " (:new dials again, q leaves)" : "");
	return show(d, author_phone_answer(&d->phone, text));
}

static int
repeat(struct dial *d, struct str text)
{
	bool same;

	(void)text;
	if (!d->phone.asked)
		return complain(d, AUTHOR_FAILED, "there is nothing to repeat", "");
	int rc = show(d, author_phone_repeat(&d->phone, &same));
	if (d->phone.away != AWAY_NOT)
		return rc;
	if (!same)
		return complain(d, AUTHOR_FAILED, "repeated: OTHER bytes than the first time", "");
	fprintf(d->o->out, "repeated: the same bytes\n");
	return rc;
}

static int
dial_again(struct dial *d, struct str text)
{
	(void)text;
	return show(d, author_phone_dial(&d->phone, NULL));
}

static int
drop(struct dial *d, enum channel_move move)
{
	if (!d->phone.open)
		return complain(d, AUTHOR_FAILED, "there is no open session", "");
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
leave(struct dial *d, struct str text)
{
	(void)text;
	d->leaving = true;
	return 0;
}

static int
hang_up(struct dial *d, struct str text)
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
		return 0;
	return complain(d, AUTHOR_FAILED, "not on the page: ", arena_str(d->phone.arena, text).p);
}

static int
refuse(struct dial *d, struct str text)
{
	if (!page_holds(d, text))
		return 0;
	return complain(d, AUTHOR_FAILED,
			"should not be on the page: ", arena_str(d->phone.arena, text).p);
}

static int
ended(struct dial *d, struct str text)
{
	(void)text;
	return d->phone.open ? complain(d, AUTHOR_FAILED, "the session goes on", "") : 0;
}

static int
still_open(struct dial *d, struct str text)
{
	(void)text;
	return d->phone.open ? 0 : complain(d, AUTHOR_FAILED, "the session is over", "");
}

static int help(struct dial *d, struct str text);

static const struct command {
	const char *word;
	bool takes_text;
	bool aside; /* a remark about the page: nothing is typed */
	int (*run)(struct dial *d, struct str text);
	const char *says;
} commands[] = {
	{":send", true, false, answer, "an answer that looks like a command, or is empty"},
	{":repeat", false, false, repeat, "the last request once more: the same bytes must come"},
	{":new", false, false, dial_again, "dials again"},
	{":timeout", false, false, time_out, "the network drops the session"},
	{":abort", false, false, abort_session, "the caller hangs up"},
	{":leave", false, false, leave, "leaves without telling anybody"},
	{":quit", false, false, hang_up, "hangs up and leaves"},
	{"q", false, false, hang_up, "the same"},
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
		fprintf(d->o->out, " %-9s%s %s\n", commands[i].word,
			commands[i].takes_text ? "TEXT" : "    ", commands[i].says);
	return 0;
}

static const struct command *
command_of(struct str line, struct str *text)
{
	struct str rest = line, word = str_cut(&rest, ' ');

	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const struct command *c = &commands[i];

		if (!str_is(word, c->word) || (!c->takes_text && word.n < line.n))
			continue;
		*text = rest;
		return c;
	}
	return NULL;
}

static int
obey(struct dial *d, struct str line)
{
	struct str text;
	const struct command *c = command_of(line, &text);

	if (!d->prompting && (c == NULL || !c->aside))
		fprintf(d->o->out, "reply> %.*s\n", STR_ARG(line));
	if (c != NULL)
		return c->run(d, text);
	if (line.p[0] == ':')
		return complain(d, AUTHOR_USAGE, "no such command; :help lists them", "");
	return answer(d, line);
}

/* ---- Lines ---- */

/* Empty: a line to pass over. A longer line than fits is taken as several. */
static struct str
tidy(const char *bytes)
{
	struct str line = str_trim(str_of(bytes));

	return str_is(line, "#") || str_starts(line, STR_LIT("# ")) ? STR_NONE : line;
}

static bool
from_script(struct dial *d, struct str *line)
{
	while (d->script != NULL && fgets(d->bytes, sizeof(d->bytes), d->script) != NULL) {
		d->line++;
		*line = tidy(d->bytes);
		if (line->n > 0)
			return true;
	}
	return false;
}

static bool
from_person(struct dial *d, struct str *line)
{
	if (!d->o->interactive || (d->script != NULL && d->script == d->o->in))
		return false;
	d->prompting = true;
	do {
		fprintf(d->o->out, "reply> ");
		fflush(d->o->out);
		if (fgets(d->bytes, sizeof(d->bytes), d->o->in) == NULL)
			return false;
		*line = str_trim(str_of(d->bytes));
	} while (line->n == 0);
	return true;
}

static bool
next_line(struct dial *d, struct str *line)
{
	if (d->next_answer >= d->o->n_answers)
		return from_script(d, line) || from_person(d, line);
	*line = str_trim(str_of(d->o->answers[d->next_answer++]));
	/* An empty argument is an empty answer: nobody writes one by accident. */
	*line = line->n > 0 ? *line : STR_LIT(":send");
	return true;
}

static void
converse(struct dial *d)
{
	struct str line;

	while (!d->leaving && (d->rc == 0 || d->prompting) && next_line(d, &line)) {
		int rc = obey(d, line);

		d->rc = rc != 0 ? rc : d->rc;
	}
	/* The end of the input: the phone is put down. */
	if (!d->leaving && d->phone.open)
		(void)hang_up(d, STR_NONE);
}

/* ---- Set-up ---- */

static int
open_script(struct dial *d)
{
	const struct author_dial_options *o = d->o;

	if (o->script == NULL)
		return 0;
	d->script = strcmp(o->script, "-") == 0 ? o->in : fopen(o->script, "r");
	if (d->script != NULL)
		return 0;
	fprintf(o->err, "wasl: cannot read the script %s\n", o->script);
	return AUTHOR_NONE;
}

static int
open_line(struct dial *d, struct loop *l)
{
	const struct author_dial_options *o = d->o;
	int64_t patience = o->patience_ms > 0 ? o->patience_ms : DIAL_PATIENCE_MS;
	const char *address = o->address;

	if (address == NULL)
		address = author_party_address(d->phone.party, CHANNEL_USSD);
	if (address == NULL)
		return complain(d, AUTHOR_USAGE,
				"where to? give the address of the channel's USSD section", "");
	d->phone.line = author_line_new(l, address, patience);
	if (d->phone.line == NULL)
		return complain(d, AUTHOR_USAGE, "the address must begin with http://HOST", "");
	return 0;
}

static int
open_phone(struct dial *d, struct loop *l)
{
	const struct author_dial_options *o = d->o;
	struct author_account account = o->account;
	struct author_phone *ph = &d->phone;

	if (phone_parse(str_of(o->phone ? o->phone : "+212600000001"), &ph->number) == PHONE_BAD)
		return complain(d, AUTHOR_USAGE, "the phone is no number", "");
	if (account.code == NULL && account.config == NULL)
		account.code = o->dialled;
	int rc = author_party_open(&account, o->err, &ph->party);
	if (rc == 0)
		rc = open_line(d, l);
	if (rc != 0)
		return rc;
	ph->dialled = o->dialled ? o->dialled : channel_code(ph->party->channel);
	ph->network = o->network;
	ph->trace = o->trace ? o->out : NULL;
	ph->arena = arena_new(0);
	return open_script(d);
}

static void
close_all(struct dial *d)
{
	author_line_free(d->phone.line);
	if (d->phone.arena != NULL)
		arena_free(d->phone.arena);
	author_party_close(d->phone.party);
	if (d->script != NULL && d->script != d->o->in)
		fclose(d->script);
}

int
author_dial_on(struct loop *l, const struct author_dial_options *o)
{
	struct dial *d = xcalloc(1, sizeof(*d));

	d->o = o;
	d->rc = open_phone(d, l);
	if (d->rc == 0) {
		if (o->interactive)
			fprintf(o->out, "q leaves, :repeat, :timeout, :new; :help for more\n");
		d->rc = show(d, author_phone_dial(&d->phone, o->session));
		if (d->rc == 0)
			converse(d);
	}
	int rc = d->rc;
	close_all(d);
	free(d);
	return rc;
}

int
author_dial(const struct author_dial_options *o)
{
	struct loop *l = loop_new();
	/* A gateway that hangs up while we write is an answer to read, not the end of us. */
	void (*before)(int) = signal(SIGPIPE, SIG_IGN);
	int rc = author_dial_on(l, o);

	(void)signal(SIGPIPE, before);
	loop_free(l);
	return rc;
}
