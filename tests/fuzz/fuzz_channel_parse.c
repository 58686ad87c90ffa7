/*
 * A call of any bytes to channels of every sort. What parses is in bounds, whole
 * and answerable; what does not has an answer too. A path secret is right or it
 * is not.
 */
#include "fuzz_channel_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { VALUE_MOST = 4096, EVENTS_MOST = 200 };

static void
check_text(struct str s)
{
	CHECK(s.n <= VALUE_MOST || s.p == NULL);
	CHECK(utf8_ok(s) && (s.n == 0 || str_find(s, '\0') < 0));
}

static void
check_event(const struct channel_event *ev)
{
	const struct str texts[] = {ev->session,
				    ev->service,
				    ev->network,
				    ev->outcome,
				    ev->turn,
				    ev->id,
				    ev->ref,
				    ev->to,
				    ev->time_word,
				    ev->part_ref,
				    ev->part_number,
				    ev->part_of,
				    ev->reason,
				    secret_reveal(ev->msisdn_raw),
				    secret_reveal(ev->input),
				    secret_reveal(ev->dialled),
				    secret_reveal(ev->in_advance)};

	CHECK(ev->kind < CHANNEL_KINDS && ev->move <= MOVE_ERROR && ev->state <= REPORT_UNKNOWN);
	CHECK(!ev->msisdn_ok || ev->has_msisdn);
	CHECK(ev->msisdn_ok == (ev->msisdn.e164_do_not_log[0] == '+'));
	CHECK(utf8_ok(secret_reveal(ev->text)) && str_find(secret_reveal(ev->text), '\0') < 0);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		check_text(texts[i]);
	for (size_t i = 0; i < ev->n_lets; i++)
		CHECK(ev->lets[i].name != NULL && utf8_ok(ev->lets[i].value));
}

static void
check_answer(const struct wire_answer *answer)
{
	CHECK(answer->status >= 200 && answer->status < 600);
	CHECK(answer->body.n <= 64 * 1024);
	for (size_t i = 0; i < answer->n_headers; i++) {
		const struct str v = answer->headers[i].value;

		for (size_t k = 0; k < v.n; k++)
			CHECK((unsigned char)v.p[k] >= ' ' && v.p[k] != 0x7f);
	}
}

static void
answer_all(const struct channel *ch, const struct channel_event *ev, size_t n, struct arena *a)
{
	struct wire_answer answer;

	for (size_t i = 0; i < n && i < 3; i++) {
		if (ev[i].kind == CHANNEL_USSD && ev[i].move <= MOVE_AUTO) {
			channel_reply(ch, &ev[i], STR_LIT("1. نعم & \"0\""), i % 2, a, &answer);
			check_answer(&answer);
		}
		channel_ack(ch, &ev[i], i % 2, a, &answer);
		check_answer(&answer);
		channel_refuse(ch, &ev[i], a, &answer);
		check_answer(&answer);
	}
	if (n == 0) {
		channel_ack(ch, ev, false, a, &answer);
		check_answer(&answer);
	}
}

/* Looked at without channel_tail: exactly one of two secrets, then a slash or nothing. */
static void
check_tail(const struct channel *ch, struct str word)
{
	static const char *const secrets[] = {"0123456789abcdef", "fedcba9876543210"};
	struct arena *a = arena_new(256);
	struct str path = str_of(arena_printf(a, "/c/fuzz/%.*s", STR_ARG(word))), tail;
	bool right = false;

	/* As the web front hands it over: without NUL. */
	for (size_t i = 0; i < 2; i++)
		right |=
			str_starts(word, str_of(secrets[i])) && (word.n == 16 || word.p[16] == '/');
	if (word.n == 0 || str_find(word, '\0') < 0)
		CHECK(channel_tail(ch, path, &tail) == right);
	arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena *a;
	struct str rest = {(const char *)data, n}, tail;
	const struct channel *ch = fuzz_channel_cut(&rest);
	struct channel_event *events = NULL;
	struct wire_answer refusal = {0};
	size_t n_events = 0;

	if (a == NULL)
		a = arena_new(1 << 16);
	arena_reset(a);
	struct wire_request req = fuzz_call(rest, a, &tail);
	int rc = channel_parse(ch, &req, tail, FUZZ_NOW, a, &events, &n_events, &refusal);

	CHECK(n_events <= EVENTS_MOST);
	for (size_t i = 0; rc == 0 && i < n_events; i++)
		check_event(&events[i]);
	if (rc == 0)
		answer_all(ch, events, n_events, a);
	else
		check_answer(&refusal);
	check_tail(ch, req.query);
	return 0;
}
