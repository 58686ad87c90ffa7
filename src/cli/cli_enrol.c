#include "cli/cli_int.h"

#include "text/text.h"

#include <errno.h>
#include <stdlib.h>

/*
 * person add, code and erase: what must not stand on a command line is asked
 * for or read from a file.
 */

static const struct {
	const char *key, *arg; /* in a file; in the request */
	const char *question;  /* NULL: never asked for */
	enum cli_flag flag;
} pieces[] = {
	{"name-ar", "name_ar", N_("Name in Arabic script (Enter: none):"), FLAG_NAME_AR},
	{"name-la", "name_la", N_("Name in Latin script (Enter: none):"), FLAG_NAME_LA},
	{"phone", "phone", N_("Number the code will be dialled from (Enter: any):"), FLAG_PHONE},
	{"speaks", "lang", NULL, FLAG_SPEAKS},
	{"path", "path", NULL, FLAG_PATH},
	{"ref", "ref", NULL, FLAG_REF},
	{"caseworker", "caseworker", NULL, FLAG_CASEWORKER},
	{"centre", "centre", NULL, FLAG_CENTRE},
};

/* The line itself is never repeated: it holds a name. */
static int
file_line(struct cli_call *call, struct str line, unsigned number)
{
	struct str rest = str_trim(line);
	struct str key = str_trim(str_cut(&rest, ':'));
	struct str value = str_trim(rest);

	if (key.n == 0 || key.p[0] == '#')
		return ADMIN_DONE;
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		if (!str_is(key, pieces[i].key))
			continue;
		json_t *text = value.n <= ADMIN_TEXT_MAX ? json_stringn(value.p, value.n) : NULL;

		if (text == NULL)
			return cli_complain(call, ADMIN_USAGE, _("line %u: too long or not UTF-8"),
					    number);
		if (value.n > 0)
			json_object_set(call->args, pieces[i].arg, text);
		json_decref(text);
		return ADMIN_DONE;
	}
	return cli_complain(
		call, ADMIN_USAGE,
		_("line %u: say name-ar, name-la, phone, speaks, path, ref, caseworker or centre, a colon, and the value"),
		number);
}

static int
read_file(struct cli_call *call, const char *path)
{
	char line[2 * ADMIN_TEXT_MAX];
	bool standard = strcmp(path, "-") == 0;
	FILE *f = standard ? call->io->in : fopen(path, "re");
	int code = ADMIN_DONE;
	unsigned number = 0;

	if (f == NULL)
		return cli_complain(call, ADMIN_NONE, "%s: %s", path, strerror(errno));
	while (code == ADMIN_DONE && fgets(line, sizeof(line), f) != NULL)
		code = file_line(call, str_of(line), ++number);
	if (!standard)
		fclose(f);
	return code;
}

/* Asks for what was given as "-", and for names and number when nothing was given at all. */
static int
ask_pieces(struct cli_call *call, size_t from, size_t to, bool all)
{
	for (size_t i = from; i < to; i++) {
		bool dash = cli_given(call, pieces[i].flag) &&
			    strcmp(call->value[pieces[i].flag], "-") == 0;
		const char *line;

		if (!dash && !(all && json_object_get(call->args, pieces[i].arg) == NULL))
			continue;
		if (!cli_ask(call, _(pieces[i].question), &line))
			return dash ? cli_complain(
					      call, ADMIN_CANCELLED,
					      _("nobody to ask: give --%s a value, or --from FILE"),
					      cli_flags[pieces[i].flag].name)
				    : ADMIN_DONE;
		json_t *text = json_string(line);

		if (text == NULL)
			return cli_complain(call, ADMIN_USAGE, _("that is not UTF-8"));
		if (line[0] != '\0')
			json_object_set(call->args, pieces[i].arg, text);
		json_decref(text);
	}
	return ADMIN_DONE;
}

enum { PIECES_NAMES = 2, PIECES_ASKED = 3, PIECE_PHONE = 2 };

static bool
has_name(const struct cli_call *call)
{
	return json_object_get(call->args, "name_ar") != NULL ||
	       json_object_get(call->args, "name_la") != NULL;
}

int
cli_run_person_add(struct cli_call *call)
{
	int code = ADMIN_DONE;

	if (cli_given(call, FLAG_FROM))
		code = read_file(call, call->value[FLAG_FROM]);
	if (code == ADMIN_DONE)
		code = ask_pieces(call, 0, PIECES_ASKED, !has_name(call));
	if (code != ADMIN_DONE)
		return code;
	if (!has_name(call))
		return cli_complain(
			call, ADMIN_USAGE,
			_("at least one name is needed: at the prompt, or with --from FILE"));
	return cli_run_verb(call);
}

int
cli_run_person_code(struct cli_call *call)
{
	int code = ask_pieces(call, PIECE_PHONE, PIECES_ASKED, false);

	return code != ADMIN_DONE ? code : cli_run_verb(call);
}

/* The reference is typed again, whatever --yes says. */
int
cli_run_person_erase(struct cli_call *call)
{
	const char *line;

	if (!cli_given(call, FLAG_CONFIRM)) {
		if (!cli_ask(
			    call,
			    _("This cannot be undone. Type the reference of the person (CAS-...) again:"),
			    &line) ||
		    line[0] == '\0')
			return cli_complain(call, ADMIN_CANCELLED,
					    _("nothing was erased (a script says --confirm REF)"));
		json_object_set_new(call->args, "confirm", json_string(line));
	}
	return cli_run_verb(call);
}
