#include "session/session_step_int.h"

#include <stdlib.h>

/* What was typed on a page that asks for a value: one reader a kind of input. */

struct reading {
	const struct step *s;
	const struct menu_node *n;
	struct str typed, folded;
	struct str found; /* what the pattern is about; all of folded without one */
	struct str value;
};

bool
step_all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

static bool
length_ok(const struct menu_node *n, struct str value)
{
	size_t length = utf8_count(value);

	return length >= n->input_min && (n->input_max == 0 || length <= n->input_max);
}

static bool
read_text(struct reading *r)
{
	struct buf clean;

	buf_init_arena(&clean, r->s->w->arena);
	text_strip_controls(r->typed, &clean);
	r->value = str_trim(buf_str(&clean));
	return r->value.n > 0 && length_ok(r->n, r->value);
}

static bool
read_digits(struct reading *r)
{
	return step_all_digits(r->folded) && length_ok(r->n, r->folded);
}

/* Kept without leading zeros, so that the same number is the same text. */
static bool
read_int(struct reading *r)
{
	int64_t number;

	if (!step_all_digits(r->folded) || !str_to_int(r->folded, &number) ||
	    number < r->n->input_min || number > r->n->input_max)
		return false;
	r->value = arena_int(r->s->w->arena, number);
	return true;
}

static bool
read_phone(struct reading *r)
{
	struct phone phone;
	struct buf e164;
	enum phone_verdict verdict = phone_parse(r->typed, &phone);

	if (verdict != PHONE_OK && verdict != PHONE_NOT_MOBILE)
		return false;
	buf_init_arena(&e164, r->s->w->arena);
	phone_reveal(&phone, PHONE_PLUS, &e164);
	r->value = buf_str(&e164);
	return true;
}

/* A word that has a label in lists.yaml, typed as that label. */
static bool
read_choice(struct reading *r)
{
	const struct step *s = r->s;

	if (r->n->into == MENU_NO_VAR)
		return false;
	r->value = menu_choice(s->w->menus, r->n->into, s->st->lang, r->found, s->w->arena);
	return r->value.n > 0;
}

/* 1 is yes and 2 is no, as on every page that asks so; or their labels, where there are any. */
static bool
read_yesno(struct reading *r)
{
	if (!str_is(r->folded, "1") && !str_is(r->folded, "2"))
		return read_choice(r);
	r->value = str_is(r->folded, "1") ? STR_LIT("yes") : STR_LIT("no");
	return true;
}

/* ---- Dates ---- */

/* Numbers of 1 to 4 digits with one '/', '-', '.' or blank between them. */
static size_t
split_date(struct str text, int64_t *parts, size_t max)
{
	size_t n = 0;

	while (text.n > 0 && n < max) {
		size_t digits = 0;

		while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
			digits++;
		if (digits > 4 || !str_to_int((struct str){text.p, digits}, &parts[n]))
			return 0;
		n++;
		text = str_after(text, digits);
		if (text.n == 0)
			return n;
		if (strchr("/-. ", text.p[0]) == NULL)
			return 0;
		text = str_after(text, 1);
	}
	return 0;
}

/* The year in which a day without one is nearest to today. */
static int32_t
nearest_year(const struct step_world *w, struct wall day)
{
	struct wall now;
	int best = INT32_MAX;
	int32_t year = 0;

	civil_to_wall(w->work->zone, w->now, &now);
	for (int32_t y = now.year - 1; y <= now.year + 1; y++) {
		day.year = y;
		if (!civil_wall_ok(&day))
			continue;
		int days = abs(civil_days_between(&now, &day));
		if (days < best) {
			best = days;
			year = y;
		}
	}
	return year;
}

static bool
read_date(struct reading *r)
{
	int64_t parts[3];
	size_t n = split_date(r->folded, parts, ARRAY_LEN(parts));

	if (n < 2 || parts[0] > 31 || parts[1] > 12)
		return false;
	struct wall day = {.month = (uint8_t)parts[1], .day = (uint8_t)parts[0]};
	day.year = n == 3 ? (int32_t)parts[2] : nearest_year(r->s->w, day);
	if ((n == 3 && day.year < 1000) || !civil_wall_ok(&day))
		return false;
	r->value = str_of(
		arena_printf(r->s->w->arena, "%04d-%02d-%02d", (int)day.year, day.month, day.day));
	return true;
}

static bool (*const readers[])(struct reading *) = {
	[INPUT_TEXT] = read_text,     [INPUT_DIGITS] = read_digits, [INPUT_INT] = read_int,
	[INPUT_PHONE] = read_phone,   [INPUT_YESNO] = read_yesno,   [INPUT_DATE] = read_date,
	[INPUT_CHOICE] = read_choice,
};

bool
step_read_input(const struct step *s, const struct menu_node *n, struct str typed,
		struct str folded, struct str *value)
{
	struct reading r = {s, n, typed, folded, folded, folded};

	CHECK(n->input < ARRAY_LEN(readers));
	if (n->pattern != NULL && !match_find(n->pattern, folded, &r.found))
		return false;
	bool ok = readers[n->input](&r);
	*value = r.value;
	return ok;
}
