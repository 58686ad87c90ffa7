#include "outbox/outbox_int.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"

#include <inttypes.h>
#include <stdlib.h>

enum { WAIT_MS = 2000, TRIES = 4 };

/* What a report says, as a state of ours; -1: nothing that moves a message. */
static const int means[] = {
	[REPORT_PENDING] = OUTBOX_ACCEPTED,
	[REPORT_SENT] = OUTBOX_ACCEPTED,
	[REPORT_DELIVERED] = OUTBOX_DELIVERED,
	[REPORT_FAILED] = OUTBOX_FAILED,
	[REPORT_EXPIRED] = OUTBOX_EXPIRED,
	[REPORT_REJECTED] = OUTBOX_FAILED,
	[REPORT_UNKNOWN] = -1,
};

/* A report on its way into the store. */
struct reporting {
	struct parked p;
	int tries;
};

static void apply(struct reporting *r);

static int
find(const struct parked *p, struct row_outbox *row)
{
	struct store_reader *reader = store_loop_reader(p->o->options.store);
	int rc = W_ENOENT;

	if (p->event.id.n > 0)
		rc = read_outbox_provider(reader, p->channel, p->event.id, p->arena, row);
	if (rc == W_ENOENT && p->event.ref.n > 0)
		rc = read_outbox_ref(reader, p->event.ref, p->arena, row);
	if (rc == W_OK && !str_eq(row->channel, p->channel))
		rc = W_ENOENT;
	return rc;
}

static void
end(struct reporting *r, int rc)
{
	r->p.done(r->p.arg, rc);
	arena_free(r->p.arena);
	free(r);
}

static void
on_stored(void *arg, int rc)
{
	struct reporting *r = arg;
	struct outbox *o = r->p.o;

	if (rc == W_EEXIST && ++r->tries < TRIES && !o->closed)
		apply(r); /* the row moved on meanwhile: look again */
	else
		end(r, rc == W_EEXIST ? W_OK : rc);
	outbox_job_done(o);
}

static bool
answer_is_out(const struct outbox *o, struct str channel)
{
	for (const struct flight *f = o->flights; f != NULL; f = f->next)
		if (f->step != STEP_CLAIM && str_eq(f->row.channel, channel))
			return true;
	return false;
}

static void
park(struct reporting *r)
{
	struct outbox *o = r->p.o;

	r->p.next = o->parked;
	o->parked = &r->p;
	o->n_parked++;
	timer_set(o->park_timer, WAIT_MS);
}

static void
unknown(struct reporting *r)
{
	log_info("report of channel %.*s for a message that is not here", STR_ARG(r->p.channel));
	end(r, W_OK);
}

static void
apply(struct reporting *r)
{
	struct outbox *o = r->p.o;
	struct row_outbox row;
	const int to = means[r->p.event.state];
	int rc = find(&r->p, &row);

	if (rc == W_ENOENT && o->n_parked < OUTBOX_PARKED && r->p.until_ms > clock_mono_ms() &&
	    answer_is_out(o, r->p.channel)) {
		park(r);
		return;
	}
	if (rc == W_ENOENT) {
		unknown(r);
		return;
	}
	const struct outbox_move move = {.to = (enum outbox_state)to,
					 .by = OUTBOX_BY_REPORT,
					 .provider_id = r->p.event.id,
					 .word = r->p.event.word,
					 .at = clock_now()};
	const int from = rc == W_OK ? outbox_state_of(row.state) : -1;
	if (rc != W_OK || to < 0 || from < 0 ||
	    !outbox_may_follow((enum outbox_state)from, move.to, OUTBOX_BY_REPORT)) {
		end(r, rc);
		return;
	}
	struct store_job *job = store_job_new(o->options.store);
	CHECK(outbox_set_state(job, &row, &move) == W_OK);
	log_info("outbox id=%" PRId64 " report: %s", row.id, outbox_state_word(move.to));
	o->jobs++;
	store_submit(o->options.store, job, on_stored, r);
}

void
outbox_report(struct outbox *o, struct str channel, const struct channel_event *ev,
	      void (*done)(void *arg, int rc), void *arg)
{
	struct reporting *r = xcalloc(1, sizeof(*r));
	struct arena *a = arena_new(0);

	CHECK_ON_LOOP();
	metric_add(METRIC_REPORTS, 1);
	r->p = (struct parked){.o = o,
			       .arena = a,
			       .channel = arena_str(a, channel),
			       .until_ms = clock_mono_ms() + WAIT_MS,
			       .done = done,
			       .arg = arg};
	r->p.event.state = ev->state;
	r->p.event.id = arena_str(a, ev->id);
	r->p.event.ref = arena_str(a, ev->ref);
	r->p.event.word = arena_str(a, ev->word);
	apply(r);
}

static struct parked *
take_parked(struct outbox *o)
{
	struct parked *list = o->parked;

	o->parked = NULL;
	o->n_parked = 0;
	return list;
}

void
outbox_parked_try(void *outbox)
{
	struct parked *p = take_parked(outbox);

	while (p != NULL) {
		struct parked *next = p->next;

		apply((struct reporting *)p);
		p = next;
	}
}

void
outbox_parked_end(struct outbox *o)
{
	struct parked *p = take_parked(o);

	while (p != NULL) {
		struct parked *next = p->next;

		end((struct reporting *)p, W_EIO); /* let them come again */
		p = next;
	}
}
