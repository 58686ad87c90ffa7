/*
 * A channel for each dialect that carries USSD, from both sides: the gateway's
 * configuration, and the aggregator's requests, which the dialect itself makes
 * when it is read backwards. For drive_dialects.
 */
#ifndef WASL_TEST_DRIVE_DIALECTS_H
#define WASL_TEST_DRIVE_DIALECTS_H

#include "drive.h"

#include "channel/channel.h"

enum { KEYS_MAX = 9, LINES_MAX = 40, NAME_BYTES = 33 };

struct hook {
	uint32_t person, visit; /* of the line; with the visit the session's name */
	bool end;               /* the notice of the end */
	uint8_t keys;           /* typed so far; 0: the beginning */
	char typed[KEYS_MAX];
	char *page; /* of the first answer */
	size_t page_n;
	int64_t first_us;
};

struct line {
	char name[NAME_BYTES]; /* of dialect and channel */
	struct dialect *dialect;
	struct channel *channel;
	bool exact;   /* a turn or the path tells its requests apart */
	bool has_ids; /* of sessions; else the number is the session */
	bool has_end; /* a notice of the end */
	enum channel_move end;
	size_t first;       /* of its people */
	struct hook *hooks; /* in order of first delivery */
	size_t n, cap;
};

struct lines {
	struct line v[LINES_MAX];
	size_t n, people; /* of each */
};

/*
 * The channels of a new folder, and its wasl.yaml with them. Dialects without
 * USSD fall out; so do those whose requests cannot be made backwards, by name.
 */
void lines_find(struct lines *all, const struct folder *f);
/* Dialect and channel as the gateway of this folder has them; both live in the arena. */
void line_open(struct line *l, const struct folder *f, struct arena *a);
void line_close(struct line *l);
/* The whole HTTP request. */
struct str hook_request(const struct line *l, const struct hook *h, struct arena *a);

#endif
