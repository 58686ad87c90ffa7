/*
 * The call that a new account needs once, such as telling the aggregator where
 * its reports go: made when a human asks for it, with the lane's login.
 */
#include "outbox/outbox_int.h"

#include "base/clock.h"

#include <stdlib.h>

struct setup {
	struct outbox *o;
	struct lane *lane;
	struct arena *arena;
	struct wire_request request;
	bool sent;
	void (*done)(void *arg, int rc);
	void *arg;
};

static void
setup_done(struct outbox *o, int rc)
{
	struct setup *s = o->setup;

	o->setup = NULL;
	s->done(s->arg, rc);
	arena_free(s->arena);
	free(s);
}

static void
on_setup(void *arg, const struct post_result *r)
{
	struct setup *s = arg;
	int rc = r->complete ? channel_setup_read(&r->answer) : W_EPROTO;

	if (rc == W_EDENIED)
		outbox_login_drop(&s->lane->login); /* the next try begins with a new one */
	setup_done(s->o, rc);
}

static int
setup_send(struct setup *s, const struct channel *ch)
{
	const struct conf_channel *conf = conf_channel(s->o->options.work->conf, s->lane->name);
	const struct post_call call = {.request = &s->request,
				       .http_to = conf ? &conf->plain_http_to : NULL,
				       .arena = s->arena,
				       .on_done = on_setup,
				       .arg = s};
	int rc = channel_setup_build(ch, clock_now(), s->lane->login.token, s->arena, &s->request);

	if (rc == W_OK)
		rc = post_start(s->o->post, &call);
	s->sent = rc == W_OK;
	return rc;
}

/* With a token, or at once; else a login is asked for, and this comes again. */
static void
setup_go(struct setup *s)
{
	struct outbox *o = s->o;
	const struct channel *ch = o->options.channel_of(o->options.ctx, str_of(s->lane->name));
	int64_t wait_ms = 0;
	int rc = ch == NULL ? W_ENOENT : W_OK;

	if (rc == W_OK && outbox_login_ready(o, s->lane, ch, &wait_ms))
		rc = setup_send(s, ch);
	else if (rc == W_OK && s->lane->login.asking == NULL)
		rc = W_EINVAL; /* no login call can be made */
	if (rc != W_OK)
		setup_done(o, rc);
}

void
outbox_setup_logged_in(struct outbox *o, const struct lane *lane, int rc)
{
	struct setup *s = o->setup;

	if (s == NULL || s->sent || s->lane != lane)
		return;
	if (rc == W_OK)
		setup_go(s);
	else
		setup_done(o, rc);
}

void
outbox_setup(struct outbox *o, struct str channel, void (*done)(void *arg, int rc), void *arg)
{
	const struct channel *ch = o->options.channel_of(o->options.ctx, channel);
	struct lane *lane = ch == NULL || !channel_has_setup(ch) ? NULL : outbox_lane(o, channel);

	if (lane == NULL || o->setup != NULL || o->stopped) {
		done(arg, lane == NULL ? W_ENOENT : W_EBUSY);
		return;
	}
	o->setup = xcalloc(1, sizeof(*o->setup));
	*o->setup = (struct setup){
		.o = o, .lane = lane, .arena = arena_new(0), .done = done, .arg = arg};
	lane->login.wait_ms = 0; /* a human wants to know now */
	setup_go(o->setup);
}

void
outbox_setup_end(struct outbox *o)
{
	if (o->setup != NULL)
		setup_done(o, W_EIO);
}
