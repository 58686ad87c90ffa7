/*
 * What stays inside channel/: the steps that work on the compiled form
 * (channel_plan.h).
 *
 * Compiling: load_*, place_*, value_*, map_*, sheet_*, section_*, call_* and
 * proof_compile; faults go to load->err and compiling goes on. Working:
 * intake_* (bytes to slots), eval_* (slots to values), fill_* (slots to bytes).
 * The other side: solve_* (wanted values back to slots) and compose_* (slots
 * back to the bytes they would have come from).
 */
#ifndef WASL_CHANNEL_CHANNEL_INT_H
#define WASL_CHANNEL_CHANNEL_INT_H

#include "base/err.h"
#include "channel/channel_plan.h"
#include "yaml/yaml.h"

struct intake;
struct signing;

/* ---- Lists of words (channel_words.c) ---- */

struct wordlist {
	const char *const *words;
	size_t n;
	const char *what; /* "state", for messages */
};
extern const struct wordlist words_kinds, words_moves, words_states, words_said, words_sources,
	words_needs, words_names, words_filters, words_charsets, words_situations;
/* Index of a word (any letter case), or -1. */
int words_find(const struct wordlist *list, struct str word);

/* ---- Loading: one struct walks along (channel_load.c) ---- */

struct load {
	struct dialect *d;
	const struct yaml_doc *doc;
	struct err *err;
	struct plan *plan;       /* being filled */
	uint32_t sources;        /* FROM bits allowed here */
	uint32_t names;          /* NAME bits allowed here */
	struct section *section; /* or NULL: whose {name}s path.x means */
	struct sheet *sheet;     /* whose word sets are in sight, or NULL */
	bool has_token;
};

/* A fault inside a node's text: offset in bytes from its first character. */
void load_fault(struct load *l, const struct yaml_node *at, size_t offset, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
/* "no such X 'y' (did you mean z?)" */
void load_unknown(struct load *l, const struct yaml_node *at, size_t offset, struct str word,
		  const struct wordlist *list);
/* Known to the language and not to this engine. */
void load_unsupported(struct load *l, const struct yaml_node *at, const char *what);
/* yaml_check; true when the map is as its table says. Loading goes on either way. */
bool load_keys(struct load *l, const struct yaml_node *node, const struct yaml_key *keys, size_t n);
struct plan *load_plan_new(struct load *l);
void load_plan_done(struct load *l, struct plan *plan);
struct str load_text(struct load *l, const struct yaml_node *node); /* copy in the dialect */

/* channel_place.c: text "form.x|filter" from offset of a node to a hole. False: a fault was added.
 */
bool place_compile(struct load *l, const struct yaml_node *node, struct str text, size_t offset,
		   bool as_bytes, struct hole *out);
/* A JSON path after "json." or "each." */
struct step *place_steps(struct arena *a, struct str path, size_t *n);
/* A new NAME slot. -1: no room, a fault was added. */
int place_name_slot(struct load *l, const struct yaml_node *node, struct str name, bool scoped);
/* "json.a.b" of an each: key. */
bool place_each(struct load *l, const struct yaml_node *node, struct step **steps, size_t *n);

/* channel_value.c. results: words a map or default may give, or NULL for any. NULL: faults. */
struct value *value_compile(struct load *l, const struct yaml_node *node,
			    const struct wordlist *results);
struct text_plan *value_text(struct load *l, const struct yaml_node *node, bool bytes_ok);
/* The part of a node's text from offset on. */
struct text_plan *value_text_from(struct load *l, const struct yaml_node *node, size_t offset,
				  bool bytes_ok);
/* channel_map.c: tables, and a text that is one of the words allowed. */
enum map_rows { MAP_ALL, MAP_WORDS, MAP_STATUSES }; /* verdicts: "http 5*" rows are apart */
struct map *map_compile(struct load *l, const struct yaml_node *node,
			const struct wordlist *results, enum map_rows rows);
struct text_plan *map_result(struct load *l, const struct yaml_node *node,
			     const struct wordlist *results);
size_t value_lets(struct load *l, const struct yaml_node *node, struct let *lets);
/* A fault when the text has a hole with '?'. */
void value_no_optional(struct load *l, const struct yaml_node *node, const struct text_plan *t);
bool value_constant(const struct text_plan *t, struct str *out);

/* channel_sheet.c */
struct sheet *sheet_compile(struct load *l, const struct yaml_node *node, bool is_call);

void section_compile(struct load *l, enum channel_kind kind, const struct yaml_node *node);
void section_check_routes(struct load *l);
void call_compile(struct load *l, const struct yaml_node *node);
void token_compile(struct load *l, const struct yaml_node *node);
void setup_compile(struct load *l, const struct yaml_node *node);
void proof_compile(struct load *l, const struct yaml_node *node);

/* ---- Working ---- */

struct scene { /* one evaluation */
	struct piece *slots;
	struct arena *arena;
	bool fault;      /* a charset nobody knows: the call is malformed */
	struct str word; /* the text before the last map; p NULL: none yet */
};

struct piece eval_hole(const struct hole *h, struct scene *sc);
struct piece eval_text(const struct text_plan *t, struct scene *sc);
struct piece eval_value(const struct value *v, struct scene *sc); /* v NULL: absent */
const struct text_plan *map_find(const struct map *m, struct str word);
void eval_lets(const struct let *lets, size_t n, struct scene *sc);
struct str eval_str(const struct value *v, struct scene *sc); /* p NULL: absent */

struct piece filter_apply(const struct filter *f, struct piece p, struct arena *a);
/* The text that f turns into p; absent when there is no way back. */
struct piece filter_undo(const struct filter *f, struct piece p, struct arena *a);
bool filter_gives_bytes(enum filter_kind k, bool was_bytes);
bool filter_date_ok(struct str format);

/* channel_codec.c */
bool codec_unpercent(struct str s, bool plus_is_blank, struct arena *a, struct str *out);
void codec_percent(struct str s, bool plus_for_blank, struct buf *to);
bool codec_escapes_ok(struct str s);
bool codec_unhex(struct str s, struct arena *a, struct str *out);
struct str codec_hex(struct str s, struct arena *a);
bool codec_unbase64(struct str s, struct arena *a, struct str *out);
struct str codec_base64(struct str s, struct arena *a);
/* False as well for a text with NUL in it: it would end there for whoever reads it next. */
bool codec_decode(enum charset c, struct str bytes, struct arena *a, struct str *out);
bool codec_encode(enum charset c, struct str text, struct arena *a, struct str *out);
enum charset codec_charset(struct str name); /* NONE: not known */
bool codec_param(struct str *rest, struct str *name, struct str *value);
/* ISO 8601 (no zone is UTC), Unix seconds or milliseconds. */
bool codec_time(struct str s, int64_t *at);
bool codec_phone(struct str s, bool national, struct phone *out);
void codec_json_text(struct str s, struct buf *to); /* with its quotes */
void codec_xml_text(struct str s, struct buf *to);
bool codec_unxml(struct str s, struct arena *a, struct str *out);

/* channel_sign.c */
struct str sign_digest(enum sign_hash h, struct str bytes, struct arena *a);
struct str sign_hmac(enum sign_hash h, struct str key, struct str bytes, struct arena *a);

/*
 * channel_scheme.c: signatures that the language cannot describe, by the name a
 * dialect calls them.
 */
struct scheme {
	const char *word;
	const char *const *algorithms; /* the first is meant when none is named; NULL: no choice */
	size_t n_algorithms;
	bool (*holds)(const struct signing *s);
	/* The other side: puts the signature on a call. W_EINVAL: no way to. */
	int (*put)(const struct signing *s, struct wire_request *req);
};
struct signing { /* a call, and what it is to be signed with */
	struct intake *in;
	struct str public_url; /* of the channel, without a slash at its end */
	struct str key;
	size_t algorithm; /* index in the scheme's list */
	int64_t now, within_s;
};
extern const struct wordlist words_schemes;
const struct scheme *scheme_at(size_t i); /* in the order of words_schemes */
/* -1: the scheme has no such algorithm. p NULL: its first. */
int scheme_algorithm(const struct scheme *s, struct str word);

/* channel_intake.c: an HTTP exchange of either direction as slots see it. */
struct json_t;
struct intake {
	enum wire_method method;
	int status;      /* answers to us; 0: a call */
	struct str path; /* calls to us: the whole of it, as it came; only signatures look */
	struct str query, body, type;
	const struct wire_header *headers;
	size_t n_headers;
	const struct str *vars; /* decoded {name}s of the section's path */
	bool ignore_case;
	bool lenient; /* a body that is no JSON leaves its places absent */
	bool json_tried;
	struct json_t *json; /* freed by intake_done */
	struct arena *arena;
};
MUSTUSE int intake_fill(struct intake *in, const struct plan *plan, struct piece *slots);
/* The entries of a batch; false when the place holds no array. */
bool intake_entries(struct intake *in, const struct step *steps, size_t n_steps, size_t *n);
/* Fills the each.* slots from entry i. */
MUSTUSE int intake_entry(struct intake *in, const struct plan *plan, const struct step *steps,
			 size_t n_steps, size_t i, struct piece *slots);
void intake_done(struct intake *in);
/* The body as JSON, parsed once; NULL: it is none. Borrowed. */
struct json_t *intake_json(struct intake *in);

/* channel_tree.c: JSON, bounded; and JSON built from paths. */
struct json_t *tree_parse(struct str bytes); /* NULL: malformed or over a bound */
struct json_t *tree_find(struct json_t *from, const struct step *steps, size_t n,
			 bool any_case); /* borrowed */
struct piece tree_piece(const struct json_t *at, struct arena *a);
/* Puts a piece at a path, making objects and arrays on the way; false when something else is there.
 */
bool tree_put(struct json_t *root, const struct step *steps, size_t n, struct piece p);
struct str tree_text(const struct json_t *root, struct arena *a);
/* A name and a value, both decoded. */
struct pair {
	struct str name, value;
};
/* The members of an object of plain values; null is left out. False: no such object, or over max.
 */
bool tree_pairs(struct json_t *object, struct arena *a, struct pair *out, size_t max, size_t *n);

/* channel_proof.c */
/* False: a setting names an algorithm that the scheme has not. */
bool proof_algorithms_ok(const struct channel *ch);
bool proof_ok(const struct channel *ch, struct intake *in, int64_t now);
size_t proof_active(const struct channel *ch);
/* Makes the headers that would satisfy the proof, on a call of the other side. */
MUSTUSE int proof_play(const struct channel *ch, struct arena *a, struct wire_request *req);
void proof_add_header(struct wire_request *req, struct str name, struct str value, struct arena *a);

/* channel_fill.c */
enum fill_result { FILL_OK, FILL_LEFT_OUT, FILL_MISSING };
struct filled {
	struct str type, query, body;
	struct wire_header *headers;
	size_t n_headers;
	bool missing; /* something a call cannot do without was absent */
};
/* The words of these situations into their slots. */
void fill_words(const struct sheet *s, unsigned situations, struct scene *sc);
void fill_sheet(const struct sheet *s, struct scene *sc, struct filled *out);
enum fill_result fill_text(const struct text_plan *t, struct scene *sc, struct str *out);
/* A url or path: every hole is one encoded piece, but a leading setting stays. */
enum fill_result fill_url(const struct text_plan *t, struct scene *sc, struct str *out);

/* The channel's own slots of a plan, copied for one call. */
struct piece *channel_slots(const struct channel *ch, const struct plan *plan, struct arena *a);
/* Route of a section a tail answers to. 1 yes, 0 no; method is not looked at. */
bool parse_route(const struct route *r, struct str tail, struct arena *a, struct str *vars);
/* Slots and words are there: the bytes of the call. W_EINVAL, W_ETOOBIG as channel_send_build. */
MUSTUSE int call_fill(const struct call *c, struct piece *slots, struct arena *a,
		      struct wire_request *out);
void call_given(const struct plan *plan, struct piece *slots, enum name_given name, struct str s);
const struct call *channel_call(const struct channel *ch, const struct channel_message *msg,
				int64_t now, struct str token, struct arena *a,
				struct piece **slots);

/*
 * channel_solve.c: backwards. Slots that are known (constants, words) must fit,
 * the others are set so that the value would give what is wanted.
 */
struct solving {
	const struct plan *plan;
	const struct let *lets;
	size_t n_lets;
	const struct sheet *sheet; /* whose words may hold what is looked for, or NULL */
	unsigned when;             /* bits of situations */
	bool percent;              /* what stands in a hole is percent-encoded */
	bool lenient;              /* parameters and members may be missing */
	struct scene sc;
};
bool solve_value(struct solving *s, const struct value *v, struct str wanted);
bool solve_text(struct solving *s, const struct text_plan *t, struct str got);
bool solve_params(struct solving *s, const struct params *ps, struct str encoded);
bool solve_json(struct solving *s, const struct json_plan *j, struct json_t *got);

/* channel_compose.c: slots back to the bytes they would have come from. */
struct composed {
	struct str query, body, type;
	struct wire_header *headers;
	size_t n_headers;
	int status; /* of an http place, or 0 */
};
/* each: where the entries of a batch stand, or NULL. False: they contradict each other. */
bool compose_places(const struct plan *plan, const struct piece *slots, bool by_get,
		    const struct step *each, size_t n_each, struct arena *a, struct composed *out);

#endif
