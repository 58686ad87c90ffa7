/*
 * One recorded exchange, what its .expect says, and the accounts it was made
 * with. For test_channel_fixtures.
 */
#ifndef WASL_TEST_CHANNEL_CASE_H
#define WASL_TEST_CHANNEL_CASE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "helper/table.h"
#include "test_channel_world.h"

#include <unistd.h>

enum { ACCOUNTS = 8, SESSIONS = 64, ACCOUNT_ROWS = 16 };

struct suite {
	const char *data, *dialects; /* folders */
};

struct company {
	const struct suite *suite;
	char name[64];
	struct arena *arena;
	struct err *err;
	struct dialect *dialect;
	struct channel *channels[ACCOUNTS]; /* one for each account of the table */
	size_t n_channels;
	struct table *account;
	struct str sessions[SESSIONS]; /* begun so far */
	size_t n_sessions;
};

struct run {
	const struct suite *suite;
	struct table *index;
	size_t row;
	struct company company;
	struct str expect;
	struct arena *arena; /* of the case */
	size_t checked, skipped;
};

static inline const char *
data_root(void)
{
	const char *other = getenv("WASL_TEST_DATA");

	return other != NULL ? other : WASL_SOURCE_DIR "/tests/data";
}

#define MISS(r, ...) table_miss((r)->index, (r)->row, __VA_ARGS__)

static inline void
leave_out(struct run *r, const char *why)
{
	printf("skipped: %s/%s: %s\n", r->company.name,
	       arena_str(r->arena, table_raw(r->index, r->row, "case")).p, why);
	r->skipped++;
}

static inline struct str
case_file(struct run *r, const char *ending)
{
	const char *path =
		arena_printf(r->arena, "%s/%s/%s/%.*s%s", data_root(), r->suite->data,
			     r->company.name, STR_ARG(table_raw(r->index, r->row, "case")), ending);

	return world_read(r->arena, path);
}

/* ---- .expect ---- */

static inline struct str
unescaped(struct str s, struct arena *a)
{
	struct buf b;

	buf_init_arena(&b, a);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n) {
			i++;
			buf_addc(&b, s.p[i] == 'n' ? '\n' : s.p[i]);
		} else {
			buf_addc(&b, s.p[i]);
		}
	}
	return buf_str(&b);
}

/* p NULL: no such line, or "-". */
static inline struct str
expected(struct run *r, const char *key)
{
	struct str rest = r->expect;

	while (rest.n > 0) {
		struct str line = world_line(&rest), name = str_cut(&line, '=');

		if (str_is(name, key))
			return str_is(line, "-") ? STR_NONE : unescaped(line, r->arena);
	}
	return STR_NONE;
}

static inline bool
expects(struct run *r, const char *key)
{
	struct str rest = r->expect;

	while (rest.n > 0) {
		struct str line = world_line(&rest);

		if (str_is(str_cut(&line, '='), key))
			return true;
	}
	return false;
}

/* ---- Accounts ---- */

static inline bool
row_of(struct table *t, size_t row, const char *account, const char *kind)
{
	return (table_is(t, row, "account", "all") || table_is(t, row, "account", account)) &&
	       table_is(t, row, "kind", kind) && !table_is(t, row, "name", "-");
}

/* What of an account a case may say for itself: "token=" in its .expect. */
static inline struct str
said_by_case(struct run *r, size_t row)
{
	struct table *t = r->company.account;

	return expected(r, arena_str(r->arena, table_raw(t, row, "value")).p);
}

static inline void
give_setting(struct channel_account *to, struct channel_setting *rows, struct str name,
	     struct str text)
{
	rows[to->n_settings++] = (struct channel_setting){name.p, text};
	assert_true(to->n_settings < ACCOUNT_ROWS);
}

/* The later of two of one name counts. */
static inline void
give_secret(struct channel_account *to, struct channel_secret *rows, struct str name,
	    struct str text)
{
	size_t i = 0;

	while (i < to->n_secrets && !str_is(name, rows[i].name))
		i++;
	rows[i] = (struct channel_secret){name.p, {text, STR_NONE}};
	to->n_secrets += i == to->n_secrets;
	assert_true(to->n_secrets < ACCOUNT_ROWS);
}

/* Scheme and host of the case's public address, where it names one. */
static inline struct str
public_url(struct run *r)
{
	struct str url = expected(r, "url");
	size_t n = sizeof("https://") - 1;

	if (url.p == NULL)
		return STR_LIT("https://wasl.example");
	while (n < url.n && url.p[n] != '/')
		n++;
	return (struct str){url.p, n};
}

/* of_case: with what the case's .expect says of the account. */
static inline struct channel *
account_channel(struct run *r, const char *name, bool of_case)
{
	struct company *c = &r->company;
	struct table *t = c->account;
	struct channel_setting settings[ACCOUNT_ROWS];
	struct channel_secret secrets[ACCOUNT_ROWS];
	const char *accepted[ACCOUNT_ROWS];
	struct channel_account account = {.name = c->name,
					  .code = "*384*1234#",
					  .path_secrets = {STR_LIT("0123456789abcdef")},
					  .settings = settings,
					  .secrets = secrets,
					  .public_url = STR_LIT("https://wasl.example"),
					  .accept_unconfirmed = accepted,
					  .file = "account.tsv"};
	struct channel *ch = NULL;

	if (of_case)
		account.public_url = public_url(r);
	for (size_t i = 0; i < table_rows(t); i++) {
		struct str key = arena_str(c->arena, table_raw(t, i, "name"));
		struct str value = table_text(t, i, "value");

		if (row_of(t, i, name, "setting"))
			give_setting(&account, settings, key, value);
		if (row_of(t, i, name, "secret"))
			give_secret(&account, secrets, key, value);
		if (row_of(t, i, name, "accept"))
			accepted[account.n_accept_unconfirmed++] = key.p;
		if (!of_case || said_by_case(r, i).p == NULL)
			continue;
		if (row_of(t, i, name, "setting of case"))
			give_setting(&account, settings, key, said_by_case(r, i));
		if (row_of(t, i, name, "secret of case"))
			give_secret(&account, secrets, key, said_by_case(r, i));
	}
	if (channel_new(c->dialect, &account, &ch, c->err) != 0)
		err_print(c->err, stdout);
	return ch;
}

static inline const char *
account_name(struct company *c, size_t row)
{
	return arena_str(c->arena, table_raw(c->account, row, "account")).p;
}

/* The first account, as the case wants it. */
static inline struct channel *
case_channel(struct run *r)
{
	struct company *c = &r->company;
	const char *name = "all";

	for (size_t i = 0; i < table_rows(c->account) && strcmp(name, "all") == 0; i++)
		name = account_name(c, i);
	struct channel *ch = account_channel(r, name, true);
	assert_non_null(ch);
	return ch;
}

static inline struct table *
account_table(struct company *c)
{
	const char *other = getenv("WASL_TEST_DATA");
	char *name = arena_printf(c->arena, "%s/%s/account.tsv", c->suite->data, c->name);
	char *there = arena_printf(c->arena, "%s/%s", data_root(), name);

	if (other == NULL || access(there, R_OK) == 0)
		return table_open(name);
	unsetenv("WASL_TEST_DATA"); /* other cases, our accounts */
	struct table *t = table_open(name);
	setenv("WASL_TEST_DATA", other, 1);
	return t;
}

static inline void
company_close(struct company *c)
{
	for (size_t i = 0; i < c->n_channels; i++)
		channel_free(c->channels[i]);
	if (c->account != NULL)
		table_close(c->account);
	dialect_free(c->dialect);
	err_free(c->err);
	if (c->arena != NULL)
		arena_free(c->arena);
	*c = (struct company){0};
}

static inline bool
has_dialect(const struct company *c, char *path, size_t n)
{
	snprintf(path, n, "%s/%s/%s.yaml", WASL_SOURCE_DIR, c->suite->dialects, c->name);
	return access(path, R_OK) == 0;
}

static inline void
open_channels(struct run *r)
{
	struct company *c = &r->company;

	for (size_t i = 0; i < table_rows(c->account) && c->n_channels < ACCOUNTS; i++) {
		const char *account = account_name(c, i);
		bool seen = strcmp(account, "all") == 0;

		for (size_t k = 0; k < i; k++)
			seen |= table_is(c->account, k, "account", account);
		if (!seen)
			c->channels[c->n_channels++] = account_channel(r, account, false);
	}
	if (c->n_channels == 0)
		c->channels[c->n_channels++] = account_channel(r, "all", false);
	for (size_t i = 0; i < c->n_channels; i++)
		assert_non_null(c->channels[i]);
}

static inline bool
company_open(struct run *r, struct str name)
{
	struct company *c = &r->company;
	char path[512];

	company_close(c);
	c->suite = r->suite;
	snprintf(c->name, sizeof(c->name), "%.*s", STR_ARG(name));
	c->arena = arena_new(0);
	c->err = err_new();
	if (!has_dialect(c, path, sizeof(path)))
		return false;
	if (dialect_load(path, c->arena, &c->dialect, c->err) != 0) {
		err_print(c->err, stdout);
		fail_msg("%s does not load", path);
	}
	c->account = account_table(c);
	open_channels(r);
	return true;
}

static inline bool
may_be_free(struct company *c, struct str name)
{
	for (size_t i = 0; i < table_rows(c->account); i++)
		if (table_is(c->account, i, "kind", "free") &&
		    str_eq(table_raw(c->account, i, "name"), name))
			return true;
	return false;
}

#endif
