/*
 * wasld: puts the rooms together and takes them apart again.
 *
 * Boot is a list (daemon_boot.c): each step starts one room and knows how to
 * stop it; what fails stops what came before, in reverse. What a reload may
 * change is one struct set: it is built beside the running one, checked whole
 * and swapped, or thrown away; the old one is freed when nothing under way
 * looks at it any more.
 */
#ifndef WASL_DAEMON_DAEMON_INT_H
#define WASL_DAEMON_DAEMON_INT_H

#include "admin/admin.h"
#include "http/http_route.h"

enum { EXIT_FAULTS = 1, EXIT_USAGE = 2, EXIT_BROKEN = 75 };

/* A channel of wasl.yaml with its dialect, or off because one of them is faulty. */
struct line {
	const struct conf_channel *conf;
	struct arena *arena; /* the dialect's */
	struct dialect *dialect;
	struct channel *channel; /* NULL: off */
	const char *why;         /* off: with its first fault; else NULL */
};

struct set {
	struct conf *conf;
	struct line *lines;
	size_t n_lines;
	struct menu_set *menus;
	struct remind_rules *rules;
	struct work *work; /* NULL until the store is open */
	struct routes *routes;
	struct set *next; /* waiting to be freed */
	int64_t left_ms;  /* clock_mono_ms when another took its place */
};

struct daemon {
	const char *config_file;
	struct loop *loop;
	struct keys *keys;
	struct zone *zone;
	struct store *store;
	struct set *set, *leaving; /* in force; swapped out, the latest first */
	struct conf *started; /* the first set's, kept to the end: what rooms were opened with */
	bool lab;
	struct sessions *sessions;
	struct remind_guard *guard;
	struct remind *remind;
	struct outbox *outbox;
	struct http_front *front;
	struct http_ops *ops;
	struct admin *admin;
	struct routes *routes; /* what the front looks at: set->routes */
	struct timer *sweeper, *stopper;
	int64_t started_at;
	int exit_code;
	bool stopping;
};

/* ---- Sets ---- */

/*
 * Reads conf, dialects, menus and reminders. Every fault of every file in err.
 * A faulty dialect is a fault of the whole only when all is set (a reload);
 * else its channel stays off. Free with set_free.
 */
MUSTUSE int set_load(const char *config_file, bool lab, bool all, struct set **out,
		     struct err *err);
/* Aliases and sender names say no word of lint.yaml; W_EINVAL with each fault in err. */
MUSTUSE int set_discreet(const struct set *s, struct err *err);
void set_free(struct set *s);
/* Without its conf, which is handed over. */
struct conf *set_free_but_conf(struct set *s);
struct channel *set_channel(const struct set *s, struct str name);
/* Folder of a kind of data files: as said in the conf, or the installed one. */
const char *set_folder(const char *said, const char *installed);

/* ---- The rest, by file ---- */

MUSTUSE int daemon_boot(struct daemon *d, struct err *err);
void daemon_unboot(struct daemon *d);
MUSTUSE int daemon_reload(struct daemon *d, struct err *err);
/* As much as it says is logged from now on. */
void daemon_set_log(const struct set *s);
/* The routes of a set; its work must be there. */
struct routes *daemon_routes(struct daemon *d, const struct set *s);
/* Frees sets that nothing under way looks at; now: all that were swapped out. */
void daemon_free_old(struct daemon *d, bool now);
void daemon_stop(struct daemon *d);
extern const struct admin_hooks daemon_hooks;

/* wasld --check and wasld init; both return the exit code. */
int daemon_check(const char *config_file);
int daemon_init(int argc, char **argv);

#endif
