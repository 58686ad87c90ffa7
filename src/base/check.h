/*
 * Ground rules every folder stands on: result codes, the assert that stays in
 * release builds, and the thread checks.
 *
 * CHECK is for bugs of ours only. Whatever a phone, an aggregator, a
 * caseworker, a file or a disk can do is a result code, never a CHECK.
 */
#ifndef WASL_BASE_CHECK_H
#define WASL_BASE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

/* access(2)'s mode bit of the same name; nothing here asks for it. */
#undef W_OK

#define MUSTUSE                __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define ARRAY_LEN(a)           (sizeof(a) / sizeof((a)[0]))

/* What a caller may have to act on. Functions return 0 or one of these. */
enum w_err {
	W_OK = 0,
	W_EINVAL = -1,  /* the input is not what the rule asks for */
	W_ENOENT = -2,  /* nothing of that name or number */
	W_EEXIST = -3,  /* there already, or changed by someone else */
	W_EDENIED = -4, /* known, and not allowed */
	W_ETOOBIG = -5, /* over a bound that is part of the contract */
	W_EFULL = -6,   /* disk or queue full; later may work */
	W_EIO = -7,     /* read, write or sync failed */
	W_EBUSY = -8,   /* somebody else holds it */
	W_EPROTO = -9,  /* the other side does not speak the protocol */
	W_ESEAL = -10,  /* a sealed value does not open: wrong key, place or tampered */
	W_EGONE = -11,  /* erased on purpose */
};

/* One short word for a code, for logs and for admin answers. */
const char *w_err_word(int rc);

/* Aborts with file and line when a promise of our own code is broken. */
#define CHECK(cond)                                              \
	do {                                                     \
		if (!(cond))                                     \
			check_failed(#cond, __FILE__, __LINE__); \
	} while (0)

_Noreturn void check_failed(const char *cond, const char *file, int line);

/* Threads name themselves once, at start; a thread that never did is THREAD_ANY. */
enum thread_role { THREAD_ANY, THREAD_LOOP, THREAD_WRITER, THREAD_READER, THREAD_PIN };

void thread_is(enum thread_role role);
enum thread_role thread_role(void);

/* Pass when the calling thread has that role or never named itself (unit tests). */
#define CHECK_ON_LOOP()   CHECK(thread_role() == THREAD_ANY || thread_role() == THREAD_LOOP)
#define CHECK_ON_WRITER() CHECK(thread_role() == THREAD_ANY || thread_role() == THREAD_WRITER)

#endif
