#include "conf/conf_int.h"

static const struct conf_row rows[] = {
#define CONF_KEY(name_, type_, required_, default_, min_, max_, unit_, in_, member_, sentence_) \
	{                                                                                       \
		.name = name_,                                                                  \
		.type = #type_,                                                                 \
		.required = required_,                                                          \
		.fallback = default_,                                                           \
		.min = min_,                                                                    \
		.max = max_,                                                                    \
		.unit = unit_,                                                                  \
		.sentence = sentence_,                                                          \
	},
#include "conf/conf_keys.def"
#undef CONF_KEY
};

const struct conf_target conf_targets[] = {
#define CONF_KEY(name_, type_, required_, default_, min_, max_, unit_, in_, member_, sentence_) \
	{CONF_T_##type_, offsetof(struct in_, member_)},
#include "conf/conf_keys.def"
#undef CONF_KEY
};

const struct conf_row *
conf_rows(size_t *n)
{
	*n = ARRAY_LEN(rows);
	return rows;
}

void
conf_walk(const struct conf *c, bool (*show)(void *ctx, const struct conf_value *v), void *ctx)
{
	for (size_t i = 0; i < c->n_values; i++)
		if (!show(ctx, &c->values[i]))
			return;
}

const struct conf_centre *
conf_centre(const struct conf *c, const char *code)
{
	for (size_t i = 0; i < c->n_centres; i++)
		if (strcmp(c->centres[i].code, code) == 0)
			return &c->centres[i];
	return NULL;
}

const struct conf_channel *
conf_channel(const struct conf *c, const char *name)
{
	for (size_t i = 0; i < c->n_channels; i++)
		if (strcmp(c->channels[i].name, name) == 0)
			return &c->channels[i];
	return NULL;
}

const char *
conf_pair(const struct conf_pairs *pairs, const char *name)
{
	for (size_t i = 0; i < pairs->n; i++)
		if (strcmp(pairs->v[i].name, name) == 0)
			return pairs->v[i].text;
	return NULL;
}

const char *
conf_lang_word(enum conf_lang lang)
{
	static const char *const words[] = {"ary", "ary-Latn", "ar", "fr"};

	CHECK((size_t)lang < ARRAY_LEN(words));
	return words[lang];
}
