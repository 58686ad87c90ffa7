#include "channel/channel_int.h"

#include "privacy/privacy.h"

#include <stdlib.h>

/*
 * Signature schemes that no place, template and hash can say, because they sort
 * what they sign. Both compare in constant time and sign over the call as it
 * came: what is not covered is not let in.
 */

enum { SIGNED_PAIRS = 256 };

struct pairs {
	struct pair rows[SIGNED_PAIRS];
	size_t n;
};

static int
compare_str(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int by_bytes = n > 0 ? memcmp(a.p, b.p, n) : 0;

	return by_bytes != 0 ? by_bytes : a.n < b.n ? -1 : a.n > b.n;
}

/* By name in byte order, then by value. */
static int
compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int by_name = compare_str(x->name, y->name);

	return by_name != 0 ? by_name : compare_str(x->value, y->value);
}

static bool
read_params(struct str encoded, struct arena *a, struct pairs *out)
{
	struct str name, value;

	if (!codec_escapes_ok(encoded))
		return false;
	while (codec_param(&encoded, &name, &value)) {
		struct pair *p = &out->rows[out->n];

		if (out->n == SIGNED_PAIRS || !codec_unpercent(name, true, a, &p->name) ||
		    !codec_unpercent(value, true, a, &p->value))
			return false;
		out->n++;
	}
	return true;
}

static bool
type_is(struct str type, const char *wanted)
{
	struct str rest = type;

	return str_eq_nocase(str_trim(str_cut(&rest, ';')), str_of(wanted));
}

static bool
is_form(const struct intake *in)
{
	return in->type.n == 0 || type_is(in->type, "application/x-www-form-urlencoded");
}

/* ---- twilio: twilio.com/docs/usage/security ---- */

/*
 * The public address with the port written out or left out: the official
 * validator takes either.
 */
static struct str
address_with_port(const struct signing *s, bool port_written)
{
	struct arena *a = s->in->arena;
	bool https = true;
	uint16_t port = 443;
	struct str host = channel_url_host(s->public_url, &https, &port);

	if (host.p == NULL)
		return s->public_url;
	size_t scheme = https ? 8 : 7; /* "https://" */
	struct str rest = str_after(s->public_url, scheme);
	bool brackets = rest.n > 0 && rest.p[0] == '[';
	ptrdiff_t slash = str_find(rest, '/');
	struct str prefix = slash < 0 ? STR_NONE : str_after(rest, (size_t)slash);
	struct buf b;

	buf_init_arena(&b, a);
	buf_printf(&b, "%s%s%.*s%s", https ? "https://" : "http://", brackets ? "[" : "",
		   STR_ARG(host), brackets ? "]" : "");
	if (port_written)
		buf_printf(&b, ":%u", (unsigned)port);
	buf_add_str(&b, prefix);
	return buf_str(&b);
}

/* A body that is no form is covered by its hash in the query. */
static bool
body_hash_fits(const struct intake *in, struct pairs *query)
{
	struct arena *a = in->arena;
	struct filter lower = {.kind = FILTER_LOWER};
	struct str wanted = codec_hex(sign_digest(SIGN_SHA256, in->body, a), a);

	if (!read_params(in->query, a, query))
		return false;
	for (size_t i = 0; i < query->n; i++)
		if (str_is(query->rows[i].name, "bodySHA256"))
			return equal_constant_time(
				filter_apply(&lower, piece_text(query->rows[i].value), a).s,
				wanted);
	return false;
}

/* Names and values of the form, sorted, nothing between; the same pair twice counts once. */
static bool
twilio_fields(const struct signing *s, struct buf *to)
{
	struct pairs *form = ARENA_NEW(s->in->arena, struct pairs);

	if (s->in->body.n == 0)
		return true;
	if (!is_form(s->in))
		return body_hash_fits(s->in, form);
	if (!read_params(s->in->body, s->in->arena, form))
		return false;
	qsort(form->rows, form->n, sizeof(form->rows[0]), compare_pairs);
	for (size_t i = 0; i < form->n; i++) {
		if (i > 0 && compare_pairs(&form->rows[i - 1], &form->rows[i]) == 0)
			continue;
		buf_add_str(to, form->rows[i].name);
		buf_add_str(to, form->rows[i].value);
	}
	return true;
}

static struct str
twilio_sign(const struct signing *s, bool port_written, struct str fields)
{
	struct arena *a = s->in->arena;
	struct buf b;

	buf_init_arena(&b, a);
	buf_add_str(&b, address_with_port(s, port_written));
	buf_add_str(&b, s->in->path);
	if (s->in->query.n > 0)
		buf_addc(&b, '?');
	buf_add_str(&b, s->in->query);
	buf_add_str(&b, fields);
	return codec_base64(sign_hmac(SIGN_SHA1, s->key, buf_str(&b), a), a);
}

static const char twilio_header[] = "X-Twilio-Signature";

static bool
twilio_holds(const struct signing *s)
{
	struct str given = str_trim(wire_header(s->in->headers, s->in->n_headers, twilio_header));
	struct buf fields;

	buf_init_arena(&fields, s->in->arena);
	if (given.n == 0 || !twilio_fields(s, &fields))
		return false;
	bool plain = equal_constant_time(given, twilio_sign(s, false, buf_str(&fields)));
	bool with_port = equal_constant_time(given, twilio_sign(s, true, buf_str(&fields)));

	return plain || with_port;
}

static int
twilio_put(const struct signing *s, struct wire_request *req)
{
	struct buf fields;

	buf_init_arena(&fields, s->in->arena);
	if (!twilio_fields(s, &fields))
		return W_EINVAL;
	proof_add_header(req, str_of(twilio_header), twilio_sign(s, false, buf_str(&fields)),
			 s->in->arena);
	return 0;
}

/* ---- vonage: developer.vonage.com/getting-started/concepts/signing-messages ---- */

enum { VONAGE_MD5HASH = 4 }; /* the others are HMACs, in the order of enum sign_hash */
static const char *const vonage_algorithms[] = {"sha256", "sha512", "sha1", "md5", "md5hash"};
static const enum sign_hash vonage_hashes[] = {SIGN_SHA256, SIGN_SHA512, SIGN_SHA1, SIGN_MD5,
					       SIGN_MD5};

/* What the call says: the query of a GET, else a form or the members of a JSON object. */
static bool
vonage_params(const struct signing *s, struct pairs *out)
{
	struct intake *in = s->in;

	if (in->method == WIRE_GET)
		return in->body.n == 0 && read_params(in->query, in->arena, out);
	if (in->query.n > 0)
		return false; /* nothing would cover it */
	if (type_is(in->type, "application/json"))
		return tree_pairs(intake_json(in), in->arena, out->rows, SIGNED_PAIRS, &out->n);
	return is_form(in) && read_params(in->body, in->arena, out);
}

/* Takes a parameter out; p NULL: it is not there. */
static struct str
take_pair(struct pairs *ps, const char *name)
{
	struct str value = STR_NONE;
	size_t kept = 0;

	for (size_t i = 0; i < ps->n; i++) {
		if (value.p == NULL && str_is(ps->rows[i].name, name))
			value = (struct str){str_bytes(ps->rows[i].value), ps->rows[i].value.n};
		else
			ps->rows[kept++] = ps->rows[i];
	}
	ps->n = kept;
	return value;
}

static struct str
pair_value(const struct pairs *ps, const char *name)
{
	for (size_t i = 0; i < ps->n; i++)
		if (str_is(ps->rows[i].name, name))
			return ps->rows[i].value;
	return STR_NONE;
}

/*
 * "&name=value" for each, with _ for & and = in the values. The same name twice,
 * or one that holds those marks, could be read in two ways: no signature.
 */
static struct str
vonage_sign(const struct signing *s, struct pairs *ps)
{
	struct arena *a = s->in->arena;
	struct buf b;

	buf_init_arena(&b, a);
	qsort(ps->rows, ps->n, sizeof(ps->rows[0]), compare_pairs);
	for (size_t i = 0; i < ps->n; i++) {
		const struct pair *p = &ps->rows[i];

		if ((i > 0 && str_eq(p->name, ps->rows[i - 1].name)) ||
		    str_find(p->name, '&') >= 0 || str_find(p->name, '=') >= 0)
			return STR_NONE;
		buf_addc(&b, '&');
		buf_add_str(&b, p->name);
		buf_addc(&b, '=');
		for (size_t k = 0; k < p->value.n; k++)
			buf_addc(&b, strchr("&=", p->value.p[k]) && p->value.p[k] ? '_'
										  : p->value.p[k]);
	}
	enum sign_hash hash = vonage_hashes[s->algorithm];

	if (s->algorithm != VONAGE_MD5HASH)
		return codec_hex(sign_hmac(hash, s->key, buf_str(&b), a), a);
	buf_add_str(&b, s->key);
	return codec_hex(sign_digest(hash, buf_str(&b), a), a);
}

static bool
vonage_holds(const struct signing *s)
{
	struct pairs *ps = ARENA_NEW(s->in->arena, struct pairs);
	struct filter lower = {.kind = FILTER_LOWER};
	int64_t at;

	if (!vonage_params(s, ps))
		return false;
	struct str given = take_pair(ps, "sig");
	if (given.n == 0 || !str_to_int(pair_value(ps, "timestamp"), &at) ||
	    at < s->now - s->within_s || at > s->now + s->within_s)
		return false;
	struct str wanted = vonage_sign(s, ps);

	return wanted.n > 0 &&
	       equal_constant_time(filter_apply(&lower, piece_text(given), s->in->arena).s, wanted);
}

/* On a query or a form, which grow by two parameters. */
static int
vonage_put(const struct signing *s, struct wire_request *req)
{
	struct arena *a = s->in->arena;
	struct pairs *ps = ARENA_NEW(a, struct pairs);
	struct str *text = req->method == WIRE_GET ? &req->query : &req->body;
	const char *mark = text->n > 0 ? "&" : "";

	if (req->method == WIRE_GET ? req->body.n > 0 : !is_form(s->in) || req->query.n > 0)
		return W_EINVAL;
	*text = str_of(
		arena_printf(a, "%.*s%stimestamp=%lld", STR_ARG(*text), mark, (long long)s->now));
	if (!read_params(*text, a, ps) || take_pair(ps, "sig").p != NULL)
		return W_EINVAL;
	struct str sig = vonage_sign(s, ps);

	if (sig.p == NULL)
		return W_EINVAL;
	*text = str_of(arena_printf(a, "%.*s&sig=%.*s", STR_ARG(*text), STR_ARG(sig)));
	return 0;
}

/* ---- By name ---- */

static const struct scheme schemes[] = {
	{.word = "twilio", .holds = twilio_holds, .put = twilio_put},
	{.word = "vonage",
	 .algorithms = vonage_algorithms,
	 .n_algorithms = ARRAY_LEN(vonage_algorithms),
	 .holds = vonage_holds,
	 .put = vonage_put},
};
static const char *const scheme_words[] = {"twilio", "vonage"};
const struct wordlist words_schemes = {scheme_words, ARRAY_LEN(scheme_words), "proof scheme"};

const struct scheme *
scheme_at(size_t i)
{
	return &schemes[i];
}

int
scheme_algorithm(const struct scheme *s, struct str word)
{
	struct wordlist list = {s->algorithms, s->n_algorithms, "algorithm"};

	return word.p == NULL ? 0 : words_find(&list, word);
}
