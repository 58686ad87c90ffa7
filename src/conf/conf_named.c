#include "conf/conf_int.h"

/*
 * The two maps whose keys are the operator's own names.
 */

static bool
in(char c, char from, char to)
{
	return c >= from && c <= to;
}

/* A capital letter, then 1 to 5 capitals and digits: it begins every reference (CAS-0147). */
static bool
centre_code_ok(struct str s)
{
	if (s.n < 2 || s.n > 6 || !in(s.p[0], 'A', 'Z'))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!in(s.p[i], 'A', 'Z') && !in(s.p[i], '0', '9'))
			return false;
	return true;
}

/* Small letters, digits and inner hyphens, at most 32: it is part of a path. */
static bool
channel_name_ok(struct str s)
{
	if (s.n == 0 || s.n > 32 || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!in(s.p[i], 'a', 'z') && !in(s.p[i], '0', '9') && s.p[i] != '-')
			return false;
	return true;
}

/* True when the entry may be read on; the place is that of its name. */
static bool
entry_ok(struct conf_loader *l, const struct yaml_pair *pair, bool (*name_ok)(struct str),
	 const char *rule)
{
	if (pair->value->kind == YAML_SCALAR && conf_secret_name(pair->key->text)) {
		conf_fault_secret(l, pair->key);
		return false;
	}
	if (!name_ok(pair->key->text))
		yaml_fault(l->err, l->doc, pair->key, "%s", rule);
	if (pair->value->kind == YAML_MAP)
		return true;
	yaml_fault(l->err, l->doc, pair->value, "keys and values are needed here");
	return false;
}

void
conf_load_centres(struct conf_loader *l, const struct yaml_node *map)
{
	struct conf *c = l->conf;
	char shown[96];

	if (map == NULL)
		return;
	if (map->n == 0)
		yaml_fault(l->err, l->doc, map, "centres: at least one is needed");
	c->centres = ARENA_ARRAY(c->arena, struct conf_centre, map->n);
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_node *key = map->pairs[i].key;
		struct conf_centre *centre = &c->centres[c->n_centres];

		*centre = (struct conf_centre){
			.code = key->text.p, .line = key->line, .col = key->col};
		c->n_centres++;
		if (!entry_ok(
			    l, &map->pairs[i], centre_code_ok,
			    "a centre's code is 2 to 6 capital letters and digits, a letter first"))
			continue;
		snprintf(shown, sizeof(shown), "centres.%.64s", centre->code);
		conf_load_section(l, map->pairs[i].value, "centres.*", shown, centre);
	}
}

void
conf_load_channels(struct conf_loader *l, const struct yaml_node *map)
{
	struct conf *c = l->conf;
	char shown[96];

	if (map == NULL)
		return;
	c->channels = ARENA_ARRAY(c->arena, struct conf_channel, map->n);
	for (size_t i = 0; i < map->n; i++) {
		const struct yaml_node *key = map->pairs[i].key;
		struct conf_channel *channel = &c->channels[c->n_channels];

		*channel = (struct conf_channel){
			.name = key->text.p, .line = key->line, .col = key->col};
		c->n_channels++;
		if (!entry_ok(l, &map->pairs[i], channel_name_ok,
			      "a channel's name is small letters, digits and -, at most 32"))
			continue;
		snprintf(shown, sizeof(shown), "channels.%.64s", channel->name);
		conf_load_section(l, map->pairs[i].value, "channels.*", shown, channel);
	}
}

/* ---- Free names inside a channel ---- */

/* Names under which people put secrets; also as the end of a longer name after "_". */
static const char *const secret_words[] = {"secret", "password", "passwd", "passphrase",
					   "key",    "apikey",   "token",  "pin"};

bool
conf_secret_name(struct str name)
{
	ptrdiff_t at;

	while ((at = str_find(name, '_')) >= 0)
		name = str_after(name, (size_t)at + 1);
	for (size_t i = 0; i < ARRAY_LEN(secret_words); i++)
		if (str_eq_nocase(name, str_of(secret_words[i])))
			return true;
	return false;
}

/* The name may be anything: cut before a character that would not be whole. */
void
conf_fault_secret(struct conf_loader *l, const struct yaml_node *key)
{
	struct str name = key->text;

	if (name.n > 40)
		name.n = 40;
	while (name.n > 0 && name.n < key->text.n && (name.p[name.n] & 0xc0) == 0x80)
		name.n--;
	yaml_fault(l->err, l->doc, key,
		   "no secret stands in this file: put it in a file of its own and write "
		   "%.*s_file: PATH (a dialect's secrets: under secrets)",
		   STR_ARG(name));
}

static bool
filled(const struct yaml_node *node)
{
	return node->kind == YAML_SCALAR && (node->quoted || node->text.n > 0);
}

static struct conf_pair *
add_pair(struct conf_loader *l, struct conf_pairs *pairs, const struct yaml_node *key,
	 struct str name, const char *text)
{
	struct conf_pair *p = &pairs->v[pairs->n++];

	*p = (struct conf_pair){.name = arena_str(l->conf->arena, name).p,
				.text = text,
				.line = key->line,
				.col = key->col};
	return p;
}

void
conf_set_settings(struct conf_loader *l, const struct conf_item *it)
{
	struct conf_pairs *out = it->field;

	out->v = ARENA_ARRAY(l->conf->arena, struct conf_pair, it->node->n);
	for (size_t i = 0; i < it->node->n; i++) {
		const struct yaml_pair *pair = &it->node->pairs[i];

		if (conf_secret_name(pair->key->text))
			conf_fault_secret(l, pair->key);
		else if (!filled(pair->value))
			yaml_fault(l->err, l->doc, pair->value, "a setting needs a text");
		else
			add_pair(l, out, pair->key, pair->key->text, pair->value->text.p);
	}
}

static bool
ends_in_file(struct str name)
{
	return name.n > 5 && memcmp(name.p + name.n - 5, "_file", 5) == 0;
}

void
conf_set_secrets(struct conf_loader *l, const struct conf_item *it)
{
	struct conf_pairs *out = it->field;

	out->v = ARENA_ARRAY(l->conf->arena, struct conf_pair, it->node->n);
	for (size_t i = 0; i < it->node->n; i++) {
		const struct yaml_pair *pair = &it->node->pairs[i];
		struct str name = pair->key->text;

		if (!ends_in_file(name))
			conf_fault_secret(l, pair->key);
		else if (!filled(pair->value) || pair->value->text.n == 0)
			yaml_fault(l->err, l->doc, pair->value, "a file is needed here");
		else
			add_pair(l, out, pair->key, (struct str){name.p, name.n - 5},
				 conf_secret_path(l, pair->value->text));
	}
}
