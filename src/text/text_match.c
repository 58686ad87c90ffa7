#define PCRE2_CODE_UNIT_WIDTH 8

#include "text/text.h"

#include <pcre2.h>
#include <stdlib.h>

/*
 * Patterns come from installed files, subjects from phones and aggregators: a
 * pattern that goes exponential must cost a bounded moment and then mean no.
 */
enum { MATCH_STEPS = 10000, MATCH_DEPTH = 250, MATCH_HEAP_KIB = 64, NEST_MAX = 50 };

struct match {
	pcre2_code *code;
	pcre2_match_context *limits;
	unsigned captures;
};

/* Words for what people get wrong; PCRE2 writes its own only into memory of the caller. */
static const struct {
	int code;
	const char *why;
} faults[] = {
	{PCRE2_ERROR_END_BACKSLASH, "the pattern ends in a backslash"},
	{PCRE2_ERROR_UNKNOWN_ESCAPE, "unknown letter after a backslash"},
	{PCRE2_ERROR_ESCAPE_INVALID_IN_CLASS, "this escape has no meaning between [ and ]"},
	{PCRE2_ERROR_QUANTIFIER_OUT_OF_ORDER, "numbers out of order in { }"},
	{PCRE2_ERROR_QUANTIFIER_TOO_BIG, "number too big in { }"},
	{PCRE2_ERROR_QUANTIFIER_INVALID, "nothing to repeat before this"},
	{PCRE2_ERROR_MISSING_SQUARE_BRACKET, "a [ without its ]"},
	{PCRE2_ERROR_CLASS_RANGE_ORDER, "range out of order between [ and ]"},
	{PCRE2_ERROR_CLASS_INVALID_RANGE, "not a range between [ and ]"},
	{PCRE2_ERROR_UNKNOWN_POSIX_CLASS, "unknown class name in [: :]"},
	{PCRE2_ERROR_POSIX_CLASS_NOT_IN_CLASS, "[: :] stands outside [ ]"},
	{PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS, "a ( without its )"},
	{PCRE2_ERROR_UNMATCHED_CLOSING_PARENTHESIS, "a ) without its ("},
	{PCRE2_ERROR_INVALID_AFTER_PARENS_QUERY, "unknown sign after (?"},
	{PCRE2_ERROR_BAD_SUBPATTERN_REFERENCE, "refers to a group that is not there"},
	{PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH, "what is looked for behind has no fixed length"},
	{PCRE2_ERROR_MALFORMED_UNICODE_PROPERTY, "malformed \\p or \\P"},
	{PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY, "unknown name after \\p or \\P"},
	{PCRE2_ERROR_CODE_POINT_TOO_BIG, "character number too big"},
	{PCRE2_ERROR_BACKSLASH_C_CALLER_DISABLED, "\\C is not allowed"},
	{PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP, "groups nested too deep"},
	{PCRE2_ERROR_PATTERN_TOO_LARGE, "the pattern grows too large"},
	{PCRE2_ERROR_PATTERN_TOO_COMPLICATED, "the pattern is too complicated"},
};

static const char *
fault_word(int code)
{
	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		if (faults[i].code == code)
			return faults[i].why;
	/* Negative codes are the checks of UTF-8, positive ones of the syntax. */
	return code < 0 ? "not valid UTF-8" : "not a valid pattern";
}

static int
refuse(size_t at, const char *sentence, size_t *fault_at, const char **why)
{
	*fault_at = at;
	*why = sentence;
	return W_EINVAL;
}

static pcre2_match_context *
limits_new(void)
{
	pcre2_match_context *limits = pcre2_match_context_create(NULL);

	CHECK(limits != NULL);
	pcre2_set_match_limit(limits, MATCH_STEPS);
	pcre2_set_depth_limit(limits, MATCH_DEPTH);
	pcre2_set_heap_limit(limits, MATCH_HEAP_KIB);
	return limits;
}

static pcre2_code *
compile(struct str pattern, int *code, size_t *at)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);

	CHECK(context != NULL);
	pcre2_set_parens_nest_limit(context, NEST_MAX);
	pcre2_code *compiled =
		pcre2_compile((PCRE2_SPTR)str_bytes(pattern), pattern.n,
			      PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, code, at, context);
	pcre2_compile_context_free(context);
	return compiled;
}

int
match_compile(struct str pattern, struct match **out, size_t *fault_at, const char **why)
{
	int code;
	size_t at;
	uint32_t captures;

	if (pattern.n > MATCH_PATTERN_MAX)
		return refuse(MATCH_PATTERN_MAX, "the pattern is over 256 bytes", fault_at, why);
	pcre2_code *compiled = compile(pattern, &code, &at);
	if (compiled == NULL)
		return refuse(at < pattern.n ? at : pattern.n, fault_word(code), fault_at, why);
	pcre2_pattern_info(compiled, PCRE2_INFO_CAPTURECOUNT, &captures);
	if (captures > MATCH_CAPTURES_MAX) {
		pcre2_code_free(compiled);
		return refuse(0, "more than 32 captures", fault_at, why);
	}
	struct match *m = xcalloc(1, sizeof(*m));
	*m = (struct match){.code = compiled, .limits = limits_new(), .captures = captures};
	*out = m;
	return W_OK;
}

void
match_free(struct match *m)
{
	if (m == NULL)
		return;
	pcre2_code_free(m->code);
	pcre2_match_context_free(m->limits);
	free(m);
}

unsigned
match_captures(const struct match *m)
{
	return m->captures;
}

/* No more than the bound, and no half character at its end. */
static struct str
cut_subject(struct str subject)
{
	if (subject.n <= MATCH_SUBJECT_MAX)
		return subject;
	subject.n = MATCH_SUBJECT_MAX;
	while (subject.n > MATCH_SUBJECT_MAX - 3 &&
	       ((unsigned char)subject.p[subject.n] & 0xC0) == 0x80)
		subject.n--;
	return subject;
}

/* The first capture, nothing when its group took no part; the whole match without any. */
static struct str
found_piece(const struct match *m, pcre2_match_data *data, struct str subject)
{
	const size_t *ends = pcre2_get_ovector_pointer(data) + (m->captures > 0 ? 2 : 0);

	if (ends[0] == PCRE2_UNSET || ends[0] > ends[1] || ends[1] > subject.n)
		return STR_NONE;
	return (struct str){subject.p + ends[0], ends[1] - ends[0]};
}

bool
match_find(const struct match *m, struct str subject, struct str *piece)
{
	struct str seen = cut_subject(subject.p ? subject : STR_LIT(""));
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(m->code, NULL);
	uint32_t options = seen.n < subject.n ? PCRE2_NOTEOL : 0;

	CHECK(data != NULL);
	int rc = pcre2_match(m->code, (PCRE2_SPTR)seen.p, seen.n, 0, options, data, m->limits);
	if (rc > 0 && piece != NULL)
		*piece = found_piece(m, data, seen);
	pcre2_match_data_free(data);
	return rc > 0;
}
