#include "channel/channel_int.h"

/* proof: compiled. */

static const struct yaml_key proof_keys[] = {
	{.name = "at"},
	{.name = "is", .type = YAML_T_TEXT},
	{.name = "basic", .type = YAML_T_TEXT},
	{.name = "hmac", .type = YAML_T_WORD},
	{.name = "over", .type = YAML_T_TEXT},
	{.name = "key", .type = YAML_T_TEXT},
	{.name = "as", .type = YAML_T_WORD},
	{.name = "prefix", .type = YAML_T_TEXT},
	{.name = "time"},
	{.name = "within", .type = YAML_T_SPAN, .min = 1, .max = 86400},
	{.name = "scheme", .type = YAML_T_WORD},
	{.name = "algorithm", .type = YAML_T_TEXT},
};

static struct text_plan *
proof_text(struct load *l, const struct yaml_node *item, const char *key)
{
	const struct yaml_node *node = yaml_get(item, key);

	if (node == NULL) {
		load_fault(l, item, 0, "%s: is missing", key);
		return NULL;
	}
	return value_text(l, node, true);
}

static struct value *
proof_value(struct load *l, const struct yaml_node *item, const char *key)
{
	const struct yaml_node *node = yaml_get(item, key);

	if (node == NULL) {
		load_fault(l, item, 0, "%s: is missing", key);
		return NULL;
	}
	return value_compile(l, node, NULL);
}

static void
hmac_compile(struct load *l, const struct yaml_node *node, struct proof_item *p)
{
	static const char *const hashes[] = {"sha1", "sha256", "sha512"};
	static const struct wordlist hash_words = {hashes, 3, "hash"};
	const struct yaml_node *hash = yaml_get(node, "hmac"), *as = yaml_get(node, "as");
	int i = words_find(&hash_words, hash->text);

	p->kind = PROOF_HMAC;
	if (i < 0)
		load_unknown(l, hash, 0, hash->text, &hash_words);
	p->hash = (enum sign_hash)(SIGN_SHA1 + (i < 0 ? 0 : i));
	if (as != NULL && !str_is(as->text, "hex") && !str_is(as->text, "base64"))
		load_fault(l, as, 0, "as is hex or base64");
	p->base64 = as != NULL && str_is(as->text, "base64");
	p->at = proof_value(l, node, "at");
	p->is = proof_text(l, node, "key");
	p->over = proof_text(l, node, "over");
	if (yaml_get(node, "prefix") != NULL)
		p->prefix = load_text(l, yaml_get(node, "prefix"));
	if (yaml_get(node, "time") != NULL)
		p->time = proof_value(l, node, "time");
	p->within_s = yaml_span(yaml_get(node, "within"), 300);
}

/* The places, the order and the encoding are the scheme's own. */
static void
scheme_keys(struct load *l, const struct yaml_node *node, const struct scheme *s)
{
	static const char *const others[] = {"at",   "is", "basic",  "hmac",
					     "over", "as", "prefix", "time"};

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (yaml_get(node, others[i]) != NULL)
			load_fault(l, yaml_get(node, others[i]), 0,
				   "%s: a scheme takes key, algorithm and within only", others[i]);
	if (s->algorithms != NULL)
		return;
	if (yaml_get(node, "algorithm") != NULL)
		load_fault(l, yaml_get(node, "algorithm"), 0, "%s has one algorithm only", s->word);
	if (yaml_get(node, "within") != NULL)
		load_fault(l, yaml_get(node, "within"), 0, "%s signs no time", s->word);
}

static void
algorithm_compile(struct load *l, const struct yaml_node *node, struct proof_item *p)
{
	const struct wordlist list = {p->scheme->algorithms, p->scheme->n_algorithms, "algorithm"};
	struct str word;

	if (node == NULL || p->scheme->algorithms == NULL)
		return;
	p->algorithm = value_text(l, node, false);
	if (p->algorithm != NULL && value_constant(p->algorithm, &word) &&
	    words_find(&list, word) < 0)
		load_unknown(l, node, 0, word, &list);
}

static void
proof_scheme_compile(struct load *l, const struct yaml_node *node, struct proof_item *p)
{
	const struct yaml_node *scheme = yaml_get(node, "scheme");
	int i = words_find(&words_schemes, scheme->text);

	p->kind = PROOF_SCHEME;
	if (i < 0) {
		load_unknown(l, scheme, 0, scheme->text, &words_schemes);
		return;
	}
	p->scheme = scheme_at((size_t)i);
	scheme_keys(l, node, p->scheme);
	p->is = proof_text(l, node, "key");
	algorithm_compile(l, yaml_get(node, "algorithm"), p);
	p->within_s = yaml_span(yaml_get(node, "within"), 300);
}

static void
proof_item_compile(struct load *l, const struct yaml_node *node)
{
	struct proof_item *p = &l->d->proof[l->d->n_proof];

	if (!load_keys(l, node, proof_keys, ARRAY_LEN(proof_keys)))
		return;
	l->d->n_proof++;
	if (yaml_get(node, "scheme") != NULL) {
		proof_scheme_compile(l, node, p);
	} else if (yaml_get(node, "hmac") != NULL) {
		hmac_compile(l, node, p);
	} else if (yaml_get(node, "basic") != NULL) {
		p->kind = PROOF_BASIC;
		p->is = proof_text(l, node, "basic");
	} else {
		p->at = proof_value(l, node, "at");
		p->is = proof_text(l, node, "is");
	}
}

void
proof_compile(struct load *l, const struct yaml_node *node)
{
	if (node->kind != YAML_LIST) {
		load_fault(l, node, 0, "proof is a list of items");
		return;
	}
	l->d->proof = ARENA_ARRAY(l->d->arena, struct proof_item, node->n);
	l->d->proof_plan = load_plan_new(l);
	l->sources =
		FROM(QUERY) | FROM(FORM) | FROM(HEADER) | FROM(BODY) | FROM(CHANNEL) | FROM(SECRET);
	l->names = 0;
	for (size_t i = 0; i < node->n; i++)
		proof_item_compile(l, node->items[i]);
	load_plan_done(l, l->d->proof_plan);
}
