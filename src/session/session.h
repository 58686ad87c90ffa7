/*
 * Sessions: what a dialled number sees, one page at a time.
 *
 * The walk of a call: session_take finds the session in the live table (a
 * repeat gets its stored bytes and stops there) -> session_gather takes a
 * snapshot of what menus may ask about -> session_step, pure, gives the next
 * state and the effects -> the page is shown -> one store job holds the effects
 * and the turn -> after its commit the answer leaves. A PIN goes over the PIN
 * thread and comes back as a verdict, an input like any other.
 *
 * Lives on the loop. Every answer is given exactly once. Never: a page before
 * its commit, but the busy page, which acknowledges nothing; a PIN in a turn;
 * anything personal before the PIN on a shared phone.
 */
#ifndef WASL_SESSION_SESSION_H
#define WASL_SESSION_SESSION_H

#include "channel/channel.h"
#include "menu/menu.h"
#include "work/work.h"

struct sessions;

struct session_options {
	struct loop *loop;
	struct store *store;
	struct work *work;
	struct menu_set *menus; /* held by sessions_new */
};
/* Rebuilds the live table from the last day's turns. */
MUSTUSE int sessions_new(const struct session_options *options, struct sessions **out);
void sessions_free(struct sessions *all);

/* New menus or rules for sessions that begin from now on; live ones keep theirs. */
void sessions_reload(struct sessions *all, struct work *work, struct menu_set *menus);
size_t sessions_open(const struct sessions *all);
const char *sessions_menu_version(const struct sessions *all);
/* False while a PIN or a job of some session is under way. For an orderly end. */
bool sessions_idle(const struct sessions *all);
/* clock_mono_ms when the oldest of what is under way began; INT64_MAX: nothing is. What a reload
 * left behind before that, no session looks at any more. */
int64_t sessions_busy_since(const struct sessions *all);

enum session_answer_kind {
	ANSWER_PAGE,   /* channel_reply with page and go_on */
	ANSWER_ACK,    /* channel_ack */
	ANSWER_REFUSE, /* channel_refuse */
};
struct session_answer {
	enum session_answer_kind kind;
	struct str page; /* valid during the call */
	bool go_on;
};
typedef void session_on_answer(void *arg, const struct session_answer *answer);

/*
 * Takes a USSD or USSD end event. ev and what it points to must stay until the
 * answer, which comes during the call or later, once.
 */
void session_take(struct sessions *all, const struct channel *ch, const struct channel_event *ev,
		  session_on_answer *on_answer, void *arg);

#endif
