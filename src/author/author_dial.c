#include "author/author_dial_int.h"

#include <signal.h>
#include <stdlib.h>

/* The phone in the terminal: lines from the command line, a script or a person. */

/* ---- What is said ---- */

int
author_dial_complain(struct dial *d, int code, const char *what, const char *more)
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
	if (d->langs != NULL)
		author_langs_print(d->langs, d->o->out, ph->page,
				   channel_page_limit(ph->party->channel), d->o->ascii);
	fflush(d->o->out);
	return 0;
}

static int
show_status(struct dial *d)
{
	int status = d->phone.answer.status;
	char number[32];

	snprintf(number, sizeof(number), "HTTP %d: ", status);
	return author_dial_complain(d, author_status_exit(status), number,
				    author_status_sentence(status));
}

int
author_dial_show(struct dial *d, enum author_said says)
{
	switch (says) {
	case SAYS_PAGE:
		return show_page(d);
	case SAYS_STATUS:
		return show_status(d);
	case SAYS_STRANGE:
		return author_dial_complain(d, AUTHOR_FAILED,
					    "the answer is not what the dialect writes", "");
	case SAYS_AWAY:
		return author_dial_complain(d, AUTHOR_UNREACHABLE,
					    author_away_sentence(d->phone.away), "");
	default:
		return author_dial_complain(
			d, AUTHOR_NONE,
			"the dialect has no USSD, or none that can be worked backwards", "");
	}
}

/* ---- Lines ---- */

static int
obey(struct dial *d, struct str line)
{
	struct str text;
	const struct author_command *c = author_command_of(line, &text);

	if (!d->prompting && (c == NULL || !c->aside))
		fprintf(d->o->out, "reply> %.*s\n", STR_ARG(line));
	if (c != NULL)
		return c->run(d, text);
	if (line.p[0] == ':' || line.p[0] == '!')
		return author_dial_complain(d, AUTHOR_USAGE, "no such command; :help lists them",
					    "");
	return author_command_answer(d, line);
}

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
		(void)author_command_hang_up(d, STR_NONE);
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
		return author_dial_complain(
			d, AUTHOR_USAGE, "where to? give the address of the channel's USSD section",
			"");
	d->phone.line = author_line_new(l, address, patience);
	if (d->phone.line == NULL)
		return author_dial_complain(d, AUTHOR_USAGE,
					    "the address must begin with http://HOST", "");
	d->phone.second = author_line_new(l, address, patience);
	return 0;
}

/* What the call is written to, and where its pages are looked up. */
static int
open_beside(struct dial *d)
{
	const struct author_dial_options *o = d->o;

	if (o->menus != NULL) {
		int rc = author_langs_open(o->menus, o->err, &d->langs);

		if (rc != 0)
			return rc;
	}
	if (o->record == NULL)
		return 0;
	d->record = author_record_open(o->record);
	if (d->record == NULL)
		return author_dial_complain(d, AUTHOR_FAILED, "cannot write ", o->record);
	author_record_begin(d->record, o->phone ? o->phone : PHONE_MADE_UP, o->given, o->now);
	author_dial_record_dial(d);
	return 0;
}

static int
open_phone(struct dial *d, struct loop *l)
{
	const struct author_dial_options *o = d->o;
	struct author_account account = o->account;
	struct author_phone *ph = &d->phone;

	if (phone_parse(str_of(o->phone ? o->phone : PHONE_MADE_UP), &ph->number) == PHONE_BAD)
		return author_dial_complain(d, AUTHOR_USAGE, "the phone is no number", "");
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
	rc = open_script(d);
	return rc == 0 ? open_beside(d) : rc;
}

static void
close_all(struct dial *d)
{
	author_line_free(d->phone.line);
	author_line_free(d->phone.second);
	author_langs_free(d->langs);
	if (d->record != NULL)
		fclose(d->record);
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
		d->rc = author_dial_show_and_record(d, author_phone_dial(&d->phone, o->session));
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
