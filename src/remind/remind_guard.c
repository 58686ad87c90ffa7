#include "remind/remind_int.h"

#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { LOOK_MS = 60 * 1000, KEEP_S = 300, STEP_S = 5 };

struct remind_guard {
	struct remind_guard_options options;
	struct timer *timer;
	int64_t high;          /* highest believed wall time, as stored or newer */
	int64_t kept;          /* what the store has */
	int64_t wall, mono_ms; /* at the last look */
	enum remind_clock state;
	bool keeping; /* a job is at the writer */
	bool closed;
};

const char *
remind_clock_word(enum remind_clock c)
{
	static const char *const words[] = {"good", "behind", "before build", "jumped"};

	return words[c];
}

enum remind_clock
remind_clock_judge(int64_t now, int64_t high, int64_t built_at, int64_t since_wall,
		   int64_t since_mono_s, bool lab)
{
	if (now < built_at)
		return REMIND_CLOCK_BEFORE_BUILD;
	if (now <= high - REMIND_BEHIND_S)
		return REMIND_CLOCK_BEHIND;
	if (!lab && now - since_wall - since_mono_s > REMIND_JUMP_S)
		return REMIND_CLOCK_JUMPED;
	return REMIND_CLOCK_GOOD;
}

static void
on_kept(void *arg, int rc)
{
	struct remind_guard *g = arg;

	g->keeping = false;
	if (rc != W_OK)
		g->kept = 0; /* tried again at the next look */
	if (g->closed)
		free(g);
}

static void
keep_mark(struct remind_guard *g)
{
	char text[24];

	if (g->keeping || g->high < g->kept + KEEP_S || store_degraded(g->options.store))
		return;
	struct store_job *job = store_job_new(g->options.store);
	snprintf(text, sizeof(text), "%" PRId64, g->high);
	put_setting(job, STR_LIT("clock_high"), str_of(text));
	g->kept = g->high;
	g->keeping = true;
	store_submit(g->options.store, job, on_kept, g);
}

static void
enter(struct remind_guard *g, enum remind_clock state)
{
	if (state != g->state && state != REMIND_CLOCK_GOOD)
		log_error("clock %s: nothing is sent", remind_clock_word(state));
	else if (state != g->state)
		log_info("clock good again");
	g->state = state;
}

enum remind_clock
remind_guard_look(struct remind_guard *g)
{
	if (g == NULL)
		return REMIND_CLOCK_GOOD;
	const int64_t now = clock_now(), mono = clock_mono_ms();
	const int64_t passed = (mono - g->mono_ms) / 1000;
	const int64_t step = now - g->wall - passed;
	enum remind_clock state = remind_clock_judge(now, g->high, g->options.built_at, g->wall,
						     passed, g->options.lab);

	/* only a human ends a jump, or the clock by going back */
	if (g->state == REMIND_CLOCK_JUMPED && state == REMIND_CLOCK_GOOD &&
	    now > g->high + REMIND_JUMP_S)
		state = REMIND_CLOCK_JUMPED;
	enter(g, state);
	g->wall = now;
	g->mono_ms = mono;
	if (state == REMIND_CLOCK_GOOD && now > g->high)
		g->high = now;
	if (state == REMIND_CLOCK_GOOD)
		keep_mark(g);
	if (g->options.on_step != NULL && (step > STEP_S || step < -STEP_S))
		g->options.on_step(g->options.arg);
	return g->state;
}

static void
on_look(void *arg)
{
	struct remind_guard *g = arg;

	(void)remind_guard_look(g);
	timer_set(g->timer, LOOK_MS);
}

static int64_t
stored_mark(struct store *s)
{
	struct arena *a = arena_new(0);
	struct str value;
	int64_t high = 0;

	if (read_setting(store_loop_reader(s), STR_LIT("clock_high"), a, &value) != W_OK ||
	    !str_to_int(value, &high) || high < 0)
		high = 0;
	arena_free(a);
	return high;
}

struct remind_guard *
remind_guard_new(const struct remind_guard_options *options)
{
	struct remind_guard *g = xcalloc(1, sizeof(*g));

	g->options = *options;
	g->wall = clock_now();
	g->mono_ms = clock_mono_ms();
	g->high = g->kept = stored_mark(options->store);
	g->timer = timer_new(options->loop, on_look, g);
	if (g->high != 0 && !options->lab && g->wall > g->high + REMIND_AWAY_S)
		enter(g, REMIND_CLOCK_JUMPED);
	on_look(g);
	return g;
}

void
remind_guard_release(struct remind_guard *g)
{
	g->high = clock_now();
	g->wall = g->high;
	g->mono_ms = clock_mono_ms();
	enter(g, REMIND_CLOCK_GOOD);
	g->kept = 0;
	keep_mark(g);
}

void
remind_guard_free(struct remind_guard *g)
{
	if (g == NULL)
		return;
	timer_free(g->timer);
	g->timer = NULL;
	g->closed = true;
	if (!g->keeping)
		free(g);
}
