#include "channel/channel_int.h"

/* Answers of ours: the template of the section, filled from what it read. */

static void
set_given(const struct plan *plan, struct piece *slots, enum name_given name, struct piece p)
{
	if (plan->given[name] >= 0)
		slots[plan->given[name]] = p;
}

static void
answer(const struct sheet *s, struct scene *sc, struct wire_answer *out)
{
	struct filled f;

	fill_sheet(s, sc, &f);
	*out = (struct wire_answer){.status = s->status,
				    .type = f.type,
				    .headers = f.headers,
				    .n_headers = f.n_headers,
				    .body = f.body};
	if (out->body.n > OUT_BYTES) /* what they sent us to echo is out of all proportion */
		*out = (struct wire_answer){.status = 500};
}

static void
empty_answer(int status, struct wire_answer *out)
{
	*out = (struct wire_answer){.status = status, .type = STR_LIT("text/plain; charset=utf-8")};
}

static struct scene
scene_of(const struct channel *ch, const struct channel_event *ev, struct arena *a)
{
	const struct plan *plan = ev->section->plan;
	struct piece *slots = ev->slots == NULL
				      ? channel_slots(ch, plan, a)
				      : arena_memdup(a, ev->slots, plan->n * sizeof(*slots));

	return (struct scene){.slots = slots, .arena = a};
}

void
channel_reply(const struct channel *ch, const struct channel_event *ev, struct str page, bool go_on,
	      struct arena *a, struct wire_answer *out)
{
	const struct section *s = ev->section;
	struct scene sc = scene_of(ch, ev, a);

	CHECK(s->reply != NULL);
	set_given(s->plan, sc.slots, NAME_PAGE, piece_text(page.p ? page : STR_LIT("")));
	fill_words(s->reply,
		   1U << (go_on ? WHEN_CONTINUE : WHEN_END) |
			   1U << (gsm7_can(page) ? WHEN_GSM7 : WHEN_UCS2),
		   &sc);
	answer(s->reply, &sc, out);
}

void
channel_ack(const struct channel *ch, const struct channel_event *ev, bool live, struct arena *a,
	    struct wire_answer *out)
{
	const struct section *s = ev->section;

	if (s->ack_ends) {
		channel_reply(ch, ev, STR_LIT(""), false, a, out);
		return;
	}
	if (s->ack == NULL) {
		empty_answer(200, out);
		return;
	}
	struct scene sc = scene_of(ch, ev, a);

	set_given(s->plan, sc.slots, NAME_LIVE,
		  (struct piece){live ? STR_LIT("true") : STR_LIT("false"), PIECE_WORD});
	fill_words(s->ack, 1U << WHEN_END | 1U << WHEN_GSM7, &sc);
	answer(s->ack, &sc, out);
}

void
channel_refuse(const struct channel *ch, const struct channel_event *ev, struct arena *a,
	       struct wire_answer *out)
{
	const struct section *s = ev->section;

	if (s == NULL || s->refuse == NULL) {
		empty_answer(400, out);
		return;
	}
	struct scene sc = scene_of(ch, ev, a);

	fill_words(s->refuse, 1U << WHEN_END | 1U << WHEN_GSM7, &sc);
	answer(s->refuse, &sc, out);
}
