#include "author/author_carrier_int.h"

#include <stdlib.h>

/* Delivery reports: state after state, each when the one before was answered. */

static enum report_state
state_at_hand(const struct carrier_message *m)
{
	return m->carrier->states[m->next_state];
}

static void
on_answered(void *arg, const struct wire_answer *got, enum author_away why)
{
	struct carrier_message *m = arg;
	const struct author_carrier *c = m->carrier;

	author_notice_report(m, report_state_word(state_at_hand(m)), got ? got->status : 0, why);
	if (++m->next_state < c->n_states)
		timer_set(m->timer, c->o->report_delay_ms);
	else
		author_message_end(m);
}

static void
on_due(void *arg)
{
	struct carrier_message *m = arg;
	struct author_carrier *c = m->carrier;
	struct wire_request req;
	int rc = channel_play_report(c->party->channel, m->id, m->ref, &m->phone, state_at_hand(m),
				     m->arena, &req);

	if (rc != 0) {
		fprintf(c->o->err, "wasl: the dialect has no report that says %s\n",
			report_state_word(state_at_hand(m)));
		author_message_end(m);
		return;
	}
	struct str path = author_party_target(c->party, author_line_path(c->line), CHANNEL_REPORT,
					      &req, m->arena);
	author_line_send(c->line, &req, path, m->arena, on_answered, m);
}

void
author_report_start(struct carrier_message *m)
{
	struct author_carrier *c = m->carrier;

	if (c->line == NULL || !m->phone_ok) {
		author_message_end(m);
		return;
	}
	m->timer = timer_new(c->loop, on_due, m);
	timer_set(m->timer, c->o->report_delay_ms);
}

/* ---- The life of a message ---- */

void
author_message_free(struct carrier_message *m)
{
	timer_free(m->timer);
	arena_free(m->arena);
}

static void
free_later(void *p)
{
	author_message_free(p);
}

void
author_message_end(struct carrier_message *m)
{
	*m->at = m->next;
	if (m->next != NULL)
		m->next->at = m->at;
	loop_free_later(m->carrier->loop, free_later, m);
	author_carrier_look(m->carrier);
}
