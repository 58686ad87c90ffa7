#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "channel/channel_int.h"
#include "test_channel_world.h"

/* What a place of a dialect finds in the bytes of a call or of an answer. */

static const char form_type[] = "application/x-www-form-urlencoded";
static const char json_type[] = "text/plain; charset=\"UTF-8\"; x=1";

struct reading {
	const char *place; /* as a dialect writes it */
	enum wire_method method;
	const char *query, *type, *body;
	const char *gives; /* what it finds; NULL: nothing; refused: the call is malformed */
};
static const char refused[] = "refused";

/* The place is read as text, or as bytes when it is said with a charset. */
static struct section *
section_with(struct world *w, const char *place)
{
	const char *text = arena_printf(w->arena,
					"wasl: 1\ndialect: x\nsms:\n"
					"  on: [\"POST /in/{who}\", POST /in]\n"
					"  msisdn: header.From\n  text: %s\n",
					place);

	if (dialect_load_text("t.yaml", str_of(text), w->arena, &w->dialect, w->err) != 0) {
		world_print(w);
		fail();
	}
	return w->dialect->sections[0];
}

static struct piece
look(struct world *w, const struct section *s, struct intake *in, int *rc)
{
	struct piece *slots = ARENA_ARRAY(w->arena, struct piece, PLAN_SLOTS);
	const struct value *v = s->fields[FIELD_TEXT];
	const struct hole *h = v->kind == VALUE_MAPPING ? &v->at->place : &v->place;

	in->arena = w->arena;
	*rc = intake_fill(in, s->plan, slots);
	intake_done(in);
	return slots[h->slot];
}

static void
assert_gives(const struct reading *c, struct intake in)
{
	struct world w;
	int rc;

	world_init(&w);
	struct piece got = look(&w, section_with(&w, c->place), &in, &rc);

	if (c->gives == refused ? rc != W_EINVAL
				: rc != 0 || piece_has(got) != (c->gives != NULL) ||
					  (c->gives != NULL && !str_is(got.s, c->gives)))
		fail_msg("%s in '%s' gives %d '%.*s'", c->place, c->body ? c->body : "", rc,
			 STR_ARG(got.s));
	world_done(&w);
}

static struct intake
intake_of(const struct reading *c)
{
	static const struct str no_vars[ROUTE_PIECES];
	static const struct wire_header headers[] = {{{"X-Other", 7}, {"no", 2}},
						     {{"X-Mark", 6}, {" a; key=\" b \" ", 14}}};

	return (struct intake){.method = c->method,
			       .query = str_of(c->query),
			       .type = str_of(c->type),
			       .body = str_of(c->body),
			       .headers = headers,
			       .n_headers = ARRAY_LEN(headers),
			       .vars = no_vars};
}

static void
channel_intake__a_place_finds_its_value_or_nothing(void **state)
{
	static const struct reading rows[] = {
		{"query.x", WIRE_GET, "y=1&x=a%20b", NULL, NULL, "a b"},
		{"query.x", WIRE_GET, "y=1", NULL, NULL, NULL},
		{"query.x", WIRE_GET, "x", NULL, NULL, ""},
		{"form.x", WIRE_POST, NULL, form_type, "x=1", "1"},
		{"form.x", WIRE_POST, NULL, form_type, "x=%2", refused},
		{"form.x", WIRE_POST, NULL, form_type, "x=%00", refused},
		{"form.x", WIRE_POST, NULL, form_type, "%zz=1", refused},
		{"any.x", WIRE_GET, "x=7", NULL, "x=8", "7"},
		{"any.x", WIRE_POST, "x=7", form_type, "x=8", "8"},
		{"any.x", WIRE_POST, NULL, NULL, "x=8", "8"},
		{"any.x", WIRE_POST, NULL, "a/b;json", "x=8", "8"},
		{"any.x", WIRE_POST, NULL, "application/JSON", "{\"x\":true}", "true"},
		{"any.x", WIRE_POST, NULL, "application/json", "", NULL},
		{"any.x", WIRE_POST, NULL, "application/json", "x=8", refused},
		{"json.a.1", WIRE_POST, NULL, NULL, "{\"a\":[5,false]}", "false"},
		{"json.a.b", WIRE_POST, NULL, NULL, "{\"a\":[5]}", NULL},
		{"json.a", WIRE_POST, NULL, NULL, "{\"a\":1.5}", "1.5"},
		{"json.a", WIRE_POST, NULL, NULL, "{\"a\":{}}", NULL},
		{"json.a", WIRE_POST, NULL, NULL, "{\"A\":1}", NULL},
		{"json.a", WIRE_POST, NULL, NULL, "{\"A\":{\"}\":\"\\\\\\\"]\"},\"a\":1}", "1"},
		{"json.a", WIRE_POST, NULL, NULL, "", NULL},
		{"json.a", WIRE_POST, NULL, NULL, "]", refused},
		{"body", WIRE_POST, NULL, NULL, "whole", "whole"},
		{"body", WIRE_POST, NULL, NULL, NULL, ""},
		{"body", WIRE_POST, NULL, NULL, "\xff", refused},
		{"{at: body, charset: latin1}", WIRE_POST, NULL, NULL, "\xff", "\xff"},
		{"{at: form.x, charset: latin1}", WIRE_POST, NULL, NULL, "x=%ff", "\xff"},
		{"path.who", WIRE_POST, NULL, NULL, "", NULL},
		{"header.X-Mark", WIRE_POST, NULL, NULL, "", "a; key=\" b \""},
		{"header.x-mark;KEY", WIRE_POST, NULL, NULL, "", " b "},
		{"header.X-Mark;other", WIRE_POST, NULL, NULL, "", NULL},
		{"header.X-None", WIRE_POST, NULL, NULL, "", NULL},
		{"header.Content-Type", WIRE_POST, NULL, json_type, "", json_type},
		{"header.Content-Type;x", WIRE_POST, NULL, json_type, "", "1"},
		{"header.Content-Type;charset", WIRE_POST, NULL, json_type, "", "UTF-8"},
		{"header.Content-Type;charset", WIRE_POST, NULL, "a/b;charset=\"", "", "\""},
		{"header.Content-Type;charset", WIRE_POST, NULL, "a/b;charset=\"x", "", "\"x"},
		{"header.Content-Type;charset", WIRE_POST, NULL, "a/b;charset=xy", "", "xy"},
		{"header.Content-Type", WIRE_POST, NULL, NULL, "", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_gives(&rows[i], intake_of(&rows[i]));
}

static void
channel_intake__a_piece_of_the_path_is_text_like_any_other(void **state)
{
	static const char *const rows[][2] = {{"212", "212"}, {"\xff", refused}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct str vars[ROUTE_PIECES] = {str_of(rows[i][0])};
		const struct reading r = {.place = "path.who", .gives = rows[i][1]};
		struct intake in = intake_of(&r);

		in.vars = vars;
		assert_gives(&r, in);
	}
}

static void
channel_intake__names_in_any_letter_case_where_the_dialect_says_so(void **state)
{
	static const struct reading rows[] = {
		{"form.Text", WIRE_POST, NULL, NULL, "other=2&tEXT=1", "1"},
		{"form.Text", WIRE_POST, NULL, NULL, "other=2", NULL},
		{"json.Text", WIRE_POST, NULL, NULL, "{\"o\":2,\"text\":1}", "1"},
		{"json.Text", WIRE_POST, NULL, NULL, "{\"o\":2}", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct intake in = intake_of(&rows[i]);

		in.ignore_case = true;
		assert_gives(&rows[i], in);
	}
}

/* Of a batch that gives no list nothing is taken, and of one too long nothing either. */
static void
channel_intake__a_value_or_batch_over_its_bound_is_refused(void **state)
{
	const struct step list = {STR_LIT("l"), -1};
	struct world w;
	struct buf b;
	int rc;
	size_t n;

	(void)state;
	world_init(&w);
	const struct section *s = section_with(&w, "json.t");
	for (size_t over = 0; over <= 1; over++) {
		buf_init_arena(&b, w.arena);
		buf_adds(&b, "{\"t\":\"");
		for (size_t i = 0; i < VALUE_BYTES + over; i++)
			buf_addc(&b, 'x');
		buf_adds(&b, "\"}");
		struct intake in = {.body = buf_str(&b)};

		(void)look(&w, s, &in, &rc);
		assert_int_equal(rc, over ? W_EINVAL : 0);
	}
	for (size_t entries = BATCH_ENTRIES; entries <= BATCH_ENTRIES + 1; entries++) {
		buf_init_arena(&b, w.arena);
		for (size_t i = 0; i < entries; i++)
			buf_adds(&b, i == 0 ? "{\"l\":[1" : ",1");
		buf_adds(&b, "]}");
		struct intake in = {.body = buf_str(&b), .arena = w.arena};

		assert_int_equal(intake_entries(&in, &list, 1, &n), entries == BATCH_ENTRIES);
		intake_done(&in);
	}
	world_done(&w);
}

/* What an aggregator answers is taken as it comes: what cannot be read is not there. */
static void
channel_intake__an_answer_is_read_leniently(void **state)
{
	char *big = xcalloc(1, ANSWER_BYTES + 2);
	struct reading rows[] = {
		{"json.t", WIRE_POST, NULL, NULL, "no JSON", NULL},
		{"json.t", WIRE_POST, NULL, NULL, "{\"t\":1}", "1"},
		{"json.t", WIRE_POST, NULL, NULL, big, NULL},
		{"body", WIRE_POST, NULL, NULL, "\xff", NULL},
	};

	(void)state;
	memset(big, ' ', ANSWER_BYTES + 1);
	memcpy(big, "{\"t\":1}", 7);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct intake in = intake_of(&rows[i]);

		in.lenient = true;
		in.status = 200;
		assert_gives(&rows[i], in);
	}
	memset(big, 'x', VALUE_BYTES + 20);
	memcpy(big, "{\"t\":\"", 6);
	memcpy(big + VALUE_BYTES + 7, "\"}", 3);
	struct intake in = intake_of(&rows[2]);

	in.lenient = true;
	assert_gives(&rows[2], in); /* a value over its bound */
	free(big);
}

static void
channel_intake__an_entry_over_its_bound_spoils_the_entry(void **state)
{
	const struct step list = {STR_LIT("l"), -1};
	struct piece slots[PLAN_SLOTS] = {{STR_NONE, PIECE_ABSENT}};
	struct world w;
	struct buf b;
	size_t n;

	(void)state;
	world_init(&w);
	assert_int_equal(dialect_load_text("t.yaml",
					   STR_LIT("wasl: 1\ndialect: x\nreport: {on: POST /in, "
						   "each: json.l, id: each.id, state: each.s}\n"),
					   w.arena, &w.dialect, w.err),
			 0);
	buf_init_arena(&b, w.arena);
	buf_adds(&b, "{\"l\":[{\"id\":1},{\"id\":\"");
	for (size_t i = 0; i <= VALUE_BYTES; i++)
		buf_addc(&b, 'x');
	buf_adds(&b, "\"}]}");
	struct intake in = {.body = buf_str(&b), .arena = w.arena};
	const struct plan *plan = w.dialect->sections[0]->plan;

	assert_true(intake_entries(&in, &list, 1, &n));
	assert_int_equal(n, 2);
	assert_int_equal(intake_entry(&in, plan, &list, 1, 0, slots), 0);
	assert_int_equal(intake_entry(&in, plan, &list, 1, 1, slots), W_EINVAL);
	intake_done(&in);
	world_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(channel_intake__a_place_finds_its_value_or_nothing),
		cmocka_unit_test(channel_intake__a_piece_of_the_path_is_text_like_any_other),
		cmocka_unit_test(
			channel_intake__names_in_any_letter_case_where_the_dialect_says_so),
		cmocka_unit_test(channel_intake__a_value_or_batch_over_its_bound_is_refused),
		cmocka_unit_test(channel_intake__an_answer_is_read_leniently),
		cmocka_unit_test(channel_intake__an_entry_over_its_bound_spoils_the_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
