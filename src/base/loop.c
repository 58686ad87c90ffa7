#include "base/loop.h"
#include "base/arena.h"

#include <event2/event.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct posted {
	void (*fn)(void *);
	void *arg;
	struct posted *next;
};

struct watched_signal {
	struct event *event;
	void (*fn)(void *);
	void *arg;
	struct watched_signal *next;
};

struct loop {
	struct event_base *base;
	struct event *door;
	int door_fd;
	pthread_mutex_t lock; /* over first and last */
	struct posted *first, *last;
	struct posted *leaving; /* loop_free_later */
	struct event *sweep;
	struct watched_signal *signals;
};

struct timer {
	struct event *event;
	void (*on_due)(void *);
	void *arg;
};

static void
on_door(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;
	uint64_t rung;

	(void)what;
	ssize_t got = read(fd, &rung, sizeof(rung));
	(void)got; /* the list below is the truth, the descriptor only wakes */
	pthread_mutex_lock(&l->lock);
	struct posted *p = l->first;
	l->first = l->last = NULL;
	pthread_mutex_unlock(&l->lock);
	while (p != NULL) {
		struct posted *next = p->next;

		p->fn(p->arg);
		free(p);
		p = next;
	}
}

static void
on_sweep(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;

	(void)fd;
	(void)what;
	while (l->leaving != NULL) {
		struct posted *p = l->leaving;

		l->leaving = p->next;
		p->fn(p->arg);
		free(p);
	}
}

/*
 * With a change list, descriptors that are switched off and on within a turn
 * (reading, while an answer is on its way out) cost no system call. It does not
 * bear dup()ed descriptors of one file in the loop; there are none.
 */
static struct event_base *
base_new(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base;

	CHECK(config != NULL);
	event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
	base = event_base_new_with_config(config);
	event_config_free(config);
	CHECK(base != NULL);
	return base;
}

struct loop *
loop_new(void)
{
	struct loop *l = xcalloc(1, sizeof(*l));

	l->base = base_new();
	pthread_mutex_init(&l->lock, NULL);
	l->door_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	CHECK(l->door_fd >= 0);
	l->door = event_new(l->base, l->door_fd, EV_READ | EV_PERSIST, on_door, l);
	l->sweep = event_new(l->base, -1, 0, on_sweep, l);
	CHECK(l->door != NULL && l->sweep != NULL && event_add(l->door, NULL) == 0);
	return l;
}

void
loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	/* What runs last may post again. */
	while (l->first != NULL || l->leaving != NULL) {
		on_door(l->door_fd, 0, l);
		on_sweep(-1, 0, l);
	}
	while (l->signals != NULL) {
		struct watched_signal *s = l->signals;

		l->signals = s->next;
		event_free(s->event);
		free(s);
	}
	event_free(l->door);
	event_free(l->sweep);
	event_base_free(l->base);
	close(l->door_fd);
	pthread_mutex_destroy(&l->lock);
	free(l);
}

void
loop_run(struct loop *l)
{
	event_base_dispatch(l->base);
}

void
loop_once(struct loop *l, bool wait)
{
	event_base_loop(l->base, wait ? EVLOOP_ONCE : EVLOOP_NONBLOCK);
}

static void
break_loop(void *arg)
{
	event_base_loopbreak(((struct loop *)arg)->base);
}

void
loop_stop(struct loop *l)
{
	loop_post(l, break_loop, l);
}

struct event_base *
loop_base(struct loop *l)
{
	return l->base;
}

static struct posted *
posted_new(void (*fn)(void *), void *arg)
{
	struct posted *p = xmalloc(sizeof(*p));

	*p = (struct posted){.fn = fn, .arg = arg};
	return p;
}

void
loop_post(struct loop *l, void (*fn)(void *), void *arg)
{
	struct posted *p = posted_new(fn, arg);
	const uint64_t one = 1;

	pthread_mutex_lock(&l->lock);
	if (l->last != NULL)
		l->last->next = p;
	else
		l->first = p;
	l->last = p;
	pthread_mutex_unlock(&l->lock);
	ssize_t put = write(l->door_fd, &one, sizeof(one));
	(void)put; /* full only when it is already rung */
}

void
loop_free_later(struct loop *l, void (*fn)(void *), void *p)
{
	struct posted *leaving = posted_new(fn, p);

	leaving->next = l->leaving;
	l->leaving = leaving;
	event_active(l->sweep, EV_TIMEOUT, 0);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct timer *t = arg;

	(void)fd;
	(void)what;
	t->on_due(t->arg);
}

struct timer *
timer_new(struct loop *l, void (*on_due)(void *), void *arg)
{
	struct timer *t = xmalloc(sizeof(*t));

	*t = (struct timer){
		.event = event_new(l->base, -1, 0, on_timer, t), .on_due = on_due, .arg = arg};
	CHECK(t->event != NULL);
	return t;
}

void
timer_free(struct timer *t)
{
	if (t == NULL)
		return;
	event_free(t->event);
	free(t);
}

void
timer_set(struct timer *t, int64_t ms)
{
	struct timeval tv = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

	CHECK(ms >= 0 && evtimer_add(t->event, &tv) == 0);
}

void
timer_stop(struct timer *t)
{
	evtimer_del(t->event);
}

static void
on_watched_signal(evutil_socket_t fd, short what, void *arg)
{
	struct watched_signal *s = arg;

	(void)fd;
	(void)what;
	s->fn(s->arg);
}

void
loop_on_signal(struct loop *l, int signal, void (*on_signal)(void *), void *arg)
{
	struct watched_signal *s = xmalloc(sizeof(*s));

	*s = (struct watched_signal){.fn = on_signal, .arg = arg, .next = l->signals};
	s->event = evsignal_new(l->base, signal, on_watched_signal, s);
	CHECK(s->event != NULL && event_add(s->event, NULL) == 0);
	l->signals = s;
}
