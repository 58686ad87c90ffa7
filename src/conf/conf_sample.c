#include "conf/conf_int.h"

/* In double quotes, so that no name or path is ever taken for anything else. */
static void
put_quoted(struct buf *to, const char *text)
{
	buf_addc(to, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_addc(to, '\\');
		buf_addc(to, *text);
	}
	buf_addc(to, '"');
}

static void
put_key(struct buf *to, const char *indent, const char *key, const char *text)
{
	if (text == NULL)
		return;
	buf_printf(to, "%s%s: ", indent, key);
	put_quoted(to, text);
	buf_addc(to, '\n');
}

static void
put_top(const struct conf_sample *s, struct buf *to)
{
	buf_adds(to, "# wasl.yaml: one gateway. `wasl config show` lists every key with its "
		     "default and meaning;\n# `wasld --check` tells every fault at its place. "
		     "No secret stands in this file.\n");
	if (s->lab)
		buf_adds(to, "# A lab: its state folder is marked so, and nobody real belongs in "
			     "it.\n");
	buf_adds(to, "\n");
	put_key(to, "", "state", s->state);
	put_key(to, "", "keys", s->keys);
	if (!s->lab)
		buf_adds(to, "# Where the command wasl finds the gateway; its folder says who may "
			     "try.\nsocket: \"/run/wasl/wasl.sock\"\n");
	put_key(to, "", "menus", s->menus);
	put_key(to, "", "dialects", s->dialects);
	put_key(to, "", "migrations", s->migrations);
	buf_printf(to,
		   "\n# Webhooks come in here, behind a proxy that ends TLS.\n"
		   "listen: [\"127.0.0.1:%u\"]\n",
		   s->port);
	buf_printf(to, "# /healthz, /readyz and /metrics.\nmetrics: \"127.0.0.1:%u\"\n",
		   s->metrics_port);
	buf_adds(to, "# What aggregators call: public_url: \"https://sms.example.org\"\n\n");
}

static void
put_centre(const struct conf_sample *s, struct buf *to)
{
	buf_adds(to, "centres:\n  ");
	put_quoted(to, s->centre);
	buf_adds(to, ":\n");
	if (s->tel == NULL)
		buf_adds(to, "    # To be changed: the number that screens and SMS show.\n");
	put_key(to, "    ", "tel", s->tel ? s->tel : "0522000000");
	buf_adds(to, "    office: \"MO-FR 09:00-16:30\"\n"
		     "    # Mobile numbers of staff who are told of an emergency, at any hour.\n"
		     "    duty: []\n"
		     "    checkin: {day: MO, at: \"10:00\"}\n\n");
}

static void
put_pairs(struct buf *to, const char *key, const char *suffix, const struct conf_pair *pairs,
	  size_t n)
{
	if (n == 0)
		return;
	buf_printf(to, "    %s:\n", key);
	for (size_t i = 0; i < n; i++) {
		buf_printf(to, "      %s%s: ", pairs[i].name, suffix);
		put_quoted(to, pairs[i].text);
		buf_addc(to, '\n');
	}
}

static void
put_channel(const struct conf_sample *s, struct buf *to)
{
	buf_printf(to, "channels:\n  %s:\n", s->channel.name);
	put_key(to, "    ", "dialect", s->channel.dialect);
	put_key(to, "    ", "code", s->channel.code);
	put_key(to, "    ", "centre", s->centre);
	put_key(to, "    ", "path_secret_file", s->channel.path_secret_file);
	put_pairs(to, "settings", "", s->channel.settings, s->channel.n_settings);
	put_pairs(to, "secrets", "_file", s->channel.secrets, s->channel.n_secrets);
}

static void
put_channel_comment(const struct conf_sample *s, struct buf *to)
{
	buf_printf(to,
		   "# An account with an aggregator. A file without / lies in the keys folder.\n"
		   "# channels:\n"
		   "#   at-1:\n"
		   "#     dialect: africastalking\n"
		   "#     code: \"*384*1234#\"\n"
		   "#     centre: %s\n"
		   "#     path_secret_file: at-1.path\n"
		   "#     addresses: [\"192.0.2.0/24\"]\n"
		   "#     settings: {username: sandbox}\n"
		   "#     secrets: {key_file: at-1.key}\n",
		   s->centre);
}

void
conf_write_sample(const struct conf_sample *s, struct buf *to)
{
	put_top(s, to);
	put_centre(s, to);
	if (s->channel.name != NULL)
		put_channel(s, to);
	else
		put_channel_comment(s, to);
}
