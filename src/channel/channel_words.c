#include "channel/channel_int.h"

/* Words of the language. The order is the order of the enums in the headers. */

#define WORDLIST(name, what_it_is, ...)                         \
	static const char *const list_##name[] = {__VA_ARGS__}; \
	const struct wordlist words_##name = {list_##name, ARRAY_LEN(list_##name), what_it_is}

WORDLIST(kinds, "kind of section", "ussd", "ussd_end", "sms", "report", "optout", "ping");
WORDLIST(moves, "event", "begin", "continue", "auto", "end", "abort", "timeout", "error");
WORDLIST(states, "state", "pending", "sent", "delivered", "failed", "expired", "rejected",
	 "unknown");
WORDLIST(said, "verdict", "accepted", "rejected", "optout", "again", "busy", "hold", "fault",
	 "denied", "renew", "uncertain");
WORDLIST(sources, "source", "query", "form", "json", "each", "any", "header", "path", "body",
	 "http", "channel", "secret", "url", "xml");
WORDLIST(needs, "field", "msisdn", "session", "service", "network", "event", "outcome", "input",
	 "drop", "dialled", "turn", "id", "ref", "to", "text", "time", "state", "reason");
WORDLIST(names, "name", "page", "live", "to", "text", "ref", "now", "token");
WORDLIST(filters, "filter", "unhex", "unbase64", "unpercent", "utf-16be", "gsm7", "iso-8859-1",
	 "md5", "sha1", "sha256", "hex", "base64", "percent", "unxml", "upper", "lower", "crlf",
	 "bare", "00", "plus", "national", "number", "next");
WORDLIST(charsets, "charset", "utf-8", "utf-16be", "gsm7", "iso-8859-1");
WORDLIST(situations, "word set", "continue", "end", "gsm7", "ucs2");

int
words_find(const struct wordlist *list, struct str word)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq_nocase(str_of(list->words[i]), word))
			return (int)i;
	return -1;
}

static const char *
word_at(const struct wordlist *list, int i)
{
	return i >= 0 && (size_t)i < list->n ? list->words[i] : "?";
}

const char *
channel_kind_word(enum channel_kind k)
{
	return word_at(&words_kinds, (int)k);
}

const char *
channel_move_word(enum channel_move m)
{
	return word_at(&words_moves, (int)m);
}

const char *
report_state_word(enum report_state s)
{
	return word_at(&words_states, (int)s);
}

bool
report_state_final(enum report_state s)
{
	return s >= REPORT_DELIVERED && s <= REPORT_REJECTED;
}

const char *
channel_said_word(enum channel_said s)
{
	return word_at(&words_said, (int)s);
}
