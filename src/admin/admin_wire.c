#include "admin/admin_wire.h"

const char *const admin_role_words[ADMIN_ROLES] = {"caseworker", "supervisor", "admin", "auditor",
						   "management"};

const struct admin_verb admin_verbs[] = {
#define VERB(handler, said, cw, sup, adm, aud, mgt, kept, row, sentence, ...)       \
	{.words = said,                                                             \
	 .cells = {ADMIN_##cw, ADMIN_##sup, ADMIN_##adm, ADMIN_##aud, ADMIN_##mgt}, \
	 .record = ADMIN_##kept,                                                    \
	 .args = {__VA_ARGS__},                                                     \
	 .fields = row,                                                             \
	 .help = sentence},
#include "admin/admin_verbs.def"
#undef VERB
};
const size_t admin_verbs_n = ARRAY_LEN(admin_verbs);

const struct admin_verb *
admin_verb_find(struct str words)
{
	for (size_t i = 0; i < admin_verbs_n; i++)
		if (str_is(words, admin_verbs[i].words))
			return &admin_verbs[i];
	return NULL;
}

const char *
admin_verb_nearest(struct str words)
{
	const char *all[ARRAY_LEN(admin_verbs)];

	for (size_t i = 0; i < admin_verbs_n; i++)
		all[i] = admin_verbs[i].words;
	return str_nearest(words, all, admin_verbs_n);
}

static int
add_piece(const char *p, size_t n, void *to)
{
	buf_add(to, p, n);
	return 0;
}

/* {"name": value} on a line of its own; takes value over. */
static void
add_line(struct buf *to, json_t *object)
{
	CHECK(object != NULL &&
	      json_dump_callback(object, add_piece, to, JSON_COMPACT | JSON_ENCODE_ANY) == 0);
	buf_addc(to, '\n');
	json_decref(object);
}

void
admin_line_request(struct buf *to, const char *verb, const json_t *args)
{
	json_t *copy = args ? json_deep_copy(args) : json_object();

	add_line(to, json_pack("{s:i, s:s, s:o}", "v", ADMIN_VERSION, "verb", verb, "args", copy));
}

void
admin_line_row(struct buf *to, const json_t *row)
{
	add_line(to, json_pack("{s:O}", "row", row));
}

void
admin_line_end(struct buf *to, enum admin_code code, const char *text, int64_t count,
	       const char *now)
{
	json_t *end = json_pack("{s:i, s:s}", "code", (int)code, "text", text);

	if (count >= 0)
		json_object_set_new(end, "count", json_integer(count));
	if (now != NULL)
		json_object_set_new(end, "now", json_string(now));
	add_line(to, json_pack("{s:o}", "end", end));
}

/*
 * Nesting by counting brackets outside strings: the parser recurses, and it
 * would go 2,048 deep before it says no.
 */
static bool
too_deep(struct str line)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < line.n; i++) {
		char c = line.p[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '['))
			depth++;
		else if (!quoted && (c == '}' || c == ']') && depth > 0)
			depth--;
		if (depth > ADMIN_DEPTH_MAX)
			return true;
	}
	return false;
}

static json_t *
load(struct str line)
{
	json_error_t error;

	return too_deep(line) ? NULL : json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, &error);
}

static struct str
text_of(const json_t *value)
{
	return json_is_string(value)
		       ? (struct str){json_string_value(value), json_string_length(value)}
		       : STR_NONE;
}

static const char *
request_fault(struct admin_request *out)
{
	const json_t *version = json_object_get(out->root, "v");
	const json_t *args = json_object_get(out->root, "args");

	if (!json_is_object(out->root))
		return "a request is one JSON object on a line, without duplicate keys";
	if (!json_is_integer(version) || json_integer_value(version) != ADMIN_VERSION)
		return "this gateway speaks version 1: \"v\":1";
	out->verb = text_of(json_object_get(out->root, "verb"));
	if (out->verb.n == 0)
		return "\"verb\" is missing";
	if (args != NULL && !json_is_object(args))
		return "\"args\" is an object";
	if (json_object_size(out->root) != (args ? 3u : 2u))
		return "a request has \"v\", \"verb\" and \"args\", nothing else";
	out->args = args;
	return NULL;
}

int
admin_request_read(struct str line, struct admin_request *out, const char **why)
{
	*out = (struct admin_request){.root = line.n < ADMIN_REQUEST_MAX ? load(line) : NULL};
	*why = request_fault(out);
	return *why == NULL ? W_OK : W_EPROTO;
}

void
admin_request_done(struct admin_request *r)
{
	json_decref(r->root);
	*r = (struct admin_request){0};
}

int
admin_reply_read(struct str line, struct admin_reply *out)
{
	*out = (struct admin_reply){.root = load(line), .text = "", .count = -1};
	const json_t *row = json_object_get(out->root, "row");
	const json_t *end = json_object_get(out->root, "end");
	const json_t *code = json_object_get(end, "code"), *count = json_object_get(end, "count");
	const json_t *text = json_object_get(end, "text");

	if (json_is_object(row)) {
		out->row = row;
		return W_OK;
	}
	if (!json_is_integer(code))
		return W_EPROTO;
	out->code = (int)json_integer_value(code);
	if (json_is_string(text))
		out->text = json_string_value(text);
	if (json_is_integer(count))
		out->count = json_integer_value(count);
	return W_OK;
}

void
admin_reply_done(struct admin_reply *r)
{
	json_decref(r->root);
	*r = (struct admin_reply){0};
}
