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
	{.name = "scheme"},
	{.name = "algorithm"},
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

static void
proof_item_compile(struct load *l, const struct yaml_node *node)
{
	struct proof_item *p = &l->d->proof[l->d->n_proof];

	if (!load_keys(l, node, proof_keys, ARRAY_LEN(proof_keys)))
		return;
	l->d->n_proof++;
	if (yaml_get(node, "scheme") != NULL) {
		load_unsupported(l, yaml_get(node, "scheme"), "a proof scheme in C");
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
