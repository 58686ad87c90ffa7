/*
 * Logins: the token that some aggregators want with every message (OAuth 2.0
 * client credentials, RFC 6749 section 4.4, and its like).
 *
 * A token belongs to a lane. It is asked for when a message wants to leave, and
 * anew from 80 % of its life on, while the old one still serves; one call at a
 * time. A refused token is dropped and one new one taken; when that is refused
 * too before anything was accepted, the channel stops until a human says go on.
 */
#include "outbox/outbox_int.h"

#include "base/clock.h"
#include "base/log.h"

#include <stdlib.h>

enum { AGAIN_MS = 5000, AGAIN_MAX_MS = 5 * 60 * 1000 };

/* One call under way. */
struct asking {
	struct outbox *o;
	struct lane *lane;
	struct arena *arena; /* request and answer; wiped with the credentials in them */
	struct wire_request request;
	int64_t from_ms;
};

static void
asking_free(struct asking *ask)
{
	if (ask == NULL)
		return;
	arena_free(ask->arena);
	free(ask);
}

/* ---- The token ---- */

void
outbox_login_drop(struct login *l)
{
	if (l->arena != NULL)
		arena_free(l->arena);
	l->arena = NULL;
	l->token = STR_NONE;
	l->number++;
}

/* Its life counts from when it was asked for: it may be as old as that. */
static void
token_take(struct login *l, const struct channel_login *got, int64_t from_ms)
{
	outbox_login_drop(l);
	l->arena = arena_new(0);
	l->token = arena_str(l->arena, got->token);
	l->wait_ms = 0;
	l->renew_ms = l->ends_ms = INT64_MAX;
	if (got->life_s > 0) {
		l->renew_ms = from_ms + got->life_s * 800;
		l->ends_ms = from_ms + got->life_s * 1000;
	}
}

/* ---- Asking for it ---- */

static void
ask_later(struct login *l, int64_t first_ms)
{
	l->wait_ms = l->wait_ms == 0 ? (first_ms ? first_ms : AGAIN_MS) : 2 * l->wait_ms;
	if (l->wait_ms > AGAIN_MAX_MS)
		l->wait_ms = AGAIN_MAX_MS;
	l->again_ms = clock_mono_ms() + l->wait_ms;
}

static void
on_login(void *arg, const struct post_result *r)
{
	struct asking *ask = arg;
	struct lane *lane = ask->lane;
	struct outbox *o = ask->o;
	const struct channel *ch = o->options.channel_of(o->options.ctx, str_of(lane->name));
	struct channel_login got;
	int rc = W_EPROTO;

	lane->login.asking = NULL;
	if (r->complete && ch != NULL)
		rc = channel_login_read(ch, &r->answer, ask->arena, &got);
	if (rc == W_OK) {
		token_take(&lane->login, &got, ask->from_ms);
	} else if (rc == W_EPROTO) {
		log_warn("channel %s: no login for now", lane->name);
		ask_later(&lane->login, o->options.retry_ms);
	} else {
		log_error("channel %s: login denied", lane->name);
		lane->stopped = "denied";
	}
	asking_free(ask);
	outbox_setup_logged_in(o, lane, rc);
	outbox_wake(o);
}

static void
ask_for(struct outbox *o, struct lane *lane, const struct channel *ch)
{
	struct asking *ask = xcalloc(1, sizeof(*ask));
	const struct conf_channel *conf = conf_channel(o->options.work->conf, lane->name);

	*ask = (struct asking){
		.o = o, .lane = lane, .arena = arena_new(0), .from_ms = clock_mono_ms()};
	const struct post_call call = {.request = &ask->request,
				       .http_to = conf ? &conf->plain_http_to : NULL,
				       .arena = ask->arena,
				       .on_done = on_login,
				       .arg = ask};
	int rc = channel_login_build(ch, clock_now(), ask->arena, &ask->request);
	if (rc == W_OK)
		rc = post_start(o->post, &call);
	if (rc == W_OK) {
		lane->login.asking = ask;
		return;
	}
	log_error("channel %s: no login call can be made: %s", lane->name, w_err_word(rc));
	lane->stopped = "login";
	asking_free(ask);
}

bool
outbox_login_ready(struct outbox *o, struct lane *lane, const struct channel *ch, int64_t *wait_ms)
{
	struct login *l = &lane->login;
	const int64_t mono = clock_mono_ms();

	if (!channel_has_login(ch))
		return true;
	if (l->arena != NULL && mono >= l->ends_ms)
		outbox_login_drop(l);
	bool ready = l->arena != NULL, due = !ready || mono >= l->renew_ms;

	if (due && l->asking == NULL && l->wait_ms > 0 && mono < l->again_ms) {
		if (!ready && l->again_ms - mono < *wait_ms)
			*wait_ms = l->again_ms - mono;
	} else if (due && l->asking == NULL) {
		ask_for(o, lane, ch);
	}
	return ready;
}

/* ---- What becomes of it ---- */

bool
outbox_login_refused(struct login *l, uint32_t number)
{
	if (number != l->number)
		return true; /* there is another one already, or one is asked for */
	outbox_login_drop(l);
	if (l->twice)
		return false;
	l->twice = true;
	return true;
}

void
outbox_logins_forget(struct outbox *o)
{
	for (size_t i = 0; i < o->n_lanes; i++) {
		outbox_login_drop(&o->lanes[i].login);
		o->lanes[i].login.wait_ms = 0;
		o->lanes[i].login.twice = false;
	}
}

void
outbox_logins_end(struct outbox *o)
{
	outbox_logins_forget(o);
	for (size_t i = 0; i < o->n_lanes; i++) {
		asking_free(o->lanes[i].login.asking);
		o->lanes[i].login.asking = NULL;
	}
}
