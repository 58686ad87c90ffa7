#include "outbox/outbox_int.h"

static const char *const words[OUTBOX_STATES] = {
#define STATE(id, word) [OUTBOX_##id] = word,
#define MOVE(from, to, by)
#include "outbox/outbox_states.def"
#undef STATE
#undef MOVE
};

static const struct {
	enum outbox_state from, to;
	enum outbox_by by;
} moves[] = {
#define STATE(id, word)
#define MOVE(from, to, by) {OUTBOX_##from, OUTBOX_##to, OUTBOX_BY_##by},
#include "outbox/outbox_states.def"
#undef STATE
#undef MOVE
};

const char *
outbox_state_word(enum outbox_state s)
{
	return words[s];
}

int
outbox_state_of(struct str word)
{
	for (int s = 0; s < OUTBOX_STATES; s++)
		if (str_is(word, words[s]))
			return s;
	return -1;
}

bool
outbox_may_follow(enum outbox_state from, enum outbox_state to, enum outbox_by by)
{
	for (size_t i = 0; i < ARRAY_LEN(moves); i++)
		if (moves[i].from == from && moves[i].to == to && moves[i].by == by)
			return true;
	return false;
}

/* At most n bytes, never inside a character. */
static struct str
cut(struct str s, size_t n)
{
	if (s.n <= n)
		return s;
	while (n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
		n--;
	return (struct str){s.p, n};
}

enum { PROVIDER_ID_MAX = 200, WORD_MAX = 100 };

int
outbox_set_state(struct store_job *job, const struct row_outbox *row,
		 const struct outbox_move *move)
{
	int from = outbox_state_of(row->state);

	if (from < 0 || !outbox_may_follow((enum outbox_state)from, move->to, move->by))
		return W_EDENIED;
	set_outbox_state(job, row->id, str_of(words[from]), str_of(words[move->to]),
			 cut(move->provider_id, PROVIDER_ID_MAX), cut(move->word, WORD_MAX),
			 move->at, move->send_after);
	return W_OK;
}

static int
by_human(struct store_job *job, const struct row_outbox *row, enum outbox_state to, int64_t now)
{
	const struct outbox_move move = {
		.to = to, .by = OUTBOX_BY_HUMAN, .at = now, .send_after = now};

	return outbox_set_state(job, row, &move);
}

int
outbox_cancel(struct store_job *job, const struct row_outbox *row, int64_t now)
{
	return by_human(job, row, OUTBOX_CANCELLED, now);
}

int
outbox_retry(struct store_job *job, const struct row_outbox *row, int64_t now)
{
	return by_human(job, row, OUTBOX_QUEUED, now);
}

int
outbox_resolve(struct store_job *job, const struct row_outbox *row, struct str word, int64_t now)
{
	int to = outbox_state_of(word);

	if (to != OUTBOX_ACCEPTED && to != OUTBOX_DELIVERED && to != OUTBOX_FAILED)
		return W_EINVAL;
	return by_human(job, row, (enum outbox_state)to, now);
}
