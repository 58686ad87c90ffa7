#include "author/author_int.h"

/*
 * Pages for a terminal. Each line begins with a Latin label, so that no
 * terminal, whatever it thinks of bidi, moves anything but the page's own
 * words.
 */

struct str
author_clean(struct str text, struct arena *a)
{
	struct buf b;

	buf_init_arena(&b, a);
	text_strip_controls(text, &b);
	return buf_str(&b);
}

static const char *
coding_word(enum text_coding c)
{
	return c == TEXT_GSM7 ? "gsm7" : "ucs2";
}

void
author_screen_print(FILE *to, unsigned number, struct str page, struct page_limit limit,
		    int64_t took_ms, bool ascii)
{
	struct arena *a = arena_new(0);
	struct ussd_size size;
	const char *dot = author_dot(ascii);

	ussd_measure(page, &size);
	unsigned most = size.coding == TEXT_GSM7 ? limit.gsm7 : limit.ucs2;
	fprintf(to, "SCREEN %u %s %s %zu of %u%s %s %lld ms\n", number, dot,
		coding_word(size.coding), size.units, most, size.units > most ? " TOO LONG" : "",
		dot, (long long)took_ms);
	struct str rest = author_clean(page, a);
	for (unsigned line = 1; rest.n > 0; line++) {
		struct str text = str_cut(&rest, '\n');

		fprintf(to, " L%-2u %.*s\n", line, STR_ARG(text));
	}
	fflush(to);
	arena_free(a);
}

/* ---- Statuses ---- */

static const struct {
	int status, exit;
	const char *sentence;
} statuses[] = {
	{400, AUTHOR_FAILED, "the gateway did not understand the call: is it the right dialect?"},
	{403, AUTHOR_FAILED,
	 "refused: the name or secret in the address is wrong, or this machine is not among the "
	 "channel's addresses, or the proof fails"},
	{404, AUTHOR_FAILED, "no such path: the address must be the USSD one of the channel"},
	{405, AUTHOR_FAILED, "that path takes another method: is it the right dialect?"},
	{413, AUTHOR_FAILED, "the request is longer than the channel takes"},
	{429, AUTHOR_UNREACHABLE, "too many calls: wait a minute, or use another number"},
	{500, AUTHOR_FAILED, "the gateway stumbled: its log says more"},
	{502, AUTHOR_UNREACHABLE, "a proxy answers, and the gateway behind it does not"},
	{503, AUTHOR_UNREACHABLE, "the gateway is busy, starting or stopping: try again"},
	{504, AUTHOR_UNREACHABLE, "a proxy answers, and the gateway behind it is too slow"},
};

const char *
author_status_sentence(int status)
{
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].sentence;
	return "not an answer that the dialect has";
}

int
author_status_exit(int status)
{
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		if (statuses[i].status == status)
			return statuses[i].exit;
	return AUTHOR_FAILED;
}
