/*
 * Any bytes as a line of the Unix socket, both ways: a request that is taken
 * says the same when written again, its arguments are of their types or refused
 * with a sentence that repeats nothing typed, and a reply is a row or an end.
 */
#include "admin/admin_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { NOW = 1795429200 };

/* A sentence of ours: what somebody typed for a name or a number is not in it. */
static void
check_sentence(const char *why)
{
	CHECK(why[0] != '\0');
	for (const char *p = why; *p != '\0'; p++)
		CHECK(*p >= ' ' && *p <= '~');
}

static void
check_argument(const struct admin_arg *row, const struct arg_value *v)
{
	bool found = row->words == NULL;

	CHECK(!row->must || v->given);
	if (!v->given)
		return;
	CHECK(v->text.n > 0 && v->text.n <= ADMIN_TEXT_MAX && utf8_ok(v->text));
	CHECK(row->type != ADMIN_NUMBER || v->number >= 0);
	CHECK(row->type != ADMIN_YES || v->number == 0 || v->number == 1);
	CHECK(row->type != ADMIN_NAME || str_find(v->text, '\n') < 0);
	for (struct str rest = str_of(row->words); rest.n > 0 && !found;)
		found = str_eq(str_cut(&rest, '|'), v->text);
	CHECK(found);
}

static void
check_arguments(const struct admin_request *r, const struct admin_verb *verb)
{
	static struct zone *zone;
	struct arena *a = arena_new(0);
	struct ask *c = ARENA_NEW(a, struct ask);

	if (zone == NULL)
		CHECK(civil_zone_open(NULL, "Africa/Casablanca", &zone) == W_OK);
	c->arena = a;
	c->request = *r;
	c->verb = verb;
	c->zone = zone;
	c->now = NOW;
	const char *wrong = args_read(c);
	if (wrong != NULL)
		check_sentence(wrong);
	for (size_t i = 0; wrong == NULL && verb->args[i].type != ADMIN_NOTHING; i++)
		check_argument(&verb->args[i], &c->args[i]);
	arena_free(a);
}

/* Jansson ends texts of a request line with NUL, and lets none into them. */
static void
check_again(const struct admin_request *r)
{
	struct arena *a = arena_new(0);
	struct admin_request again;
	const char *why;
	struct buf line;

	buf_init_arena(&line, a);
	admin_line_request(&line, r->verb.p, r->args);
	/* Escapes may make it longer than a request may be. */
	if (line.n > 1 && line.n < ADMIN_REQUEST_MAX) {
		CHECK(admin_request_read((struct str){line.p, line.n - 1}, &again, &why) == W_OK);
		CHECK(str_eq(again.verb, r->verb));
		CHECK(json_equal(again.args, r->args) || json_object_size(r->args) == 0);
		admin_request_done(&again);
	}
	arena_free(a);
}

static void
check_request(struct str line)
{
	struct admin_request r;
	const char *why = "";
	int rc = admin_request_read(line, &r, &why);

	CHECK(rc == W_OK || rc == W_EPROTO);
	if (rc == W_OK) {
		const struct admin_verb *verb = admin_verb_find(r.verb);
		const char *near = verb == NULL ? admin_verb_nearest(r.verb) : verb->words;

		CHECK(near == NULL || admin_verb_find(str_of(near)) != NULL);
		check_again(&r);
		if (verb != NULL)
			check_arguments(&r, verb);
	} else {
		check_sentence(why);
	}
	admin_request_done(&r);
}

static void
check_reply(struct str line)
{
	struct admin_reply reply;
	int rc = admin_reply_read(line, &reply);

	CHECK(rc == W_OK || rc == W_EPROTO);
	CHECK(reply.row == NULL || json_is_object(reply.row));
	CHECK(reply.text != NULL);
	admin_reply_done(&reply);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str line = {(const char *)data, n};

	check_request(line);
	check_reply(line);
	return 0;
}
