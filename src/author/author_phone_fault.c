#include "author/author_int.h"
#include "base/clock.h"
#include "base/id.h"

/* What networks and aggregators do to a call: replies get lost, requests come twice or astray. */

enum author_said
author_phone_lost(struct author_phone *ph, struct str typed, bool *same)
{
	*same = true;
	if (typed.p != NULL) {
		enum author_said says = author_phone_answer(ph, typed);

		if (says != SAYS_PAGE)
			return says;
	}
	return author_phone_repeat(ph, same);
}

static bool
alike(const struct wire_answer *a, const struct wire_answer *b)
{
	return a->status == b->status && str_eq(a->body, b->body) && str_eq(a->type, b->type);
}

enum author_said
author_phone_twice(struct author_phone *ph, struct str typed, bool *same)
{
	struct author_line *const lines[] = {ph->line, ph->second};
	struct wire_answer got[2] = {0};
	bool open = ph->open || typed.p != NULL;
	int64_t from = clock_mono_ms();

	*same = true;
	if (typed.p != NULL) {
		typed = arena_str(ph->arena, typed);
		author_phone_type(ph, typed);
		if (author_phone_prepare(ph, MOVE_CONTINUE, typed) != SAYS_PAGE)
			return SAYS_UNABLE;
	}
	ph->away = author_line_ask_twice(lines, &ph->request, author_phone_target(ph, &ph->request),
					 ph->arena, got);
	ph->took_ms = clock_mono_ms() - from;
	ph->asked = ph->away == AWAY_NOT;
	if (!ph->asked)
		return SAYS_AWAY;
	*same = alike(&got[0], &got[1]);
	ph->answer = got[0];
	enum author_said says = author_phone_read(ph);
	ph->open = open && ph->open;
	return says;
}

enum author_said
author_phone_stray(struct author_phone *ph, struct str typed, const struct phone *number)
{
	const struct author_phone before = *ph;

	typed = arena_str(ph->arena, typed);
	if (typed.p == NULL)
		typed = STR_LIT("");
	author_phone_type(ph, typed);
	if (number != NULL)
		ph->number = *number;
	else
		ph->session = str_of(arena_strdup(ph->arena, id_new().hex));
	enum author_said says = author_phone_prepare(ph, MOVE_CONTINUE, typed);
	if (says == SAYS_PAGE)
		says = author_phone_step(ph);
	/* The call at hand knows nothing of it; what was said is kept to be shown. */
	ph->session = before.session;
	ph->number = before.number;
	ph->open = before.open;
	ph->turns = before.turns;
	ph->pieces = before.pieces;
	buf_cut(&ph->path, before.path.n);
	ph->request = before.request;
	ph->answer = says == SAYS_STATUS ? ph->answer : before.answer;
	ph->asked = before.asked;
	return says;
}
