/* Any bytes as typed text: keys are valid, bounded and fold to themselves; numbers stay numbers. */
#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_key(struct str typed)
{
	char once[TEXT_KEY_MAX + 1], twice[TEXT_KEY_MAX + 1];
	struct buf key, again;

	buf_init(&key, once, sizeof(once));
	buf_init(&again, twice, sizeof(twice));
	int rc = text_fold(typed, &key);
	CHECK((rc == W_OK) == (typed.n <= TEXT_TYPED_MAX && utf8_ok(typed)));
	if (rc != W_OK) {
		CHECK(rc == W_EINVAL && key.n == 0);
		return;
	}
	CHECK(buf_ok(&key) && utf8_ok(buf_str(&key)) && key.n <= 11 * typed.n);
	if (key.n <= TEXT_TYPED_MAX)
		CHECK(text_fold(buf_str(&key), &again) == W_OK &&
		      str_eq(buf_str(&key), buf_str(&again)));
}

/* A buffer that is too small by any amount: no cut key, and what was there stays. */
static void
check_small_buffer(struct str typed)
{
	char memory[24];
	struct buf key;

	buf_init(&key, memory, 8 + typed.n % 16);
	buf_adds(&key, "before");
	int rc = text_fold(typed, &key);
	CHECK(str_starts(buf_str(&key), STR_LIT("before")));
	CHECK(rc == W_OK || key.n == 6);
}

static void
check_clean(struct str s)
{
	struct arena *a = arena_new(0);
	struct buf digits, clean;

	buf_init_arena(&digits, a);
	buf_init_arena(&clean, a);
	text_fold_digits(s, &digits);
	text_strip_controls(s, &clean);
	CHECK(utf8_ok(buf_str(&digits)) && digits.n <= 3 * s.n);
	CHECK(utf8_ok(buf_str(&clean)) && clean.n <= 3 * s.n);
	for (size_t i = 0; i < clean.n; i++)
		CHECK((unsigned char)clean.p[i] >= ' ' || clean.p[i] == '\n');
	(void)text_is_rtl(s);
	arena_free(a);
}

/* What was understood is understood again, in every style that stands for itself. */
static void
check_phone(struct str s)
{
	static const enum phone_style styles[] = {PHONE_PLUS, PHONE_ZEROS, PHONE_NATIONAL};
	struct phone p, again;
	char memory[32];
	struct buf b;
	enum phone_verdict v = phone_parse(s, &p);

	CHECK((v == PHONE_BAD) == (p.e164_do_not_log[0] == '\0'));
	if (v == PHONE_BAD)
		return;
	for (size_t i = 0; i < ARRAY_LEN(styles); i++) {
		buf_init(&b, memory, sizeof(memory));
		phone_reveal(&p, styles[i], &b);
		CHECK(buf_ok(&b) && phone_parse(buf_str(&b), &again) == v);
		CHECK(phone_eq(&p, &again));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str s = {(const char *)data, n};

	check_key(s);
	check_small_buffer(s);
	check_clean(s);
	check_phone(s);
	return 0;
}
