/*
 * What the drivers of this folder stand on: a folder with a gateway and many
 * people in it, the gateway as a child process that may be killed, callers over
 * real sockets, and its databases as they lie on the disk.
 *
 * A driver is a program of its own: it drives wasld, which it is given by path,
 * from outside, and says what it measured. Exit 0: everything held; 1: not, and
 * the last lines say what; 77: this machine cannot run it. One thread each.
 */
#ifndef WASL_TEST_DRIVE_H
#define WASL_TEST_DRIVE_H

#include "base/arena.h"
#include "base/buf.h"

#include <sys/resource.h>
#include <sys/types.h>

enum { EXIT_SKIPPED = 77 };

/* ---- drive_say.c: telling, chance, figures ---- */

/* Says what is wrong with the last lines of the gateway's log, and ends with 1. */
_Noreturn void drive_fail(const char *format, ...) PRINTF_LIKE(1, 2);
/* One line on standard output, with the seconds since the start. */
void drive_say(const char *format, ...) PRINTF_LIKE(1, 2);
/* WASL_LONG=1: the long sizes. */
bool drive_is_long(void);
int64_t drive_now_us(void);

/* Chance that can be had again: WASL_SEED, by default 1. */
void chance_begin(void);
uint32_t chance_below(uint32_t n); /* 0 to n-1 */

/* Spans in microseconds. */
struct figures {
	int64_t *v;
	size_t n, cap;
};
void figures_add(struct figures *f, int64_t us);
/* permille 500: the median; 1000: the longest. 0 when there is none. */
double figures_ms(struct figures *f, unsigned permille);
void figures_free(struct figures *f);

/* ---- drive_folder.c: a lab with people in it ---- */

struct folder_options {
	size_t people;
	size_t pins;        /* the first of them have a PIN: folder_pin */
	const char *limits; /* more of "key: value" for wasl.yaml */
};
struct folder {
	char root[128], state[160], keys[160], config[192], log[160];
	char secret[160]; /* of the webhook's path */
	uint16_t port, ops_port;
	size_t people;
};
/*
 * A new lab made by wasld init, with people whose numbers are linked and who
 * gave consent, all speaking French; no schedules, so nothing falls due. Its
 * clock stands at a Wednesday to come, 11:00 UTC, so that a run is the same on
 * any day of the week. Ends the program when it cannot be had.
 */
void folder_new(struct folder *f, const char *wasld, const struct folder_options *o);
/* Other limits, and who may call ("127.0.0.1/32"; NULL: anybody), from the next start on. */
void folder_configure(struct folder *f, const char *limits, const char *addresses);
/* Copies the databases as they lie there to DIR/copy and returns its path, good until the next. */
const char *folder_copy(const struct folder *f);
/* WASL_KEEP=1 leaves it. */
void folder_free(struct folder *f);

/* Person i of the folder (from 0): row, what pages call them, what they dial from. */
enum { FOLDER_NAME = 16, FOLDER_NUMBER = 16, FOLDER_PIN = 5 };
int64_t folder_row(size_t person);
void folder_name(size_t person, char name[FOLDER_NAME]);
void folder_number(size_t person, char number[FOLDER_NUMBER]);
void folder_pin(size_t person, char pin[FOLDER_PIN]);

/* ---- drive_child.c: wasld as a child, killed with its driver ---- */

struct child {
	pid_t pid; /* 0: none */
	const char *program;
	const struct folder *folder;
	rlim_t files; /* descriptors it may have; 0: as many as we */
	int64_t started_us;
};
void child_start(struct child *c);
/* Until somebody listens on the webhook's port. */
void child_await(struct child *c);
void child_kill(struct child *c);
/* In order: fails the driver when it does not end with 0 or a sanitizer has complained. */
void child_stop(struct child *c);
/* Fails the driver when the child has ended by itself. */
void child_check(struct child *c);
int64_t child_cpu_us(const struct child *c);
/* How long its loop could have run while others had the processors; 0 where the kernel does not
 * tell. */
int64_t child_waited_us(const struct child *c);

/* ---- drive_net.c: callers ---- */

struct net;
struct net_conn {
	struct net *net;
	int fd;        /* -1: not connected */
	uint32_t from; /* last byte of 127.0.0.x */
	uint16_t port;
	bool raw;     /* nobody reads answers here: bytes pile up in `in` */
	bool waiting; /* a request was sent and not answered */
	bool closing; /* the other side said so */
	bool deaf;    /* never reads */
	char *in;
	size_t in_n, in_cap;
	char *out;
	size_t out_n, out_at, out_cap;
	int64_t sent_us;
	void *tag;
};
struct net_handlers {
	/* An answer, whole. The connection may be used again at once. */
	void (*on_answer)(void *ctx, struct net_conn *c, int status, struct str body);
	/* Closed by the other side, or never open; c->in has what came, c->waiting what was owed.
	 */
	void (*on_closed)(void *ctx, struct net_conn *c);
	void *ctx;
};
struct net *net_new(const struct net_handlers *handlers);
void net_free(struct net *n);
struct net_conn *net_conn_new(struct net *n, uint32_t from, uint16_t port);
/* Connects when it is not. False: nobody listens. */
bool net_open(struct net_conn *c);
/* A request for which an answer is expected. False: could not be sent, nothing is owed. */
bool net_ask(struct net_conn *c, struct str bytes);
/* Bytes and nothing more. */
bool net_send(struct net_conn *c, struct str bytes);
void net_close(struct net_conn *c);
/* Handles what is ready; waits at most so long for something. */
void net_turn(struct net *n, int64_t wait_us);
/* Everything that came before the other side died, then on_closed of each. */
void net_drain(struct net *n);

/* Africa's Talking's request for a session; whole bytes of an HTTP request in the arena. */
struct str ussd_request(struct arena *a, const struct folder *f, const char *session, size_t person,
			const char *text);
struct str ussd_end_request(struct arena *a, const struct folder *f, const char *session,
			    size_t person);

/* ---- drive_kept.c: what is in the databases ---- */

struct kept;
/* Of a gateway that is down, or of a copy. */
struct kept *kept_open(const char *dir);
void kept_close(struct kept *k);
/* integrity_check and foreign_key_check of both files; fails the driver. */
void kept_check(struct kept *k);
/*
 * What a person answered, a line each and no times: "c mood housing days
 * status" for a check-in ("-": not answered), "n category urgency status" for a
 * need, "b wish priority" for a call-back, "f kind" for a flag, and "t turns".
 * With more: also language, links, consents, every session and its turns.
 */
void kept_person(struct kept *k, int64_t person, bool more, struct buf *to);
/* What belongs to nobody: how many call-backs and sessions of each kind. */
void kept_nobody(struct kept *k, struct buf *to);
/* "table n" for every table, a line each. */
void kept_counts(struct kept *k, struct buf *to);
int64_t kept_count(struct kept *k, const char *table);
/* Whose need it is, 0: no such need. */
int64_t kept_need_person(struct kept *k, int64_t number);

#endif
