#include "remind/remind_int.h"

static unsigned
language(const struct remind_case *c)
{
	const struct menu_set *set = c->r->options.menus;
	int lang = menu_lang_of(set, c->person.lang);

	if (lang < 0)
		lang = menu_lang_of(
			set,
			str_of(conf_lang_word((enum conf_lang)c->r->options.work->conf->language)));
	return lang < 0 ? 0 : (unsigned)lang;
}

/* The name in the script of the language, on a phone that is the person's own; else no name. */
static struct str
name(const struct remind_case *c, unsigned lang, struct arena *a)
{
	bool arabic = menu_lang_rtl(c->r->options.menus, lang);
	struct sealed value = arabic ? c->person.name_ar : c->person.name_la;
	const struct seal_place place = {"person", arabic ? "name_ar" : "name_la", c->person.id,
					 c->person.id};
	struct str plain;

	if (c->person.discreet || !str_is(c->link.sharing, "own") || value.n == 0 ||
	    store_open_sealed(c->r->options.store, &place, value, a, &plain) != W_OK)
		return STR_NONE;
	return plain;
}

static struct str
text(const struct remind_case *c, const struct menu_texts *texts, unsigned lang, struct arena *a)
{
	const struct menu_set *set = c->r->options.menus;
	const struct conf *conf = c->r->options.work->conf;
	struct menu_values values = {0};

	values.facts[MENU_FACT_PERSON_NAME] = name(c, lang, a);
	values.facts[MENU_FACT_CHANNEL_CODE] = str_of(c->channel->code);
	values.facts[MENU_FACT_CENTRE_TEL] = str_of(c->centre->conf->tel);
	if (conf->free_to_caller)
		values.facts[MENU_FACT_FREE] = menu_word(set, lang, "words", STR_LIT("free"));
	return menu_fill(set, &texts->of[lang], lang, &values, a);
}

static int
seal_column(const struct remind_case *c, const struct row_outbox *row, const char *column,
	    struct str plain, struct arena *a, struct sealed *out)
{
	const struct seal_place place = {"outbox", column, row->id, row->person};

	return store_seal(c->r->options.store, &place, plain, a, out);
}

static int
seal_phone(const struct remind_case *c, struct row_outbox *row, struct arena *a)
{
	char memory[32];
	struct buf e164;

	buf_init(&e164, memory, sizeof(memory));
	phone_reveal(&c->phone, PHONE_PLUS, &e164);
	int rc = seal_column(c, row, "phone", buf_str(&e164), a, &row->phone);
	wipe(memory, sizeof(memory));
	return rc;
}

int
remind_compose(const struct remind_case *c, struct store_job *job, struct row_outbox *out)
{
	struct arena *a = store_job_arena(job);
	const struct menu_set *set = c->r->options.menus;
	const struct menu_texts *texts = menu_sms(set, c->rule->send);
	const unsigned lang = language(c);
	struct sms_size size;

	if (texts == NULL)
		return W_ENOENT;
	const struct str plain = text(c, texts, lang, a);
	int rc = sms_measure(plain, (unsigned)c->r->options.work->conf->sending.concat_reference,
			     &size);
	if (rc != W_OK)
		return rc;
	*out = (struct row_outbox){.id = store_next(c->r->options.store, NEXT_OUTBOX),
				   .person = c->person.id,
				   .created_at = c->now,
				   .send_after = c->now,
				   .expires_at = c->due.expires_at,
				   .rule = c->due.rule,
				   .occurrence = c->due.occurrence,
				   .channel = str_of(c->channel->name),
				   .template_id = c->rule->send,
				   .lang = str_of(menu_lang_tag(set, lang)),
				   .coding = str_of(text_coding_word(size.coding)),
				   .parts = (int32_t)size.parts,
				   .state = STR_LIT("queued")};
	rc = seal_phone(c, out, a);
	return rc == W_OK ? seal_column(c, out, "text", plain, a, &out->text) : rc;
}
