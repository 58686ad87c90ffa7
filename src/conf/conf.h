/*
 * wasl.yaml: what an operator decides about one gateway.
 *
 * conf_load reads the file whole, checks it whole and hands over plain checked
 * values, or every fault at its place and nothing. A loaded conf never changes:
 * a reload builds a new one beside it and swaps. Every key is one row of
 * conf_keys.def (type, default, range, unit, sentence), which loads it, checks
 * it and documents it.
 *
 * No secret stands in the file: keys named *_file say where one lies, and
 * conf_secret_read fetches it into memory that is wiped when freed. Numbers of
 * duty staff are struct phone and reach no message. Nothing here opens the
 * folders it names. Any thread, one at a time.
 */
#ifndef WASL_CONF_CONF_H
#define WASL_CONF_CONF_H

#include "base/err.h"
#include "text/text.h"

/* The four languages of the menus, in the order of their tables. */
enum conf_lang { CONF_ARY, CONF_ARY_LATN, CONF_AR, CONF_FR, CONF_LANGS };
const char *conf_lang_word(enum conf_lang lang); /* "ary", "ary-Latn", "ar", "fr" */

/* A range of addresses: an address and the bits of it that count. */
struct net_range {
	int family;        /* AF_INET, AF_INET6 */
	uint8_t bytes[16]; /* network order; 4 or 16 used; bits after the prefix are 0 */
	uint8_t prefix;    /* 0..32 or 0..128 */
};
struct net_ranges {
	struct net_range *v;
	size_t n;
};
/* "10.0.0.0/8", "2001:db8::/32" or one address. W_EINVAL also for set bits after the prefix. */
MUSTUSE int net_range_parse(struct str text, struct net_range *out);

/* Where to listen. */
struct conf_listen {
	int family;        /* AF_INET, AF_INET6, AF_UNIX */
	uint8_t bytes[16]; /* address, network order */
	uint16_t port;     /* 0: any free port */
	const char *path;  /* AF_UNIX */
	const char *text;  /* as written: "127.0.0.1:8080", "[::1]:8080", "unix:/run/wasl.http" */
};
struct conf_listens {
	struct conf_listen *v;
	size_t n;
};

/* Minutes of a day; to > from, at most 1440. */
struct conf_times {
	uint16_t from, to;
};
struct conf_times_list {
	struct conf_times *v;
	size_t n;
};

struct conf_words {
	const char **v;
	size_t n;
};

struct conf_phones {
	struct phone *v;
	size_t n;
};

/* A map of free names: a dialect's settings, or its secrets (name without "_file" → path). */
struct conf_pair {
	const char *name;
	const char *text;
	uint32_t line, col; /* of the name, for faults found later */
};
struct conf_pairs {
	struct conf_pair *v;
	size_t n;
};

struct conf_centre {
	const char *code;              /* "CAS" */
	uint32_t line, col;            /* of the code */
	const char *tel;               /* national, 10 digits, as screens show it */
	const char *place[CONF_LANGS]; /* alias of the centre, at most 9 characters, in each
					  language; all NULL: the word for a centre in the menus */
	const char *office;      /* "MO-FR 09:00-16:30"; its shape is checked, civil/ reads it */
	struct conf_phones duty; /* staff who get T24, at any hour */
	int64_t checkin_day;     /* 0 Sunday .. 6 Saturday, as civil_weekday counts */
	int64_t checkin_at;      /* minutes of the day */
};

struct conf_channel {
	const char *name; /* "at-1": part of its addresses, /c/at-1/SECRET/... */
	uint32_t line, col;
	const char *dialect; /* name of a file in dialects, without .yaml */
	const char *code;    /* "*384*1234#", at most 10 characters */
	const char *centre;  /* code of a centre: where its strangers belong */
	int64_t page_gsm7;   /* septets and units of a page; 0: as the dialect says */
	int64_t page_ucs2;
	int64_t pace;                    /* SMS a second handed to the aggregator */
	const char *path_secret_file;    /* see conf_secret_read */
	struct net_ranges addresses;     /* who may call; empty: anybody who has the secrets */
	struct net_ranges plain_http_to; /* where SMS may go over http; loopback by default */
	struct conf_pairs settings, secrets;
	struct conf_words
		accept_unconfirmed; /* sections of the dialect that are taken although doubtful */
};

struct conf_emergency {
	const char *police, *gendarmerie, *ambulance, *samu, *women; /* 2 to 5 digits */
};

/* Spans are seconds, sizes bytes, but for answer_ms. */
struct conf_limits {
	int64_t connections, connections_reserved, connections_per_address;
	int64_t requests_per_connection;
	int64_t headers_bytes, headers, body;
	int64_t header_time, request_time, reply_time, idle_time;
	int64_t answer_ms;        /* after this a neutral page leaves instead */
	int64_t rate_per_number;  /* calls a minute */
	int64_t rate_burst;       /* calls of a number at once */
	int64_t rate_per_channel; /* calls a second */
	int64_t rate_channel_burst;
	int64_t session_time, repeat_time, resume_time;
	int64_t sessions; /* open at once */
	int64_t sms_per_person_day;
	int64_t sms_per_hour, sms_per_day; /* 0: three for each enrolled person */
	int64_t group_commit_max;          /* jobs in one transaction */
};

struct conf_sending {
	struct conf_times hours, friday_pause;
	struct conf_times_list ramadan_hours;
	int64_t concat_reference; /* 8 or 16 bits, where the dialect does not say */
};

/* How long things are kept, in seconds. */
struct conf_keep {
	int64_t sessions, bodies, checkins, audit;
};

struct conf {
	struct arena *arena; /* owns everything below */
	const char *file;    /* as given to conf_load */

	struct conf_listens listen;
	struct conf_listen metrics;
	struct net_ranges proxies; /* whose X-Forwarded-For counts */
	const char *public_url;    /* no slash at the end; "" when not said */
	/* Paths: absolute, or taken from the folder of the file. */
	const char *state;
	const char *keys;   /* "" when neither said nor in $CREDENTIALS_DIRECTORY */
	const char *socket; /* STATE/wasl.sock when not said */
	const char *menus;  /* these three: "" when not said: the installed ones */
	const char *dialects;
	const char *migrations;
	const char *zone;
	int64_t language; /* enum conf_lang */
	int64_t log;      /* enum log_level */
	bool free_to_caller;
	int64_t ballast; /* bytes */

	struct conf_emergency emergency;
	struct conf_limits limits;
	struct conf_sending sending;
	struct conf_keep keep;
	struct conf_centre *centres;
	size_t n_centres;
	struct conf_channel *channels;
	size_t n_channels;

	struct conf_value *values; /* what conf_walk shows */
	size_t n_values;
};

/*
 * Reads and checks. W_ENOENT: no such file; W_EINVAL: faults, all of them in
 * err, sorted by place. *out is the caller's, freed by conf_free.
 */
MUSTUSE int conf_load(const char *path, struct conf **out, struct err *err);
void conf_free(struct conf *c);

/* NULL when there is none of that name. */
const struct conf_centre *conf_centre(const struct conf *c, const char *code);
const struct conf_channel *conf_channel(const struct conf *c, const char *name);
/* Text of a setting, path of a secret (name without "_file"), or NULL. */
const char *conf_pair(const struct conf_pairs *pairs, const char *name);

/* ---- The keys themselves, for `wasl config show` and the manual ---- */

struct conf_row {
	const char *name; /* "limits.body", "centres.*.tel" */
	const char *type; /* a word: text, path, number, yes/no, span, size, ... */
	bool required;
	const char *fallback; /* the default as one would write it; "" when there is none */
	int64_t min, max;     /* both 0: no range */
	const char *unit;     /* or the words to choose from: "ary|ary-Latn|ar|fr" */
	const char *sentence;
};
const struct conf_row *conf_rows(size_t *n);

enum conf_origin { CONF_DEFAULT, CONF_FILE, CONF_ENVIRONMENT };

/* One key of a loaded file. Duty numbers are shown as how many there are. */
struct conf_value {
	const char *name; /* "centres.CAS.tel" */
	const char *text;
	enum conf_origin origin;
	uint32_t line; /* CONF_FILE */
	const struct conf_row *row;
};
/* In the order of the def file; stops when show returns false. */
void conf_walk(const struct conf *c, bool (*show)(void *ctx, const struct conf_value *v),
	       void *ctx);

/* ---- Secrets ---- */

enum { CONF_SECRET_MAX = 4096 };

/* One or two live secrets: the second line of a file is the one being phased in or out. */
struct conf_secret {
	size_t n;
	struct str live_do_not_log[2];
};
/*
 * Reads a file of one or two lines. Refused: more than CONF_SECRET_MAX bytes,
 * empty, control characters, and outside lab a file that group or others can
 * open (but for those systemd hands over in $CREDENTIALS_DIRECTORY, which is
 * private as a folder). Faults name the file, never a byte of it.
 */
MUSTUSE int conf_secret_read(const char *path, bool lab, struct conf_secret **out, struct err *err);
void conf_secret_free(struct conf_secret *s); /* wipes */

/* ---- A first file, for `wasld init` ---- */

struct conf_sample {
	const char *state, *keys;                  /* folders */
	const char *menus, *dialects, *migrations; /* folders; NULL: the installed ones */
	const char *centre;                        /* code */
	const char *tel;                           /* its number; NULL: one to be changed */
	uint16_t port, metrics_port;               /* on 127.0.0.1 */
	bool lab;
	/* A first channel; name NULL writes one as a comment. */
	struct {
		const char *name, *dialect, *code, *path_secret_file;
		const struct conf_pair *settings, *secrets; /* secrets: name without "_file" */
		size_t n_settings, n_secrets;
	} channel;
};
void conf_write_sample(const struct conf_sample *s, struct buf *to);

#endif
