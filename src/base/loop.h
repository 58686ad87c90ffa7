/*
 * The event loop and the doors into it: one timer type, one way for other
 * threads to hand something over, and a place to free objects that a callback
 * must not free under its own feet. Everything runs on the loop's thread but
 * loop_post and loop_stop.
 */
#ifndef WASL_BASE_LOOP_H
#define WASL_BASE_LOOP_H

#include "base/check.h"

struct event_base;
struct loop;

/* NULL never: without an event base there is nothing to run, so it aborts. */
struct loop *loop_new(void);
void loop_free(struct loop *l);

/* Runs until loop_stop. */
void loop_run(struct loop *l);
/* Handles what is ready and returns; waits for the first event when wait is set. For tests. */
void loop_once(struct loop *l, bool wait);
/* Any thread, also from a signal callback of the loop. */
void loop_stop(struct loop *l);

/* For http/, outbox/, the admin socket and author/, which own libevent objects. Borrowed. */
struct event_base *loop_base(struct loop *l);

/* Runs fn(arg) on the loop, in order of posting. Any thread. */
void loop_post(struct loop *l, void (*fn)(void *arg), void *arg);

/* Runs fn(p) after the callbacks of this turn. */
void loop_free_later(struct loop *l, void (*fn)(void *p), void *p);

struct timer;
struct timer *timer_new(struct loop *l, void (*on_due)(void *arg), void *arg);
void timer_free(struct timer *t);
/* Sets (again) to go off once after ms milliseconds; 0 means at the next turn. */
void timer_set(struct timer *t, int64_t ms);
void timer_stop(struct timer *t);

/* Runs on_signal on the loop when the process gets the signal. Freed with the loop. */
void loop_on_signal(struct loop *l, int signal, void (*on_signal)(void *arg), void *arg);

#endif
