#include "conf/conf_int.h"

/* ---- Small tests on text ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alnum(char c)
{
	return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool
made_of(struct str s, const char *others)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_alnum(s.p[i]) && (s.p[i] == '\0' || !strchr(others, s.p[i])))
			return false;
	return true;
}

static bool
digits_only(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

/* The reader has tested the UTF-8: every byte but a continuation begins a character. */
static int64_t
characters(struct str s)
{
	int64_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static void
bad(struct conf_loader *l, const struct conf_item *it, const char *what)
{
	yaml_fault(l->err, l->doc, it->node, "%s needs %s", it->name, what);
}

static void
put(const struct conf_item *it, const char *text)
{
	*(const char **)it->field = text;
}

/* ---- Paths ---- */

const char *
conf_path(const struct conf_loader *l, struct str text)
{
	if (text.n > 0 && text.p[0] == '/')
		return text.p;
	return arena_printf(l->conf->arena, "%s/%s", l->folder, text.p);
}

/* A bare name lies beside the keys, so that what systemd hands over is found by its name. */
const char *
conf_secret_path(const struct conf_loader *l, struct str text)
{
	const char *keys = l->conf->keys;

	if (str_find(text, '/') < 0 && keys != NULL && keys[0] != '\0')
		return arena_printf(l->conf->arena, "%s/%s", keys, text.p);
	return conf_path(l, text);
}

static void
set_path(struct conf_loader *l, const struct conf_item *it)
{
	if (it->node->text.n == 0)
		bad(l, it, "a path");
	else
		put(it, conf_path(l, it->node->text));
}

static void
set_file(struct conf_loader *l, const struct conf_item *it)
{
	if (it->node->text.n == 0)
		bad(l, it, "a file");
	else
		put(it, conf_secret_path(l, it->node->text));
}

/* ---- Words ---- */

static void
set_name(struct conf_loader *l, const struct conf_item *it)
{
	struct str s = it->node->text;

	if (s.n == 0 || s.n > (size_t)it->row->max || !is_alnum(s.p[0]) || !made_of(s, "_-"))
		bad(l, it, "a name of letters, digits, _ and -");
	else
		put(it, s.p);
}

/* The name of a zone is also a path below the zone folder. */
static void
set_zone(struct conf_loader *l, const struct conf_item *it)
{
	struct str s = it->node->text;

	if (s.n == 0 || s.n > 64 || !is_alnum(s.p[0]) || !made_of(s, "_/+-"))
		bad(l, it, "a time zone such as Africa/Casablanca");
	else
		put(it, s.p);
}

static bool
url_host(struct str s, struct str *host)
{
	if (str_starts(s, STR_LIT("https://")))
		*host = str_after(s, 8);
	else if (str_starts(s, STR_LIT("http://")))
		*host = str_after(s, 7);
	else
		return false;
	return host->n > 0 && host->p[0] != '/';
}

static void
set_url(struct conf_loader *l, const struct conf_item *it)
{
	struct str s = it->node->text, host;

	if (!url_host(s, &host) || !made_of(host, "-._~:/[]%")) {
		bad(l, it, "an address such as https://sms.example.org, without ? # or @");
		return;
	}
	while (s.n > 0 && s.p[s.n - 1] == '/')
		s.n--;
	put(it, arena_str(l->conf->arena, s).p);
}

enum { CHOICES = 8 };

static void
set_choice(struct conf_loader *l, const struct conf_item *it)
{
	char copy[64];
	const char *words[CHOICES];
	size_t n = 0;
	struct str rest = str_of(it->row->unit);
	int64_t *field = it->field;

	CHECK(rest.n < sizeof(copy));
	memcpy(copy, rest.p, rest.n + 1);
	for (char *p = copy; p != NULL && n < CHOICES; n++) {
		words[n] = p;
		p = strchr(p, '|');
		if (p != NULL)
			*p++ = '\0';
	}
	for (size_t i = 0; i < n; i++) {
		if (!str_is(it->node->text, words[i]))
			continue;
		if (!str_to_int(it->node->text, field))
			*field = (int64_t)i;
		return;
	}
	const char *near = str_nearest(it->node->text, words, n);
	yaml_fault(l->err, l->doc, it->node, "%s must be one of %s%s%s%s", it->name, it->row->unit,
		   near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
}

static void
set_digits(struct conf_loader *l, const struct conf_item *it)
{
	struct str s = it->node->text;

	if (!digits_only(s) || (int64_t)s.n < it->row->min || (int64_t)s.n > it->row->max)
		bad(l, it, "2 to 5 digits");
	else
		put(it, s.p);
}

/* "*384*1234#": groups of digits, each after a star, and a hash. */
static bool
code_ok(struct str s)
{
	if (s.n < 3 || s.p[0] != '*' || s.p[s.n - 1] != '#')
		return false;
	struct str groups = {s.p + 1, s.n - 2};
	do {
		if (!digits_only(str_cut(&groups, '*')))
			return false;
	} while (groups.n > 0);
	return s.p[s.n - 2] != '*';
}

static void
set_code(struct conf_loader *l, const struct conf_item *it)
{
	struct str s = it->node->text;

	if (!code_ok(s))
		bad(l, it, "a service code such as \"*384*1234#\", in quotes");
	else if ((int64_t)s.n > it->row->max)
		yaml_fault(l->err, l->doc, it->node,
			   "%s has %zu characters; the texts have room for %d", it->name, s.n,
			   (int)it->row->max);
	else
		put(it, s.p);
}

/* ---- Numbers and yes or no: yaml_check has tested form and range ---- */

static void
set_int(struct conf_loader *l, const struct conf_item *it)
{
	(void)l;
	*(int64_t *)it->field = yaml_int(it->node, 0);
}

static void
set_span(struct conf_loader *l, const struct conf_item *it)
{
	(void)l;
	*(int64_t *)it->field = yaml_span(it->node, 0);
}

static void
set_size(struct conf_loader *l, const struct conf_item *it)
{
	(void)l;
	*(int64_t *)it->field = yaml_size(it->node, 0);
}

static void
set_yesno(struct conf_loader *l, const struct conf_item *it)
{
	(void)l;
	*(bool *)it->field = yaml_yesno(it->node, false);
}

/* ---- Phone numbers: none of them is ever repeated in a message ---- */

static void
set_tel(struct conf_loader *l, const struct conf_item *it)
{
	struct phone phone;
	char national[24];
	struct buf b;
	enum phone_verdict v = phone_parse(it->node->text, &phone);

	buf_init(&b, national, sizeof(national));
	if (v == PHONE_OK || v == PHONE_NOT_MOBILE)
		phone_reveal(&phone, PHONE_NATIONAL, &b);
	if (b.n != 10)
		bad(l, it, "a Moroccan number of 10 digits, such as \"0522000000\", in quotes");
	else
		put(it, arena_str(l->conf->arena, buf_str(&b)).p);
}

static void
set_phones(struct conf_loader *l, const struct conf_item *it)
{
	struct conf_phones *out = it->field;
	const struct yaml_node *entry;
	size_t i = 0;

	out->v = ARENA_ARRAY(l->conf->arena, struct phone, it->node->n);
	while (conf_list_next(l, it, &i, &entry)) {
		if (phone_parse(entry->text, &out->v[out->n]) == PHONE_OK)
			out->n++;
		else
			yaml_fault(l->err, l->doc, entry, "%s needs Moroccan mobile numbers",
				   it->name);
	}
}

/* ---- Lists, texts by language, references ---- */

bool
conf_list_next(struct conf_loader *l, const struct conf_item *it, size_t *i,
	       const struct yaml_node **entry)
{
	while (*i < it->node->n) {
		*entry = it->node->items[(*i)++];
		if ((*entry)->kind == YAML_SCALAR && (*entry)->text.n > 0)
			return true;
		yaml_fault(l->err, l->doc, *entry, "%s: an entry is one filled text", it->name);
	}
	return false;
}

static void
set_words(struct conf_loader *l, const struct conf_item *it)
{
	struct conf_words *out = it->field;
	const struct yaml_node *entry;
	size_t i = 0;

	out->v = ARENA_ARRAY(l->conf->arena, const char *, it->node->n);
	while (conf_list_next(l, it, &i, &entry)) {
		if (entry->text.n <= 64 && made_of(entry->text, "_-./"))
			out->v[out->n++] = entry->text.p;
		else
			yaml_fault(l->err, l->doc, entry, "%s: an entry is a name", it->name);
	}
}

static const char *
alias_of(struct conf_loader *l, const struct conf_item *it, const struct yaml_node *node)
{
	int64_t n = characters(yaml_text(node));

	if (node->kind == YAML_SCALAR && n >= it->row->min && n <= it->row->max)
		return node->text.p;
	yaml_fault(l->err, l->doc, node, "%s needs a text of at most %d characters", it->name,
		   (int)it->row->max);
	return NULL;
}

/* One alias for all languages, or a map with one for each. */
static void
set_place(struct conf_loader *l, const struct conf_item *it)
{
	const char **place = it->field;
	struct yaml_key keys[CONF_LANGS];

	if (it->node->kind != YAML_MAP) {
		const char *alias = alias_of(l, it, it->node);

		for (size_t i = 0; i < CONF_LANGS; i++)
			place[i] = alias;
		return;
	}
	for (size_t i = 0; i < CONF_LANGS; i++)
		keys[i] = (struct yaml_key){.name = conf_lang_word((enum conf_lang)i),
					    .type = YAML_T_TEXT,
					    .required = true};
	if (yaml_check(l->doc, it->node, keys, CONF_LANGS, l->err) != 0)
		return;
	for (size_t i = 0; i < CONF_LANGS; i++)
		place[i] = alias_of(l, it, yaml_get(it->node, keys[i].name));
}

/* Centres stand above channels in the def file, so they are known here. */
static void
set_centre(struct conf_loader *l, const struct conf_item *it)
{
	const struct conf *c = l->conf;
	const char **codes = ARENA_ARRAY(c->arena, const char *, c->n_centres);
	const char *near;

	for (size_t i = 0; i < c->n_centres; i++)
		codes[i] = c->centres[i].code;
	put(it, it->node->text.p);
	if (conf_centre(c, it->node->text.p) != NULL)
		return;
	near = str_nearest(it->node->text, codes, c->n_centres);
	if (near != NULL)
		yaml_fault(l->err, l->doc, it->node,
			   "%s: there is no such centre (did you mean \"%s\"?)", it->name, near);
	else
		yaml_fault(l->err, l->doc, it->node, "%s: there is no such centre", it->name);
}

const struct conf_type_info conf_types[CONF_T_COUNT] = {
	[CONF_T_PATH] = {YAML_T_TEXT, true, set_path},
	[CONF_T_FILE] = {YAML_T_TEXT, true, set_file},
	[CONF_T_NAME] = {YAML_T_TEXT, true, set_name},
	[CONF_T_URL] = {YAML_T_TEXT, true, set_url},
	[CONF_T_ZONE] = {YAML_T_TEXT, true, set_zone},
	[CONF_T_INT] = {YAML_T_INT, false, set_int},
	[CONF_T_YESNO] = {YAML_T_YESNO, false, set_yesno},
	[CONF_T_SPAN] = {YAML_T_SPAN, false, set_span},
	[CONF_T_SIZE] = {YAML_T_SIZE, false, set_size},
	[CONF_T_CHOICE] = {YAML_T_TEXT, false, set_choice},
	[CONF_T_DIGITS] = {YAML_T_TEXT, true, set_digits},
	[CONF_T_TEL] = {YAML_T_TEXT, true, set_tel},
	[CONF_T_PHONES] = {YAML_T_LIST, false, set_phones},
	[CONF_T_CODE] = {YAML_T_TEXT, true, set_code},
	[CONF_T_HOURS] = {YAML_T_TEXT, true, conf_set_hours},
	[CONF_T_CLOCK] = {YAML_T_TEXT, false, conf_set_clock},
	[CONF_T_TIMES] = {YAML_T_TEXT, false, conf_set_times},
	[CONF_T_TIMES_LIST] = {YAML_T_LIST, false, conf_set_times_list},
	[CONF_T_LISTEN] = {YAML_T_TEXT, false, conf_set_listen},
	[CONF_T_LISTENS] = {YAML_T_LIST, false, conf_set_listens},
	[CONF_T_RANGES] = {YAML_T_LIST, false, conf_set_ranges},
	[CONF_T_WORDS] = {YAML_T_LIST, false, set_words},
	[CONF_T_PLACE] = {YAML_T_ANY, false, set_place},
	[CONF_T_CENTRE] = {YAML_T_TEXT, true, set_centre},
	[CONF_T_SETTINGS] = {YAML_T_MAP, false, conf_set_settings},
	[CONF_T_SECRETS] = {YAML_T_MAP, false, conf_set_secrets},
	[CONF_T_MAP] = {YAML_T_MAP, false, NULL},
	[CONF_T_CENTRES] = {YAML_T_MAP, false, NULL},
	[CONF_T_CHANNELS] = {YAML_T_MAP, false, NULL},
};
