#include "test_session_desk.h"

/* What is typed where a value is asked for: one page a kind of input. */

static const char tree[] =
	"wasl: 1\nid: t\nlanguages: [ary, fr]\nstart: home\n"
	"special: {wrong: {ary: \"x\", fr: \"x\"}, busy: bye, leave: bye}\n"
	"vars:\n"
	"  n: {type: int}\n"
	"  pin: {type: digits, max: 6}\n"
	"  note: {type: text, max: 10, private: true}\n"
	"  day: {type: date}\n"
	"  number: {type: phone, private: true}\n"
	"  sure: {type: yesno}\n"
	"  urgency: {type: urgency}\n"
	"nodes:\n"
	"  home:\n"
	"    menu: {ary: \"x\", fr: \"x\"}\n"
	"    options:\n"
	"      - {say: {ary: \"a\", fr: \"a\"}, go: n}\n"
	"      - {say: {ary: \"b\", fr: \"b\"}, go: pin}\n"
	"      - {say: {ary: \"c\", fr: \"c\"}, go: note}\n"
	"      - {say: {ary: \"d\", fr: \"d\"}, go: day}\n"
	"      - {say: {ary: \"e\", fr: \"e\"}, go: number}\n"
	"      - {say: {ary: \"f\", fr: \"f\"}, go: sure}\n"
	"      - {say: {ary: \"g\", fr: \"g\"}, go: urgency}\n"
	"  n: {ask: {ary: \"x\", fr: \"x\"}, input: {type: int, min: 1, max: 120}, into: n, go: "
	"bye}\n"
	"  pin: {ask: {ary: \"x\", fr: \"x\"}, input: {type: digits, min: 4, max: 6}, into: pin, go: "
	"bye}\n"
	"  note: {ask: {ary: \"x\", fr: \"x\"}, input: {type: text, max: 10}, into: note, go: bye}\n"
	"  day: {ask: {ary: \"x\", fr: \"x\"}, input: {type: date}, into: day, go: bye}\n"
	"  number: {ask: {ary: \"x\", fr: \"x\"}, input: {type: phone}, into: number, go: bye}\n"
	"  sure: {ask: {ary: \"x\", fr: \"x\"}, input: {type: yesno}, into: sure, go: bye}\n"
	"  urgency:\n"
	"    ask: {ary: \"x\", fr: \"x\"}\n"
	"    input: {type: choice, pattern: \"^(?:pour )?(.+)$\"}\n"
	"    into: urgency\n"
	"    go: bye\n"
	"  bye: {end: {ary: \"bye\", fr: \"bye\"}}\n";

static const char lists[] = "wasl: 1\n"
			    "lists:\n"
			    "  urgency:\n"
			    "    today: {ary: \"اليوم\", fr: \"Aujourd'hui\"}\n"
			    "    week: {ary: \"هاد السيمانة\", fr: \"Cette semaine\"}\n"
			    "    can_wait: {ary: \"من بعد\", fr: \"Après\"}\n"
			    "  yesno:\n"
			    "    \"yes\": {ary: \"آه\", fr: \"Oui\"}\n"
			    "    \"no\": {ary: \"لا\", fr: \"Non\"}\n";

static struct menu_set *
menus(void)
{
	const struct menu_file files[] = {
		{"main.yaml", str_of(tree)},
		{"lists.yaml", str_of(lists)},
		{"lint.yaml", STR_LIT("wasl: 1\nforbidden: [\"word\"]\n")}};
	struct err *err = err_new();
	struct menu_set *set = NULL;
	int rc = menu_load_memory(files, ARRAY_LEN(files), NULL, &set, err);

	err_print(err, stderr);
	assert_int_equal(rc, W_OK);
	err_free(err);
	return set;
}

static int
setup(void **state)
{
	struct desk *d = desk_new(menus());

	desk_person(d);
	*state = d;
	return 0;
}

static int
teardown(void **state)
{
	desk_free(*state);
	return 0;
}

#define INPUT_TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* The value kept, or NULL: the page came again as after a wrong answer. */
static const char *
value_of(struct desk *d, const char *page, const char *typed)
{
	const int var = menu_var_find(d->menus, str_of(page));

	d->st.node = menu_find(d->menus, str_of(page));
	d->st.wrong = 0;
	d->st.vars[var] = STR_NONE;
	desk_type(d, typed);
	if (d->out.face == FACE_WRONG) {
		assert_string_equal(desk_at(d), page);
		assert_true(d->st.vars[var].n == 0);
		return NULL;
	}
	assert_string_equal(desk_at(d), "bye");
	return arena_str(d->arena, d->st.vars[var]).p;
}

static void
refused(struct desk *d, const char *page, const char *typed)
{
	const char *value = value_of(d, page, typed);

	if (value != NULL)
		fail_msg("%s took \"%s\" as \"%s\"", page, typed, value);
}

static void
session_input__int_is_kept_as_one_spelling(void **state)
{
	struct desk *d = *state;

	assert_string_equal(value_of(d, "n", "7"), "7");
	assert_string_equal(value_of(d, "n", "007"), "7");
	assert_string_equal(value_of(d, "n", "\u200f٠٧ "), "7");
	assert_string_equal(value_of(d, "n", "۱۲۰"), "120");
}

static void
session_input__int_keeps_its_bounds(void **state)
{
	struct desk *d = *state;

	refused(d, "n", "0");
	refused(d, "n", "121");
	refused(d, "n", "99999999999999999999");
	refused(d, "n", "7 7");
	refused(d, "n", "7a");
	refused(d, "n", "");
}

static void
session_input__digits_keep_their_zeros(void **state)
{
	struct desk *d = *state;

	assert_string_equal(value_of(d, "pin", "0012"), "0012");
	assert_string_equal(value_of(d, "pin", "٠٠١٢"), "0012");
	refused(d, "pin", "123");
	refused(d, "pin", "1234567");
}

static void
session_input__text_is_kept_without_controls(void **state)
{
	struct desk *d = *state;

	assert_string_equal(value_of(d, "note", " k\u200felma\x07 "), "kelma");
	assert_string_equal(value_of(d, "note", "كلمة"), "كلمة");
	refused(d, "note", "  \u200f\x01 ");
	refused(d, "note", "01234567890");
}

static void
session_input__broken_bytes_are_no_answer(void **state)
{
	struct desk *d = *state;
	char long_one[600];

	memset(long_one, 'a', sizeof(long_one) - 1);
	long_one[sizeof(long_one) - 1] = '\0';
	refused(d, "note", "\xff\xfe");
	refused(d, "note", "\xed\xa0\x80"); /* half of a surrogate pair */
	refused(d, "note", "ab\xc3");
	refused(d, "note", long_one);
}

static void
session_input__date_is_a_day_there_is(void **state)
{
	struct desk *d = *state;

	assert_string_equal(value_of(d, "day", "27/11/2026"), "2026-11-27");
	assert_string_equal(value_of(d, "day", "1/2/1985"), "1985-02-01");
	assert_string_equal(value_of(d, "day", "٢٧/١١/٢٠٢٦"), "2026-11-27");
	assert_string_equal(value_of(d, "day", "27-11-2026"), "2026-11-27");
	assert_string_equal(value_of(d, "day", "27 11 2026"), "2026-11-27");
	assert_string_equal(value_of(d, "day", "29.2.2028"), "2028-02-29");
	refused(d, "day", "29/2/2026");
	refused(d, "day", "31/11");
	refused(d, "day", "0/1");
	refused(d, "day", "1/13");
	refused(d, "day", "257/1");
	refused(d, "day", "1/257");
	refused(d, "day", "27/11/26");
	refused(d, "day", "27/11/2026/1");
	refused(d, "day", "27/");
	refused(d, "day", "27//11");
	refused(d, "day", "2711");
	refused(d, "day", "demain");
}

/* It is November 2026. */
static void
session_input__a_date_without_a_year_is_the_nearest(void **state)
{
	struct desk *d = *state;

	assert_string_equal(value_of(d, "day", "27/11"), "2026-11-27");
	assert_string_equal(value_of(d, "day", "1/6"), "2026-06-01");
	assert_string_equal(value_of(d, "day", "1/1"), "2027-01-01");
}

static void
session_input__phone_is_kept_as_one_spelling(void **state)
{
	struct desk *d = *state;

	assert_string_equal(value_of(d, "number", "06 00 00 00 22"), "+212600000022");
	assert_string_equal(value_of(d, "number", "٠٦٠٠٠٠٠٠٢٢"), "+212600000022");
	refused(d, "number", "123");
	refused(d, "number", "+33612345678");
}

static void
session_input__yesno_takes_keys_and_words(void **state)
{
	struct desk *d = *state;

	assert_string_equal(value_of(d, "sure", "1"), "yes");
	assert_string_equal(value_of(d, "sure", "٢"), "no");
	assert_string_equal(value_of(d, "sure", "OUI"), "yes");
	assert_string_equal(value_of(d, "sure", "لا"), "no");
	refused(d, "sure", "3");
	refused(d, "sure", "STOP");
}

/* In any of the languages, however it is written; the pattern says which part is the answer. */
static void
session_input__choice_takes_the_label(void **state)
{
	struct desk *d = *state;

	assert_string_equal(value_of(d, "urgency", "Cette  semaine"), "week");
	assert_string_equal(value_of(d, "urgency", "Pour APRES"), "can_wait");
	assert_string_equal(value_of(d, "urgency", "هاد السيمانه"), "week");
	refused(d, "urgency", "can_wait");
	refused(d, "urgency", "jamais");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		INPUT_TEST(session_input__int_is_kept_as_one_spelling),
		INPUT_TEST(session_input__int_keeps_its_bounds),
		INPUT_TEST(session_input__digits_keep_their_zeros),
		INPUT_TEST(session_input__text_is_kept_without_controls),
		INPUT_TEST(session_input__broken_bytes_are_no_answer),
		INPUT_TEST(session_input__date_is_a_day_there_is),
		INPUT_TEST(session_input__a_date_without_a_year_is_the_nearest),
		INPUT_TEST(session_input__phone_is_kept_as_one_spelling),
		INPUT_TEST(session_input__yesno_takes_keys_and_words),
		INPUT_TEST(session_input__choice_takes_the_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
