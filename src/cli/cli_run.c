#include "cli/cli_print.h"

#include <stdlib.h>

/* ---- Who is meant ---- */

/* "CAS-0142": cannot fit several people, so rows may be shown as they come. */
static bool
looks_like_ref(const char *text)
{
	size_t letters = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	size_t numbers = text[letters] == '-' ? strspn(text + letters + 1, "0123456789") : 0;

	return letters > 0 && numbers > 0 && text[letters + 1 + numbers] == '\0';
}

static bool
may_be_several(const struct cli_call *call)
{
	const char *person = json_string_value(json_object_get(call->args, "person"));

	return person != NULL && !looks_like_ref(person);
}

/* A numbered list on standard error; the candidates have the fields of "person find". */
static void
show_candidates(struct sheet *s, const json_t *held)
{
	for (size_t i = 0; i < json_array_size(held); i++)
		fprintf(s->call->io->err, "%4zu  %s\n", i + 1,
			cell_person(s, json_array_get(held, i)));
}

/* True when one was chosen and the request now names it. */
static bool
choose(struct cli_call *call, const json_t *held)
{
	struct sheet s;
	const char *line = "";
	int64_t n = 0;
	bool chosen = false;

	sheet_begin(&s, call);
	show_candidates(&s, held);
	if (call->io->out_tty && cli_ask(call, _("Which one? Number, or Enter for none:"), &line) &&
	    str_to_int(str_of(line), &n) && n >= 1 && n <= (int64_t)json_array_size(held)) {
		const char *ref = cell_text(&s, json_array_get(held, (size_t)n - 1), "ref");

		chosen = ref[0] != '\0';
		json_object_set_new(call->args, "person", json_string(ref));
	}
	sheet_done(&s);
	return chosen;
}

/* ---- One verb ---- */

struct arrival {
	struct sheet sheet;
	json_t *held; /* rows kept until it is known that they are no candidates; or NULL */
};

enum { HELD_MAX = 10000 };

static void
let_go(struct arrival *a)
{
	for (size_t i = 0; i < json_array_size(a->held); i++)
		sheet_row(&a->sheet, json_array_get(a->held, i));
	json_decref(a->held);
	a->held = NULL;
}

static void
on_row(void *ctx, const json_t *row)
{
	struct arrival *a = ctx;

	if (a->held == NULL) {
		sheet_row(&a->sheet, row);
		return;
	}
	json_array_append_new(a->held, json_deep_copy(row));
	/* Candidates have no time of their own and are few. */
	if (json_object_get(row, "at") != NULL || json_array_size(a->held) == HELD_MAX)
		let_go(a);
}

int
cli_run_rows(struct cli_call *call, size_t *rows)
{
	struct arrival a = {.held = may_be_several(call) ? json_array() : NULL};
	struct cli_answer answer;
	bool again = false;

	sheet_begin(&a.sheet, call);
	int code = cli_talk(call, call->command->verb, call->args, on_row, &a, &answer);

	if (code == ADMIN_NONE && json_array_size(a.held) > 0)
		again = choose(call, a.held);
	else if (a.held != NULL)
		let_go(&a);
	if (!again) {
		sheet_end(&a.sheet, &answer);
		fflush(call->io->out);
		cli_tell(call, &answer);
	}
	*rows = a.sheet.n;
	json_decref(a.held);
	sheet_done(&a.sheet);
	/* Once: a reference fits one person or none. */
	return again ? cli_run_rows(call, rows) : code;
}

int
cli_run_verb(struct cli_call *call)
{
	size_t rows;

	return cli_run_rows(call, &rows);
}

/* Everything ever said is not what somebody who types "wasl log" wants to read. */
int
cli_run_log(struct cli_call *call)
{
	cli_flag_set narrowed = FLAG_BIT(FLAG_SINCE) | FLAG_BIT(FLAG_ALL) | FLAG_BIT(FLAG_NUMBER);

	if (cli_given(call, FLAG_FOLLOW) && (call->form == FORM_JSON || call->form == FORM_CSV))
		return cli_complain(call, ADMIN_USAGE,
				    _("-f has no end: use -o jsonl or -o tsv with it"));
	if ((call->given & narrowed) == 0 && json_object_get(call->args, "person") == NULL)
		json_object_set_new(call->args, "since", json_string("7d"));
	return cli_run_verb(call);
}

int
cli_run_overdue(struct cli_call *call)
{
	size_t rows;
	int code = cli_run_rows(call, &rows);

	return code == ADMIN_DONE && rows > 0 && cli_given(call, FLAG_EXIT_CODE) ? ADMIN_MATCHED
										 : code;
}

int
cli_run_stop(struct cli_call *call)
{
	if (!cli_ask_yes(call, _("Stop the gateway? People who dial will get no answer. (y/N)")))
		return cli_complain(call, ADMIN_CANCELLED,
				    _("not stopped (--yes says so beforehand)"));
	return cli_run_verb(call);
}

/* ---- The whole ---- */

static int
run(struct cli_call *call, int argc, char **argv)
{
	int code = ADMIN_DONE;

	if (!cli_args_read(call, argc, argv, &code) || !cli_args_view(call, &code) ||
	    !cli_args_request(call, &code))
		return code;
	return call->command->run(call);
}

/* --lang is looked for before anything is said, complaints about other flags included. */
static const char *
asked_language(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0)
			return NULL;
		if (strncmp(argv[i], "--lang=", 7) == 0)
			return argv[i] + 7;
		if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
			return argv[i + 1];
	}
	return NULL;
}

int
cli_run(int argc, char **argv, const struct cli_io *io)
{
	struct cli_call call = {.io = io, .arena = arena_new(0)};

	cli_text_start(io, asked_language(argc, argv));
	int code = run(&call, argc, argv);

	json_decref(call.args);
	arena_free(call.arena);
	return code;
}
