/*
 * What the caps start from: how many people are enrolled and how many messages
 * left in the present hour and day (UTC). Counted by the reader thread, a page
 * at a time.
 */
#include "outbox/outbox_int.h"

#include "base/clock.h"

#include <stdlib.h>

enum { PAGE = 1000, HOUR_S = 3600, DAY_S = 86400, EVERY_MS = 3600 * 1000, SOON_MS = 5000 };
/* Messages for each enrolled person, where no cap is given; nobody yet counts as one. */
enum { CAP_EACH = 3, ENROLLED_LEAST = 1 };

struct census {
	struct outbox *o;
	struct arena *arena;
	int64_t now, after;
	bool people_done, all_done;
	int64_t enrolled, hour, day;
	size_t page;
};

static int
count_person(void *ctx, const struct row_person *row)
{
	struct census *c = ctx;

	c->page++;
	c->after = row->id;
	if (str_is(row->status, "active"))
		c->enrolled++;
	return 0;
}

static int
count_message(void *ctx, const struct row_outbox *row)
{
	struct census *c = ctx;

	c->page++;
	c->after = row->id;
	if (row->claimed_at >= c->now - c->now % HOUR_S)
		c->hour++;
	if (row->claimed_at >= c->now - c->now % DAY_S)
		c->day++;
	return 0;
}

/* On the reader thread. */
static void
read_page(struct store_reader *reader, void *arg)
{
	struct census *c = arg;
	const struct filter f = {
		.after = c->after, .limit = PAGE, .since = c->people_done ? c->now - 2 * DAY_S : 0};
	int rc;

	arena_reset(c->arena);
	c->page = 0;
	rc = c->people_done ? list_outbox(reader, &f, c->arena, count_message, c)
			    : list_persons(reader, &f, c->arena, count_person, c);
	if (rc == W_OK && c->page == PAGE)
		return;
	c->all_done = c->people_done;
	c->people_done = true;
	c->after = 0;
}

static void
take_over(struct outbox *o, const struct census *c)
{
	o->enrolled = c->enrolled > ENROLLED_LEAST ? c->enrolled : ENROLLED_LEAST;
	if (!o->counted) {
		o->hour = (struct tally){c->now - c->now % HOUR_S, c->hour};
		o->day = (struct tally){c->now - c->now % DAY_S, c->day};
	}
	o->counted = true;
	o->counted_ms = clock_mono_ms();
	timer_set(o->census_timer, EVERY_MS);
	timer_set(o->timer, 0);
}

static void
on_page(void *arg)
{
	struct census *c = arg;
	struct outbox *o = c->o;

	if (!c->all_done && !o->closed) {
		store_read(o->options.store, read_page, on_page, c);
		return;
	}
	o->counting = false;
	if (!o->closed)
		take_over(o, c);
	arena_free(c->arena);
	free(c);
	outbox_job_done(o);
}

void
outbox_census(void *outbox)
{
	struct outbox *o = outbox;

	if (o->counting)
		return;
	struct census *c = xcalloc(1, sizeof(*c));
	c->o = o;
	c->now = clock_now();
	c->arena = arena_new(64 * 1024);
	o->counting = true;
	o->jobs++;
	store_read(o->options.store, read_page, on_page, c);
}

static void
roll(struct tally *t, int64_t now, int64_t span)
{
	if (t->from != now - now % span)
		*t = (struct tally){now - now % span, 0};
}

void
outbox_count_sent(struct outbox *o, int64_t now)
{
	roll(&o->hour, now, HOUR_S);
	roll(&o->day, now, DAY_S);
	o->hour.sent++;
	o->day.sent++;
}

const char *
outbox_cap(struct outbox *o, int64_t now, int64_t *until)
{
	const struct conf_limits *l = &o->options.work->conf->limits;
	const int64_t each = CAP_EACH * o->enrolled;
	const int64_t hour = l->sms_per_hour ? l->sms_per_hour : each;
	const int64_t day = l->sms_per_day ? l->sms_per_day : each;

	roll(&o->hour, now, HOUR_S);
	roll(&o->day, now, DAY_S);
	const bool day_full = o->day.sent >= day, hour_full = o->hour.sent >= hour;
	if (!day_full && !hour_full)
		return NULL;
	/* people may have come since the last count */
	if ((l->sms_per_hour == 0 || l->sms_per_day == 0) &&
	    clock_mono_ms() - o->counted_ms > SOON_MS)
		outbox_census(o);
	*until = day_full ? o->day.from + DAY_S : o->hour.from + HOUR_S;
	return day_full ? "daily cap" : "hourly cap";
}
