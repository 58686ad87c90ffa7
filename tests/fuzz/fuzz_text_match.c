/*
 * A pattern of any bytes, a line feed, and a text: the pattern is refused with a
 * place in it, or finds a piece of the text, the same each time, within its
 * limits.
 */
#include "text/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check_find(const struct match *m, struct str subject)
{
	struct str piece = STR_NONE, again = STR_NONE;
	bool found = match_find(m, subject, &piece);

	CHECK(match_find(m, subject, &again) == found && match_find(m, subject, NULL) == found);
	if (!found)
		return;
	CHECK(str_eq(piece, again) && piece.n <= subject.n);
	CHECK(piece.n == 0 || (piece.p >= subject.p && piece.p + piece.n <= subject.p + subject.n));
	CHECK(!utf8_ok(subject) || utf8_ok(piece));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str rest = {(const char *)data, n}, pattern = str_cut(&rest, '\n');
	struct match *m = NULL;
	const char *why = NULL;
	size_t at = 0;

	if (match_compile(pattern, &m, &at, &why) != W_OK) {
		CHECK(at <= pattern.n && why != NULL && why[0] != '\0');
		return 0;
	}
	CHECK(match_captures(m) <= MATCH_CAPTURES_MAX && pattern.n <= MATCH_PATTERN_MAX);
	check_find(m, rest);
	match_free(m);
	return 0;
}
