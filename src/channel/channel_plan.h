/*
 * The compiled form of a dialect: data only, made once by loading, read-only
 * after.
 *
 * A section (or call, answer, proof) has one plan: the places it reads, each in
 * a numbered slot. Loading turns every place of the file into a slot number; a
 * call fills the slots in one pass over its bytes and everything after that is
 * look-ups in an array of pieces. Settings, secrets and our own addresses are
 * constants of a channel: channel_new writes them into a base copy of each
 * plan's slots.
 */
#ifndef WASL_CHANNEL_CHANNEL_PLAN_H
#define WASL_CHANNEL_CHANNEL_PLAN_H

#include "base/wire.h"
#include "channel/channel.h"
#include "text/text.h"

/* Bounds of the language. */
enum {
	DIALECT_BYTES = 64 * 1024,
	DIALECT_SECTIONS = 32,
	PLAN_SLOTS = 64,
	SECTION_LETS = 16,
	VALUE_ALTERNATIVES = 8,
	HOLE_FILTERS = 4,
	MAP_ROWS = 256,
	ROUTE_PIECES = 8,
	SECTION_ROUTES = 4,
	JSON_DEPTH = 16,
	JSON_MEMBERS = 8192,
	BATCH_ENTRIES = 200,
	VALUE_BYTES = 4096,
	HEADER_BYTES = 1024,
	OUT_BYTES = 16 * 1024,
	ANSWER_BYTES = 64 * 1024,
	BODY_DEFAULT = 16 * 1024,
	BODY_MOST = 128 * 1024,
};

/* ---- Pieces: what a place gives ---- */

enum piece_type {
	PIECE_ABSENT,
	PIECE_TEXT,
	PIECE_NUMBER, /* of JSON, or made so by |number */
	PIECE_WORD,   /* true, false or null of JSON */
	PIECE_BYTES,  /* not text yet */
};

struct piece {
	struct str s;
	enum piece_type type;
};
#define PIECE_NONE ((struct piece){{NULL, 0}, PIECE_ABSENT})
static inline struct piece
piece_text(struct str s)
{
	return (struct piece){s, PIECE_TEXT};
}
static inline bool
piece_has(struct piece p)
{
	return p.type != PIECE_ABSENT;
}

/* ---- Places ---- */

enum place_source { // order of words_sources
	FROM_QUERY,
	FROM_FORM,
	FROM_JSON,
	FROM_EACH,
	FROM_ANY,
	FROM_HEADER,
	FROM_PATH,
	FROM_BODY,
	FROM_HTTP,
	FROM_CHANNEL,
	FROM_SECRET,
	FROM_URL,
	FROM_XML,
	FROM_NAME
};
#define FROM(x) (1U << FROM_##x)

struct step { /* one part of a JSON path */
	struct str key;
	int64_t index; /* the key as a number, or -1 */
};

struct place {
	enum place_source from;
	struct str name;  /* after the first dot */
	struct str param; /* HEADER: what follows ';' */
	struct step *steps;
	size_t n_steps;
	size_t number; /* CHANNEL, SECRET: index in the dialect; URL: channel_kind; PATH: index */
	bool as_text;  /* somebody takes it as text: must be UTF-8 without NUL */
	bool scoped;   /* NAME of a word set: out of sight after its template */
};

/* Names wasl gives (words_names). */
enum name_given {
	NAME_PAGE,
	NAME_LIVE,
	NAME_TO,
	NAME_TEXT,
	NAME_REF,
	NAME_NOW,
	NAME_TOKEN,
	NAMES_GIVEN
};
#define NAME(x) (1U << NAME_##x)

struct named_slot {
	struct str name;
	uint8_t slot;
};

struct plan {
	size_t number; /* of this plan in its dialect, and of its base in a channel */
	struct place *places;
	size_t n;
	uint32_t sources;       /* FROM bits in use */
	int given[NAMES_GIVEN]; /* slot of a given name, or -1 */
	/* parameters sorted by name, for the pass over a form or query */
	struct named_slot *params[3]; /* FROM_QUERY, FROM_FORM, FROM_ANY */
	size_t n_params[3];
};

/* ---- Filters, holes, texts, values ---- */

enum filter_kind { // order of words_filters
	FILTER_UNHEX,
	FILTER_UNBASE64,
	FILTER_UNPERCENT,
	FILTER_UTF16BE,
	FILTER_GSM7,
	FILTER_LATIN1,
	FILTER_MD5,
	FILTER_SHA1,
	FILTER_SHA256,
	FILTER_HEX,
	FILTER_BASE64,
	FILTER_PERCENT,
	FILTER_UNXML,
	FILTER_UPPER,
	FILTER_LOWER,
	FILTER_CRLF,
	FILTER_BARE,
	FILTER_00,
	FILTER_PLUS,
	FILTER_NATIONAL,
	FILTER_NUMBER,
	FILTER_NEXT,
	FILTER_DATE
};

struct filter {
	enum filter_kind kind;
	struct str format; /* DATE: "%d/%m/%Y" */
};

struct hole {
	uint8_t slot;
	uint8_t n_filters;
	bool optional; /* {x?} */
	struct filter filters[HOLE_FILTERS];
};

struct text_part {
	struct str literal; /* used when not a hole */
	bool is_hole;
	struct hole hole;
};

/* A text with holes. */
struct text_plan {
	struct text_part *parts;
	size_t n;
	enum piece_type plain; /* an unquoted true, null or 12: NUMBER or WORD; else TEXT */
};

enum charset { // order of words_charsets, several names each
	CHARSET_UTF8,
	CHARSET_UTF16BE,
	CHARSET_GSM7,
	CHARSET_LATIN1,
	CHARSET_NONE
};

struct map_row {
	struct str key; /* a prefix without its '*' */
	struct text_plan *to;
};

struct map {
	struct map_row *exact; /* sorted without case */
	size_t n_exact;
	struct map_row *prefixes; /* longest first */
	size_t n_prefixes;
	struct text_plan *rest; /* of "*", or NULL */
};

enum value_kind { VALUE_PLACE, VALUE_TEXT, VALUE_LIST, VALUE_MAPPING };

struct value {
	enum value_kind kind;
	struct hole place;
	struct text_plan *text;
	struct value **items;
	size_t n_items;
	/* MAPPING, in the order of work */
	struct value *at;
	enum charset charset; /* fixed, or NONE */
	struct value *charset_from;
	struct match *match;
	struct str pattern;
	struct map *map;
	struct text_plan *fallback;
};

/* ---- Templates ---- */

enum json_kind { JSON_TEXT, JSON_PLAIN, JSON_LIST, JSON_MAP };

struct json_plan {
	enum json_kind kind;
	struct text_plan *text; /* TEXT */
	struct str plain;       /* PLAIN: true false null or a number */
	size_t n;
	struct str *keys; /* MAP */
	struct json_plan **items;
};

struct param {
	struct str name;
	struct text_plan *text;
};
struct params {
	struct param *rows;
	size_t n;
};

enum situation { WHEN_CONTINUE, WHEN_END, WHEN_GSM7, WHEN_UCS2, SITUATIONS };
struct word { /* a name whose text hangs on the situation */
	struct str name;
	uint8_t slot;
	bool required;                    /* used somewhere without '?' */
	struct text_plan *by[SITUATIONS]; /* NULL: not in that set */
};

enum sheet_body { SHEET_NONE, SHEET_TEXT, SHEET_JSON, SHEET_XML, SHEET_FORM };
struct sheet { /* an answer of ours, or the bytes of a call */
	int status;
	struct text_plan *type;
	struct params headers, query, form;
	enum sheet_body body;
	struct text_plan *text; /* TEXT and XML */
	struct json_plan *json;
	struct word *words;
	size_t n_words;
};

/* ---- Sections ---- */

struct route {
	enum wire_method method;
	size_t n;
	struct str pieces[ROUTE_PIECES]; /* literal, or the name of a {name} */
	int var[ROUTE_PIECES];           /* -1: literal; else its number in the section's vars */
	uint32_t line, col;
};

enum field { // order of the table in channel_section.c
	FIELD_MSISDN,
	FIELD_SESSION,
	FIELD_SERVICE,
	FIELD_NETWORK,
	FIELD_EVENT,
	FIELD_OUTCOME,
	FIELD_INPUT,
	FIELD_DROP,
	FIELD_DIALLED,
	FIELD_TURN,
	FIELD_ID,
	FIELD_REF,
	FIELD_TO,
	FIELD_TEXT,
	FIELD_TIME,
	FIELD_STATE,
	FIELD_REASON,
	FIELD_PART_REF,
	FIELD_PART_NUMBER,
	FIELD_PART_OF,
	FIELDS
};

struct let {
	struct str name;
	uint8_t slot;
	struct value *value;
};

struct section {
	enum channel_kind kind;
	struct route routes[SECTION_ROUTES];
	size_t n_routes;
	struct str vars[ROUTE_PIECES]; /* names of the routes' {name}s */
	size_t n_vars;
	struct plan *plan;
	struct value *condition; /* if */
	bool batch;              /* each */
	struct step *each;
	size_t n_each;
	uint32_t need[FIELDS]; /* every row: bits of fields, one of which must be there */
	size_t n_need;
	struct let lets[SECTION_LETS];
	size_t n_lets;
	struct value *fields[FIELDS];
	uint32_t written; /* bits of the fields the file gives, faulty ones too */
	bool cumulative, stray_begins;
	struct str separator;
	struct page_limit page;
	int64_t deadline_s;
	struct str *reserved;
	size_t n_reserved;
	struct sheet *reply, *ack, *refuse;
	bool ack_ends; /* ack: end */
	size_t body_max;
	struct str unconfirmed;
	bool takes_bytes; /* a parameter of the query is read as bytes, not as text */
};

struct call { /* one send section, the login or the setup */
	struct plan *plan;
	struct value *condition;
	enum wire_method method;
	struct text_plan *url;
	struct let lets[SECTION_LETS];
	size_t n_lets;
	struct sheet *sheet;
	struct text_plan *basic;
	bool has_join;
	struct str join;
	unsigned reference_bits;
	int64_t idempotent_s;
	bool tells_ref; /* {ref} is in the call */
	/* the answer */
	struct plan *answer;
	bool batch;
	struct step *each;
	size_t n_each;
	struct value *codes[VALUE_ALTERNATIVES];
	size_t n_codes;
	struct map *verdicts, *statuses;         /* "http 5*" rows, without "http " */
	struct value *id, *to, *parts, *wait_ms; /* of a login, id is the token */
	struct value *life;                      /* of a login: how long it lives, seconds */
};

enum sign_hash { SIGN_MD5, SIGN_SHA1, SIGN_SHA256, SIGN_SHA512 };
enum proof_kind { PROOF_WORD, PROOF_BASIC, PROOF_HMAC, PROOF_SCHEME };
struct proof_item {
	enum proof_kind kind;
	struct value *at;
	struct text_plan *is; /* WORD: the text; BASIC: user:password; HMAC, SCHEME: the key */
	struct text_plan *over;
	enum sign_hash hash;
	bool base64;
	struct str prefix;
	struct value *time;
	int64_t within_s;
	const struct scheme *scheme;
	struct text_plan *algorithm; /* SCHEME: NULL or absent: the scheme's first */
};

enum setting_type { SETTING_TEXT, SETTING_URL, SETTING_PHONE };
struct setting {
	struct dialect_need need;
	enum setting_type type;
};

struct dialect {
	struct arena *arena;
	const char *file, *name, *about;
	bool national, ignore_case;
	struct setting *settings;
	size_t n_settings;
	struct setting *secrets;
	size_t n_secrets;
	struct dialect_need *needs; /* both, for the outside */
	struct section *sections[DIALECT_SECTIONS];
	size_t n_sections;
	struct call *calls[DIALECT_SECTIONS];
	size_t n_calls;
	struct call *token, *setup; /* or NULL */
	struct plan *proof_plan;
	struct proof_item *proof;
	size_t n_proof;
	struct plan **plans;
	size_t n_plans;
	struct match **patterns;
	size_t n_patterns, cap_patterns;
};

struct channel {
	const struct dialect *dialect;
	struct arena *arena;
	const char *name, *centre, *code;
	struct page_limit page;
	struct str path_secrets[2];
	struct str public_url;
	struct str *settings;      /* by number; p NULL: not given */
	struct str (*secrets)[2];  /* by number */
	struct piece **bases;      /* by plan number: slots with this channel's constants */
	struct piece *proof_other; /* the proof plan's base with second secrets */
	const struct str *reserved;
	size_t n_reserved;
	int64_t deadline_ms;
	size_t body_max;
	char *wiped; /* the block that holds every secret */
	size_t n_wiped;
};

#endif
