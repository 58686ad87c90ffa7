/*
 * The Unix socket behind the command line: who asks (SO_PEERCRED -> staff row),
 * what they may (one table of verbs with the role in the row), what they were
 * shown (an audit record, committed before the first row leaves).
 *
 * The wire, one JSON object a line: {"v":1,"verb":"need list","args":{...}} in;
 * {"row":{...}} for each row out, then {"end":{"code":0,"text":"..."}}. Codes
 * are those of the command line (admin_wire.h). No end: the daemon went away.
 *
 * Loop thread; long lists are read on the store's reader thread. Never: a row
 * before its audit record; a verb without a row in the table; SQL; a number or
 * a name in the log.
 */
#ifndef WASL_ADMIN_ADMIN_H
#define WASL_ADMIN_ADMIN_H

#include "outbox/outbox.h"
#include "remind/remind.h"
#include "session/session.h"
#include "work/work.h"

/* What only the daemon as a whole can do. All on the loop. */
/* Borrowed until the next reload. */
struct admin_channel {
	const struct channel *channel; /* NULL: off */
	const struct dialect *dialect; /* NULL: its file is faulty */
	const char *why;               /* off: a sentence and its first fault; else NULL */
};

struct admin_hooks {
	/* Loads conf, menus, dialects and rules anew, all or nothing. Faults in err: nothing
	 * changed. */
	int (*reload)(void *ctx, struct err *err);
	/* Lab only: sets the wall clock ahead to an instant. W_EINVAL: backwards. */
	int (*set_clock)(void *ctx, int64_t at);
	/* Lab only: whole USSD address of a channel for the terminal phone, secret included; its
	 * service code and dialect file. W_ENOENT. name empty: the first channel. */
	int (*phone_line)(void *ctx, struct str name, struct arena *a, struct str *address,
			  struct str *code, struct str *dialect_file, struct str *channel);
	/* How a channel of wasl.yaml stands. */
	void (*channel)(void *ctx, struct str name, struct admin_channel *out);
	/* What holds the process in, in a few words of ours, and whether all of it is there. */
	const char *(*sandbox)(void *ctx, bool *whole);
	/* Orderly end. */
	void (*stop)(void *ctx);
};

struct admin_options {
	struct loop *loop;
	struct store *store;
	struct work *work;
	const struct keys *keys;
	struct outbox *outbox;
	struct remind *remind;
	struct remind_guard *guard;
	struct sessions *sessions;
	const char *socket; /* path; mode 0660, made anew */
	const char *config_file, *version, *keys_dir, *state_dir;
	bool lab;
	int64_t started_at;
	const struct admin_hooks *hooks;
	void *hooks_ctx;
};

struct admin;

/* W_EBUSY or W_EIO with a fault in err when the socket cannot be had. */
MUSTUSE int admin_new(const struct admin_options *options, struct admin **out, struct err *err);
/* Closes every connection; answers under way are cut off. */
void admin_free(struct admin *a);
void admin_reload(struct admin *a, struct work *work);

#endif
