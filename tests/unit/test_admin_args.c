#include "test_admin_world.h"

/* What a request may say: types, bounds, and what is told when it is not so. */

struct said {
	const char *verb, *args;
	int code;
	const char *says; /* in the end's text */
};

static void
each(struct desk *d, const struct said *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct answer *got = ask(d, rows[i].verb, rows[i].args);

		if (got->code != rows[i].code || strstr(got->text, rows[i].says) == NULL)
			fail_msg("%s %s: %d %s", rows[i].verb, rows[i].args, got->code, got->text);
	}
}

static void
admin_args__an_argument_is_of_its_type_or_told(void **state)
{
	static const struct said rows[] = {
		{"need list", "{'limit':5}", ADMIN_DONE, ""},
		{"need list", "{'limit':'5'}", ADMIN_DONE, ""},
		{"need list", "{'limit':null,'state':''}", ADMIN_DONE, ""},
		{"need list", "{'limit':-1}", ADMIN_USAGE, "\"limit\" needs a number"},
		{"need list", "{'limit':'many'}", ADMIN_USAGE, "\"limit\" needs a number"},
		{"need list", "{'limit':1.5}", ADMIN_USAGE, "a text, a number or true or false"},
		{"need list", "{'limit':[1]}", ADMIN_USAGE, "a text, a number or true or false"},
		{"need list", "{'state':'solved'}", ADMIN_USAGE, "one of open|"},
		{"need list", "{'stat':'open'}", ADMIN_USAGE, "maybe \"state\""},
		{"need list", "{'zzzzzzzz':'open'}", ADMIN_USAGE, "unknown argument"},
		{"need list", "{'since':'soon'}", ADMIN_USAGE, "a time such as 2d"},
		{"need list", "{'since':'2d','until':'today'}", ADMIN_DONE, ""},
		{"need show", "{}", ADMIN_USAGE, "\"number\" is missing"},
		{"need show", "{'number':'N-77'}", ADMIN_NONE, ""},
		{"need show", "{'number':'n77'}", ADMIN_NONE, ""},
		{"need show", "{'number':'N'}", ADMIN_USAGE, "a number"},
		{"need show", "{'number':'@77'}", ADMIN_USAGE, "a number"},
		{"need show", "{'number':'[77'}", ADMIN_USAGE, "a number"},
		{"need show", "{'number':'z77'}", ADMIN_NONE, ""},
		{"need show", "{'number':'{77'}", ADMIN_USAGE, "a number"},
		{"log", "{'follow':false}", ADMIN_DONE, ""},
		{"log", "{'follow':'no','reverse':true}", ADMIN_DONE, ""},
		{"log", "{'reverse':'yes'}", ADMIN_DONE, ""},
		{"log", "{'follow':'maybe'}", ADMIN_USAGE, "true or false"},
		{"overdue", "{'days':36501}", ADMIN_USAGE, "at most 36500"},
		{"overdue", "{'days':36500}", ADMIN_DONE, ""},
		{"today", "{'days':36501}", ADMIN_USAGE, "at most 36500"},
		{"ned list", "{}", ADMIN_USAGE, "need list"},
		{"zzzzzzzzzzzz", "{}", ADMIN_USAGE, "no verb"},
	};

	each(*state, rows, ARRAY_LEN(rows));
}

static void
admin_args__a_name_is_one_short_line(void **state)
{
	static const struct said rows[] = {
		{"person add", "{'name_la':'a\\nb'}", ADMIN_USAGE, "on one line"},
		{"person add", "{'name_la':'\\u200e\\u200e'}", ADMIN_USAGE, "on one line"},
		{"person add", "{'name_la':'Mohamed','phone':'12'}", ADMIN_USAGE,
		 "a Moroccan mobile number"},
		{"person add", "{'name_la':'Mohamed','phone':'0522000000'}", ADMIN_USAGE,
		 "a Moroccan mobile number"},
	};
	struct desk *d = *state;
	char name[200], word[100];

	each(d, rows, ARRAY_LEN(rows));
	memset(name, 'a', sizeof(name) - 1);
	memset(word, 'b', sizeof(word) - 1);
	name[121] = word[65] = '\0';
	const struct said longer[] = {
		{"person add", arena_printf(d->a, "{'name_la':'%s'}", name), ADMIN_USAGE, "120"},
		{"need list", arena_printf(d->a, "{'state':'%s'}", word), ADMIN_USAGE, "a word"},
		{"need list",
		 arena_printf(d->a, "{'person':'%s%s%s%s%s'}", name, name, name, name, name),
		 ADMIN_USAGE, "at most 512 bytes"},
	};
	each(d, longer, ARRAY_LEN(longer));
}

static void
admin_args__the_clock_of_a_lab_takes_an_instant(void **state)
{
	static const struct said rows[] = {
		{"ctl clock", "{'to':'+3d'}", ADMIN_DONE, ""},
		{"ctl clock", "{'to':'soon'}", ADMIN_USAGE, "a time such as 2026-11-23T10:00"},
	};
	struct desk *d = *state;

	desk_roles(d, ROLE_ADMIN);
	each(d, rows, ARRAY_LEN(rows));
}

/* A file number is taken when it is free, and told when it is not one or not free. */
static void
admin_args__a_file_number_of_ones_own(void **state)
{
	static const struct said rows[] = {
		{"person add", "{'name_la':'One','ref':'CAS-2000'}", ADMIN_DONE, ""},
		{"person add", "{'name_la':'Two','ref':'CAS-2000'}", ADMIN_CONFLICT, ""},
		{"person add", "{'name_la':'Three','ref':'cas-2001'}", ADMIN_USAGE, ""},
		{"person add", "{'name_la':'Three','ref':'CAS 2001'}", ADMIN_USAGE, ""},
		{"person add", "{'name_la':'Three','ref':'CAS2001'}", ADMIN_USAGE, ""},
		{"person add", "{'name_la':'Three','ref':'CAS-20012001200120012001'}", ADMIN_USAGE,
		 ""},
		{"person add", "{'name_la':'Three','caseworker':'nobody'}", ADMIN_USAGE, ""},
	};

	each(*state, rows, ARRAY_LEN(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(admin_args__an_argument_is_of_its_type_or_told),
		DESK_TEST(admin_args__a_name_is_one_short_line),
		DESK_TEST(admin_args__the_clock_of_a_lab_takes_an_instant),
		DESK_TEST(admin_args__a_file_number_of_ones_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
