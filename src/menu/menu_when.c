#include "menu/menu_int.h"

#include <stdarg.h>

/*
 * condition = term { "and" term }
 * term = [ "not" ] name | name ( "==" | "!=" ) word | name "in" "(" word { "," word } ")"
 *      | name ( "<" | "<=" | ">" | ">=" ) number
 *
 * A name is a fact (it has a dot) or a variable. What is yes or no is asked by
 * its name alone; what has words is compared with one of them, a number with
 * numbers and a day with days, written 2026-11-30.
 */

enum { TERMS_MAX = 16, WORDS_MAX = 16 };

/* Exactly n digits. */
static bool
digits_take(struct str s, size_t n, int64_t *out)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return n > 0 && s.n == n && str_to_int(s, out);
}

bool
menu_number(struct str text, int64_t *out)
{
	int64_t year, month, day;

	if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-')
		return digits_take(text, text.n, out);
	if (!digits_take((struct str){text.p, 4}, 4, &year) ||
	    !digits_take((struct str){text.p + 5, 2}, 2, &month) ||
	    !digits_take((struct str){text.p + 8, 2}, 2, &day))
		return false;
	*out = (year * 100 + month) * 100 + day;
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool
same(struct str value, struct str word, bool numeric)
{
	int64_t left, right;

	if (!numeric)
		return str_eq(value, word);
	return menu_number(value, &left) && menu_number(word, &right) && left == right;
}

static bool
value_is(struct str value, const struct menu_term *term)
{
	for (size_t i = 0; i < term->n_words; i++)
		if (same(value, term->words[i], term->numeric))
			return true;
	return false;
}

static bool
ordered(struct str value, const struct menu_term *term)
{
	int64_t number;

	if (!menu_number(value, &number))
		return false;
	switch (term->op) {
	case TERM_LT:
		return number < term->number;
	case TERM_LE:
		return number <= term->number;
	case TERM_GT:
		return number > term->number;
	default:
		return number >= term->number;
	}
}

static bool
term_holds(const struct menu_term *term, const struct menu_values *values)
{
	struct str value =
		term->source == TERM_FACT ? values->facts[term->id] : values->vars[term->id];
	bool holds = value.p != NULL;

	if (term->op == TERM_NE)
		holds = !holds || !value_is(value, term);
	else if (term->op == TERM_EQ || term->op == TERM_IN)
		holds = holds && value_is(value, term);
	else if (term->op != TERM_SET)
		holds = holds && ordered(value, term);
	return holds != term->negated;
}

bool
menu_when_holds(const struct menu_when *when, const struct menu_values *values)
{
	for (size_t i = 0; i < when->n; i++)
		if (!term_holds(&when->terms[i], values))
			return false;
	return true;
}

/* ---- Reading ---- */

struct reader {
	struct menu_loader *ld;
	const struct yaml_node *at;
	struct str rest;
	struct str token; /* the one ahead; empty at the end */
	bool failed;
	struct menu_term terms[TERMS_MAX];
	size_t n;
};

static void PRINTF_LIKE(2, 3) fail(struct reader *r, const char *fmt, ...)
{
	va_list args;
	char text[256];

	if (r->failed)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	size_t byte = r->token.n > 0 ? (size_t)(r->token.p - r->at->text.p) : r->at->text.n;
	err_add(r->ld->err, r->ld->doc->file, r->at->line, menu_col(r->ld, r->at, byte), "%s",
		text);
	r->failed = true;
}

static bool
word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.' || c == '-';
}

static void
advance(struct reader *r)
{
	size_t n = 0;

	while (r->rest.n > 0 && r->rest.p[0] == ' ')
		r->rest = str_after(r->rest, 1);
	while (n < r->rest.n && word_char(r->rest.p[n]))
		n++;
	if (n == 0 && r->rest.n > 1 && r->rest.p[1] == '=')
		n = 2;
	else if (n == 0 && r->rest.n > 0)
		n = 1;
	r->token = (struct str){r->rest.p, n};
	r->rest = str_after(r->rest, n);
}

static bool
is_word(struct str token)
{
	return token.n > 0 && word_char(token.p[0]);
}

static bool
take(struct reader *r, const char *token)
{
	if (!str_is(r->token, token))
		return false;
	advance(r);
	return true;
}

enum { ASKED_YES = -1, ASKED_TEXT = -2 }; /* besides rows of menu_types.def and TYPE_UNKNOWN */

static int
fact_type(const struct menu_fact_row *row)
{
	if (row->type == FACT_IS_WORD)
		return menu_type_find(str_of(row->words));
	return row->type == FACT_IS_YES ? ASKED_YES : ASKED_TEXT;
}

/* Sets source and id, and *type: what the name can be compared with. */
static void
name_take(struct reader *r, struct menu_term *term, int *type)
{
	int fact = menu_fact_find(r->token), var = menu_var_seen(r->ld, r->token);
	bool dotted = str_find(r->token, '.') >= 0;

	*type = ASKED_TEXT;
	if (!is_word(r->token)) {
		fail(r, "a name is needed here");
	} else if (fact >= 0) {
		term->source = TERM_FACT;
		term->id = (uint16_t)fact;
		*type = fact_type(menu_fact_row((unsigned)fact));
	} else if (var >= 0) {
		term->source = TERM_VAR;
		term->id = (uint16_t)var;
		*type = r->ld->set->vars[var].type;
		if (menu_type_is_free(*type) && !menu_type_is_ordered(*type))
			*type = ASKED_TEXT;
	} else if (menu_given_find(r->ld, r->token) != NULL) {
		menu_given_fault(r->ld, menu_given_find(r->ld, r->token),
				 "the sub-menu asks about this: give a $variable");
		r->failed = true;
	} else {
		const char *near = dotted ? menu_fact_near(r->token) : NULL;

		fail(r, "there is nothing called %.*s to ask about%s", STR_ARG(r->token),
		     menu_hint(r->ld, near));
	}
	if (!r->failed)
		advance(r);
}

static struct str
compared_word(struct reader *r, int type)
{
	struct str word = r->token;

	if (!is_word(word))
		fail(r, "a word to compare with is needed here");
	else if (type >= 0 && !menu_type_has(r->ld->set, type, word))
		fail(r, "%s is never %.*s%s", menu_type_name(r->ld->set, type), STR_ARG(word),
		     menu_hint(r->ld, menu_word_near(r->ld->set, type, word, r->ld->scratch)));
	if (!r->failed)
		advance(r);
	return arena_str(r->ld->set->arena, word);
}

static void
words_take(struct reader *r, struct menu_term *term, int type)
{
	struct str words[WORDS_MAX];
	bool list = term->op == TERM_IN;

	if (list && !take(r, "("))
		fail(r, "\"in\" needs words in brackets: in (a, b)");
	do {
		if (term->n_words == WORDS_MAX)
			fail(r, "at most %d words", WORDS_MAX);
		else
			words[term->n_words++] = compared_word(r, type);
	} while (list && !r->failed && take(r, ","));
	if (list && !r->failed && !take(r, ")"))
		fail(r, "a closing bracket is missing");
	term->words = arena_memdup(r->ld->set->arena, words, term->n_words * sizeof(*words));
}

static void
number_take(struct reader *r, struct menu_term *term, int type)
{
	struct str word = compared_word(r, type);

	if (!r->failed && type >= 0)
		CHECK(menu_number(word, &term->number));
}

static bool
is_order(int op)
{
	return op == TERM_LT || op == TERM_LE || op == TERM_GT || op == TERM_GE;
}

static void
comparison_take(struct reader *r, struct menu_term *term, struct str name, int type)
{
	bool order = is_order((int)term->op);

	if (term->negated)
		fail(r, "write != instead of not with ==, or >= instead of not with <");
	else if (type == ASKED_YES || type == ASKED_TEXT)
		fail(r, "%.*s has no words to compare: ask for its name alone", STR_ARG(name));
	else if (order && type >= 0 && !menu_type_is_ordered(type))
		fail(r, "%.*s has no order: compare with ==, != or in", STR_ARG(name));
	if (r->failed)
		return;
	advance(r);
	term->numeric = menu_type_is_ordered(type);
	if (order)
		number_take(r, term, type);
	else
		words_take(r, term, type);
}

static void
term_take(struct reader *r)
{
	static const struct {
		const char *token;
		int op;
	} ops[] = {{"==", TERM_EQ}, {"!=", TERM_NE}, {"in", TERM_IN}, {"<", TERM_LT},
		   {"<=", TERM_LE}, {">", TERM_GT},  {">=", TERM_GE}};
	struct menu_term *term = &r->terms[r->n];
	int type;

	term->negated = take(r, "not");
	struct str name = r->token;
	name_take(r, term, &type);
	for (size_t i = 0; i < ARRAY_LEN(ops) && !r->failed; i++) {
		if (!str_is(r->token, ops[i].token))
			continue;
		term->op = ops[i].op;
		comparison_take(r, term, name, type);
		break;
	}
	r->n++;
}

void
menu_when_parse(struct menu_loader *ld, const struct yaml_node *at, struct menu_when *out)
{
	struct reader r = {.ld = ld, .at = at, .rest = at->text};

	if (!menu_need_scalar(ld, at, "a condition"))
		return;
	advance(&r);
	do {
		if (r.n == TERMS_MAX)
			fail(&r, "at most %d conditions joined by and", TERMS_MAX);
		else
			term_take(&r);
	} while (!r.failed && take(&r, "and"));
	if (!r.failed && r.token.n > 0)
		fail(&r, "\"and\" or the end is needed here");
	if (r.failed)
		return;
	out->n = r.n;
	out->terms = arena_memdup(ld->set->arena, r.terms, r.n * sizeof(*r.terms));
}
