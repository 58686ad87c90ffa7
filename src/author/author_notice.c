#include "author/author_carrier_int.h"
#include "base/clock.h"

#include <jansson.h>
#include <stdlib.h>
#include <time.h>

/* Lines about messages, for people (a Latin word first) or for scripts (JSON). */

static void
put_json(const struct author_carrier *c, json_t *row)
{
	char *text = json_dumps(row, JSON_COMPACT);

	CHECK(text != NULL);
	fprintf(c->o->out, "%s\n", text);
	fflush(c->o->out);
	free(text);
	json_decref(row);
}

static json_t *
json_of(struct str s)
{
	return s.p == NULL ? json_null() : json_stringn(s.p, s.n);
}

/* The wall clock of whoever watches. */
static const char *
clock_word(char to[16])
{
	time_t now = (time_t)clock_now();
	struct tm tm;

	to[localtime_r(&now, &tm) ? strftime(to, 16, "%H:%M:%S", &tm) : 0] = '\0';
	return to;
}

/* RFC 3339, UTC. */
static const char *
stamp(char to[32])
{
	time_t now = (time_t)clock_now();
	struct tm tm;

	to[gmtime_r(&now, &tm) ? strftime(to, 32, "%Y-%m-%dT%H:%M:%SZ", &tm) : 0] = '\0';
	return to;
}

static json_t *
row_of(const char *event)
{
	char at[32];

	return json_pack("{s:s,s:s}", "event", event, "at", stamp(at));
}

/* In ASCII a star for each bullet of the mask. */
static struct str
number_of(const struct carrier_message *m)
{
	struct buf b;
	char mask[64];
	struct buf masked;

	if (!m->phone_ok)
		return STR_LIT("not-a-number");
	buf_init_arena(&b, m->arena);
	if (m->carrier->o->show_numbers) {
		phone_reveal(&m->phone, PHONE_PLUS, &b);
		return buf_str(&b);
	}
	buf_init(&masked, mask, sizeof(mask));
	phone_mask(&m->phone, &masked);
	for (struct str rest = buf_str(&masked); rest.n > 0;) {
		uint32_t cp;

		if (!utf8_next(&rest, &cp))
			break;
		utf8_put(&b, m->carrier->o->ascii && cp > 127 ? '*' : cp);
	}
	return buf_str(&b);
}

void
author_notice_ready(const struct author_carrier *c)
{
	if (c->o->jsonl) {
		json_t *row = row_of("ready");

		json_object_set_new(row, "port", json_integer(c->port));
		put_json(c, row);
		return;
	}
	fprintf(c->o->out, "carrier: ready on 127.0.0.1:%u\n", c->port);
	fflush(c->o->out);
}

/* ---- A message ---- */

static void
message_json(const struct carrier_message *m, const struct sms_size *size, struct str text)
{
	json_t *row = row_of("message");

	json_object_set_new(row, "said", json_string(m->said));
	json_object_set_new(row, "to", json_of(number_of(m)));
	json_object_set_new(row, "text", json_of(text));
	json_object_set_new(row, "coding", json_string(text_coding_word(size->coding)));
	json_object_set_new(row, "units", json_integer((json_int_t)size->units));
	json_object_set_new(row, "parts", json_integer((json_int_t)size->parts));
	json_object_set_new(row, "ref", json_of(m->ref));
	json_object_set_new(row, "id", json_of(m->id));
	put_json(m->carrier, row);
}

static void
message_text(const struct carrier_message *m, const struct sms_size *size, struct str text)
{
	FILE *to = m->carrier->o->out;
	char at[16];

	fprintf(to, "carrier: %s %s to %.*s, %zu part%s %s %zu", clock_word(at), m->said,
		STR_ARG(number_of(m)), size->parts, author_plural(size->parts),
		size->coding == TEXT_GSM7 ? "gsm7" : "ucs2", size->units);
	fprintf(to, "%s%.*s\n", m->id.p ? ", id " : "", STR_ARG(m->id));
	while (text.n > 0) {
		struct str line = str_cut(&text, '\n');

		fprintf(to, "text: %.*s\n", STR_ARG(line));
	}
	fflush(to);
}

void
author_notice_message(const struct carrier_message *m)
{
	struct sms_size size = {0};
	unsigned bits = channel_reference_bits(m->carrier->party->channel);
	struct str text = author_clean(m->text, m->arena);

	if (sms_measure(m->text, bits, &size) != 0 && size.parts == 0)
		size = (struct sms_size){0};
	(m->carrier->o->jsonl ? message_json : message_text)(m, &size, text);
}

/* ---- Reports ---- */

void
author_notice_report(const struct carrier_message *m, const char *state, int status,
		     enum author_away why)
{
	const struct author_carrier *c = m->carrier;
	char at[16];

	if (c->o->jsonl) {
		json_t *row = row_of("report");

		json_object_set_new(row, "id", json_of(m->id));
		json_object_set_new(row, "state", json_string(state));
		json_object_set_new(row, "status",
				    why == AWAY_NOT ? json_integer(status) : json_null());
		put_json(c, row);
		return;
	}
	fprintf(c->o->out, "carrier: %s report %s for id %.*s: ", clock_word(at), state,
		STR_ARG(m->id));
	if (why != AWAY_NOT)
		fprintf(c->o->out, "%s\n", author_away_sentence(why));
	else if (status / 100 == 2)
		fprintf(c->o->out, "taken\n");
	else
		fprintf(c->o->out, "HTTP %d: %s\n", status, author_status_sentence(status));
	fflush(c->o->out);
}

void
author_notice_unread(const struct author_carrier *c)
{
	char at[16];

	if (c->o->jsonl) {
		put_json(c, row_of("unread"));
		return;
	}
	fprintf(c->o->out,
		"carrier: %s a call that the dialect does not make with these settings: "
		"answered 400%s\n",
		clock_word(at),
		c->party->made_up ? " (some settings are made up: give the gateway's own)" : "");
	fflush(c->o->out);
}
