#include "cli/cli_int.h"

#include "base/clock.h"

#include <stdlib.h>

static bool
view_word(const struct cli_call *call, enum cli_flag flag, const char *words, int otherwise,
	  int *out, int *code)
{
	*out = otherwise;
	if (!cli_given(call, flag))
		return true;
	*out = cli_choice(words, call->value[flag]);
	if (*out >= 0)
		return true;
	return cli_wrong_word(call, arena_printf(call->arena, "--%s", cli_flags[flag].name), words,
			      call->value[flag], code);
}

static const char *
env(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

static bool
view_width(struct cli_call *call, int *code)
{
	int64_t n = call->io->width;

	if (n <= 0 && (env("COLUMNS") == NULL || !str_to_int(str_of(env("COLUMNS")), &n)))
		n = 80;
	if (cli_given(call, FLAG_WIDTH) &&
	    (!str_to_int(str_of(call->value[FLAG_WIDTH]), &n) || n < 40 || n > 1000)) {
		*code = cli_complain(call, ADMIN_USAGE, _("--width is a number from 40 to 1000"));
		return false;
	}
	call->view.width = n < 40 ? 40 : n > 1000 ? 1000 : (int)n;
	return true;
}

static bool
field_known(const char *fields, struct str field)
{
	struct str rest = str_of(fields);

	while (rest.n > 0)
		if (str_eq(str_cut(&rest, ' '), field))
			return true;
	return false;
}

/* Fields for tsv, csv and json: those asked for, or those of the verb in its order. */
static bool
view_fields(struct cli_call *call, int *code)
{
	const struct admin_verb *verb = cli_command_verb(call->command);
	const char *asked = cli_given(call, FLAG_JSON) ? call->value[FLAG_JSON] : NULL;
	struct str rest;

	if (verb == NULL)
		return true;
	rest = str_of(asked ? asked : verb->fields);
	while (rest.n > 0 && call->n_fields < CLI_FIELDS_MAX) {
		struct str field = str_cut(&rest, asked ? ',' : ' ');

		if (!field_known(verb->fields, field)) {
			*code = cli_complain(call, ADMIN_USAGE,
					     _("no field \"%.*s\"; there are: %s"), STR_ARG(field),
					     verb->fields);
			return false;
		}
		call->fields[call->n_fields++] = arena_printf(call->arena, "%.*s", STR_ARG(field));
	}
	return true;
}

/* A form that would be passed over is refused; the carrier has jsonl. */
static bool
form_fits(const struct cli_call *call, int form, int *code)
{
	bool asked = cli_given(call, FLAG_OUTPUT) || cli_given(call, FLAG_JSON);

	if (!asked || call->command->screen != NULL ||
	    (call->command == &cli_commands[COMMAND_CARRIER] && form == FORM_JSONL))
		return true;
	*code = cli_complain(call, ADMIN_USAGE,
			     _("\"wasl %s\" has no such form: leave out -o and --json"),
			     call->command->words);
	return false;
}

bool
cli_args_view(struct cli_call *call, int *code)
{
	int form, color, bidi, lang;
	int otherwise = cli_given(call, FLAG_JSON) ? FORM_JSON
			: call->io->out_tty        ? FORM_TABLE
						   : FORM_TSV;

	if (!view_word(call, FLAG_OUTPUT, "table|record|tsv|csv|json|jsonl", otherwise, &form,
		       code) ||
	    !view_word(call, FLAG_COLOR, "auto|always|never", 0, &color, code) ||
	    !view_word(call, FLAG_BIDI, "safe|isolate|plain", 0, &bidi, code) ||
	    !view_word(call, FLAG_LANG, "en|fr", 0, &lang, code) || !view_width(call, code))
		return false;
	if (!form_fits(call, form, code))
		return false;
	call->form = (enum cli_form)form;
	call->view.bidi = (enum cli_bidi)bidi;
	call->view.ascii = cli_given(call, FLAG_ASCII);
	call->view.color = color == 1 || (color == 0 && call->io->out_tty && !env("NO_COLOR"));
	call->view.now = call->io->now != 0 ? call->io->now : clock_now();
	return view_fields(call, code);
}
