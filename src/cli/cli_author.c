#include "cli/cli_int.h"

#include "author/author.h"

/* Command lines of the tools in author/: flags to options, nothing else. */

static const char *
value(const struct cli_call *call, enum cli_flag flag)
{
	return cli_given(call, flag) ? call->value[flag] : NULL;
}

/* A whole number of a flag up to most, else otherwise; false after a complaint. */
static bool
number(const struct cli_call *call, enum cli_flag flag, int64_t most, int64_t otherwise,
       int64_t *out, int *code)
{
	*out = otherwise;
	if (!cli_given(call, flag))
		return true;
	if (str_to_int(str_of(call->value[flag]), out) && *out >= 0 && *out <= most)
		return true;
	*code = cli_complain(call, ADMIN_USAGE, _("--%s is a number up to %lld"),
			     cli_flags[flag].name, (long long)most);
	return false;
}

/* Between least and most operands, or a complaint. */
static bool
operands(const struct cli_call *call, size_t least, size_t most, int *code)
{
	if (call->n_operands >= least && call->n_operands <= most)
		return true;
	*code = cli_complain(call, ADMIN_USAGE, _("say: wasl %s %s. See wasl help %s."),
			     call->command->words, call->command->operands, call->command->words);
	return false;
}

/* The folder named, else the one of a checkout we stand in, else the installed one. */
static const char *
folder(const struct cli_call *call, const char *local, const char *installed)
{
	if (access(local, R_OK | X_OK) == 0 || call->io->datadir == NULL)
		return local;
	return arena_printf(call->arena, "%s/%s", call->io->datadir, installed);
}

static const char *
dialects_folder(const struct cli_call *call)
{
	return folder(call, "contrib/dialects", "dialects");
}

static struct author_account
account_of(const struct cli_call *call)
{
	return (struct author_account){
		.config = value(call, FLAG_CONFIG),
		.channel = value(call, FLAG_CHANNEL),
		.dialect = value(call, FLAG_DIALECT),
		.dialects = dialects_folder(call),
	};
}

/* ---- dial ---- */

static void
on_line(void *ctx, const json_t *row)
{
	json_t **kept = ctx;

	if (*kept == NULL)
		*kept = json_deep_copy(row);
}

static const char *
text_in(const struct cli_call *call, const json_t *row, const char *field)
{
	const char *text = json_string_value(json_object_get(row, field));

	return text != NULL ? arena_strdup(call->arena, text) : NULL;
}

/* Where to call, from the gateway of a lab. */
static int
ask_line(struct cli_call *call, struct author_dial_options *o)
{
	static const struct {
		enum cli_flag flag;
		const char *arg;
	} asked[] = {{FLAG_PERSON, "person"}, {FLAG_CHANNEL, "channel"}};
	struct cli_answer answer;
	json_t *row = NULL, *args = json_object();

	for (size_t i = 0; i < ARRAY_LEN(asked); i++)
		if (cli_given(call, asked[i].flag))
			json_object_set_new(args, asked[i].arg,
					    json_string(call->value[asked[i].flag]));
	int code = cli_talk(call, "phone line", args, on_line, &row, &answer);

	json_decref(args);
	o->now = answer.now;
	if (code == ADMIN_DONE && row != NULL) {
		o->account = (struct author_account){.dialect = text_in(call, row, "dialect"),
						     .code = text_in(call, row, "code")};
		o->address = text_in(call, row, "address");
		if (o->phone == NULL)
			o->phone = text_in(call, row, "phone");
	}
	json_decref(row);
	return cli_tell(call, &answer);
}

/* ---- What is there before the phone rings ---- */

/* One line of a story to the gateway; the code that a person got is told. */
static int
tell_given(struct cli_call *call, struct str line)
{
	const struct str word = STR_LIT("given ");
	struct cli_answer answer;
	json_t *row = NULL, *args = json_object();

	line = str_starts(line, word) ? str_after(line, word.n) : line;
	json_object_set_new(args, "line", json_stringn(line.p, line.n));
	int code = cli_talk(call, "lab given", args, on_line, &row, &answer);
	const char *paper = row != NULL ? json_string_value(json_object_get(row, "code")) : NULL;

	if (code == ADMIN_DONE && paper != NULL)
		fprintf(call->io->out, "%s %s: %s\n", _("code of"),
			json_string_value(json_object_get(row, "ref")), paper);
	json_decref(args);
	json_decref(row);
	return code == ADMIN_DONE ? code : cli_tell(call, &answer);
}

static int
tell_all_given(struct cli_call *call, const char *file)
{
	char bytes[1024];
	FILE *in = fopen(file, "r");
	unsigned line = 0;
	int code = ADMIN_DONE;

	if (in == NULL)
		return cli_complain(call, ADMIN_NONE, _("cannot read %s"), file);
	while (code == ADMIN_DONE && fgets(bytes, sizeof(bytes), in) != NULL) {
		struct str text = str_trim(str_of(bytes));

		line++;
		if (text.n > 0 && text.p[0] != '#')
			code = tell_given(call, text);
		if (code != ADMIN_DONE)
			cli_complain(call, code, _("%s:%u: not taken"), file, line);
	}
	fclose(in);
	return code;
}

int
cli_run_dial(struct cli_call *call)
{
	const struct cli_io *io = call->io;
	struct author_dial_options o = {
		.account = account_of(call),
		.address = value(call, FLAG_ADDRESS),
		.phone = value(call, FLAG_PHONE),
		.dialled = call->n_operands > 0 ? call->operand[0] : NULL,
		.script = value(call, FLAG_SCRIPT),
		.interactive = !cli_given(call, FLAG_SCRIPT) && !cli_given(call, FLAG_NO_INPUT),
		.ascii = call->view.ascii,
		.trace = cli_given(call, FLAG_TRACE),
		.record = value(call, FLAG_RECORD),
		.given = value(call, FLAG_GIVEN),
		.in = io->in,
		.out = io->out,
		.err = io->err,
	};
	bool alone = o.account.config != NULL || o.account.dialect != NULL;
	int code = ADMIN_DONE;

	if (!operands(call, 0, 1, &code))
		return code;
	if (alone && cli_given(call, FLAG_PERSON))
		return cli_complain(
			call, ADMIN_USAGE,
			_("--person asks the gateway; leave out --config and --dialect"));
	if (alone && o.given != NULL)
		return cli_complain(
			call, ADMIN_USAGE,
			_("--given tells the gateway; leave out --config and --dialect"));
	if (cli_given(call, FLAG_LANGS) || cli_given(call, FLAG_MENUS))
		o.menus = cli_given(call, FLAG_MENUS) ? value(call, FLAG_MENUS)
						      : folder(call, "menus", "menus");
	if (o.account.dialect != NULL)
		o.account.code = o.dialled;
	if (o.given != NULL)
		code = tell_all_given(call, o.given);
	if (code == ADMIN_DONE && !alone)
		code = ask_line(call, &o);
	return code != ADMIN_DONE ? code : author_dial(&o);
}

/* ---- carrier ---- */

int
cli_run_carrier(struct cli_call *call)
{
	int64_t port, delay, count;
	int code = ADMIN_DONE;
	struct author_carrier_options o = {
		.account = account_of(call),
		.report_address = value(call, FLAG_ADDRESS),
		.reports = value(call, FLAG_REPORTS),
		.faults = value(call, FLAG_FAULTS),
		.jsonl = call->form == FORM_JSONL,
		.show_numbers = cli_given(call, FLAG_SHOW_NUMBERS),
		.ascii = call->view.ascii,
		.out = call->io->out,
		.err = call->io->err,
	};

	if (!operands(call, 0, 0, &code) || !number(call, FLAG_PORT, UINT16_MAX, 0, &port, &code) ||
	    !number(call, FLAG_DELAY, 3600 * 1000, 0, &delay, &code) ||
	    !number(call, FLAG_COUNT, INT32_MAX, 0, &count, &code))
		return code;
	if (o.account.config == NULL && o.account.dialect == NULL)
		return cli_complain(call, ADMIN_USAGE, _("say --dialect NAME, or --config FILE"));
	if (o.account.config == NULL && o.report_address == NULL)
		o.report_address = "";
	o.port = (uint16_t)port;
	o.report_delay_ms = delay;
	o.count = (size_t)count;
	return author_carrier(&o);
}

/* ---- Checkers ---- */

static const char *
menus_folder(const struct cli_call *call, size_t operand)
{
	return call->n_operands > operand ? call->operand[operand] : folder(call, "menus", "menus");
}

static struct author_menu_options
menu_options(const struct cli_call *call, size_t operand)
{
	return (struct author_menu_options){
		.dir = menus_folder(call, operand),
		.ascii = call->view.ascii,
		.quiet = cli_given(call, FLAG_QUIET),
		.check = cli_given(call, FLAG_CHECK),
		.tsv = cli_given(call, FLAG_TSV) || !call->io->out_tty,
		.node = value(call, FLAG_NODE),
		.lang = value(call, FLAG_PO),
		.in = call->io->in,
		.out = call->io->out,
		.err = call->io->err,
	};
}

static int
menu_tool(struct cli_call *call, int (*tool)(const struct author_menu_options *o))
{
	int code = ADMIN_DONE;

	if (!operands(call, 0, 1, &code))
		return code;
	const struct author_menu_options o = menu_options(call, 0);

	return tool(&o);
}

int
cli_run_menu_lint(struct cli_call *call)
{
	int code = ADMIN_DONE;

	if (!operands(call, 0, 1, &code))
		return code;
	struct author_menu_options o = menu_options(call, 0);

	o.err = NULL; /* the faults are what is asked for */
	return author_menu_lint(&o);
}

int
cli_run_menu_size(struct cli_call *call)
{
	return menu_tool(call, author_menu_size);
}

int
cli_run_menu_fmt(struct cli_call *call)
{
	return menu_tool(call, author_menu_fmt);
}

int
cli_run_menu_graph(struct cli_call *call)
{
	struct author_menu_options o = menu_options(call, 0);
	int code = ADMIN_DONE;

	if (!operands(call, 0, 1, &code))
		return code;
	if (cli_given(call, FLAG_DOT) && cli_given(call, FLAG_MERMAID))
		return cli_complain(call, ADMIN_USAGE, _("--dot or --mermaid, not both"));
	if (cli_given(call, FLAG_DOT))
		o.graph = AUTHOR_GRAPH_DOT;
	else if (cli_given(call, FLAG_MERMAID))
		o.graph = AUTHOR_GRAPH_MERMAID;
	return author_menu_graph(&o);
}

int
cli_run_menu_diff(struct cli_call *call)
{
	int code = ADMIN_DONE;
	size_t n = 0;

	if (!operands(call, 2, 2, &code))
		return code;
	struct author_menu_options o = menu_options(call, 0);

	o.other = call->operand[1];
	code = author_menu_diff(&o, &n);
	return code == 0 && n > 0 && cli_given(call, FLAG_EXIT_CODE) ? ADMIN_MATCHED : code;
}

int
cli_run_texts_export(struct cli_call *call)
{
	return menu_tool(call, author_menu_export);
}

int
cli_run_texts_import(struct cli_call *call)
{
	int code = ADMIN_DONE;

	if (!operands(call, 1, 2, &code))
		return code;
	struct author_menu_options o = menu_options(call, 1);

	o.other = call->operand[0];
	return author_menu_import(&o);
}

/* What is read from files here has one form; the gateway's rows have all. */
static bool
one_form(struct cli_call *call, int *code)
{
	if (!cli_given(call, FLAG_OUTPUT) && !cli_given(call, FLAG_JSON))
		return true;
	*code = cli_complain(call, ADMIN_USAGE, _("-o and --json are for what the gateway says"));
	return false;
}

int
cli_run_channel_list(struct cli_call *call)
{
	int code = ADMIN_DONE;

	if (call->n_operands == 0)
		return cli_run_verb(call);
	if (!operands(call, 0, 1, &code) || !one_form(call, &code))
		return code;
	return author_channel_list(call->operand[0], call->io->out, call->io->err);
}

int
cli_run_channel_show(struct cli_call *call)
{
	struct author_account account = account_of(call);
	int code = ADMIN_DONE;

	if (call->n_operands == 0 && account.config == NULL && cli_given(call, FLAG_CHANNEL)) {
		json_object_set_new(call->args, "channel", json_string(value(call, FLAG_CHANNEL)));
		return cli_run_verb(call);
	}
	if (!operands(call, account.config != NULL ? 0 : 1, 1, &code) || !one_form(call, &code))
		return code;
	if (call->n_operands > 0)
		account.dialect = call->operand[0];
	return author_channel_show(&account, cli_given(call, FLAG_SECRETS), call->io->out,
				   call->io->err);
}

int
cli_run_channel_lint(struct cli_call *call)
{
	int code = ADMIN_DONE;

	if (!operands(call, 1, 1, &code))
		return code;
	return author_channel_lint(call->operand[0], call->view.ascii, call->io->out);
}

int
cli_run_channel_try(struct cli_call *call)
{
	struct author_account account = account_of(call);
	const char *page = value(call, FLAG_PAGE);
	int code = ADMIN_DONE;

	if (!operands(call, 2, 2, &code))
		return code;
	account.dialect = call->operand[0];
	return author_channel_try(&account, call->operand[1], page ? page : "OK",
				  !cli_given(call, FLAG_END), call->io->out, call->io->err);
}
