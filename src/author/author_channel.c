#include "author/author_int.h"

#include <dirent.h>
#include <stdlib.h>

/* Dialects before they serve: are they right, what do they want, what do they have? */

/* Any channel on the dialect, whose addresses say which sections there are. */
static int
open_file(const char *file, FILE *err, struct author_party **out)
{
	const struct author_account account = {.dialect = file};

	return author_party_open(&account, err, out);
}

/* "ussd, ussd_end, sms, send" */
static const char *
section_words(const struct author_party *p)
{
	struct buf b;

	buf_init_arena(&b, p->arena);
	for (unsigned k = 0; k < CHANNEL_KINDS; k++)
		if (author_party_path(p, (enum channel_kind)k, p->arena).p != NULL)
			buf_printf(&b, "%s%s", b.n > 0 ? ", " : "",
				   channel_kind_word((enum channel_kind)k));
	if (channel_can_send(p->channel))
		buf_printf(&b, "%ssend", b.n > 0 ? ", " : "");
	return buf_ok(&b) && b.n > 0 ? buf_str(&b).p : "nothing";
}

/* ---- Lint ---- */

static void
print_needs(const struct author_party *p, FILE *out)
{
	const struct dialect_need *needs;
	size_t n = dialect_needs(p->dialect, &needs);

	for (size_t i = 0; i < n; i++) {
		fprintf(out, " %s %s", needs[i].secret ? "secret " : "setting", needs[i].name);
		if (needs[i].fallback != NULL)
			fprintf(out, " (else %s)", needs[i].fallback);
		else if (needs[i].optional)
			fprintf(out, " (may be left out)");
		fprintf(out, "%s%s\n", needs[i].about[0] ? ": " : "", needs[i].about);
	}
}

/* The faults of the file alone: what an account lacks is no fault of it. */
static int
load_only(const char *file, FILE *out, size_t *errors, size_t *warnings)
{
	struct arena *a = arena_new(0);
	struct err *err = err_new();
	struct dialect *d = NULL;
	int rc = dialect_load(file, a, &d, err);

	err_sort(err);
	err_print(err, out);
	*errors = err_errors(err);
	*warnings = err_warnings(err);
	dialect_free(d);
	err_free(err);
	arena_free(a);
	return rc == 0 ? 0 : rc == W_ENOENT ? AUTHOR_NONE : AUTHOR_LINT;
}

int
author_channel_lint(const char *file, bool ascii, FILE *out)
{
	struct author_party *p = NULL;
	const char *dot = author_dot(ascii);
	size_t errors, warnings;
	int rc = load_only(file, out, &errors, &warnings);

	if (rc == 0)
		rc = open_file(file, out, &p);
	if (rc == 0) {
		fprintf(out, "%s %s %s %s ", dialect_name(p->dialect), dot, section_words(p), dot);
		author_party_close(p);
	}
	if (rc != AUTHOR_NONE)
		fprintf(out, "%zu error%s, %zu warning%s\n", errors, author_plural(errors),
			warnings, author_plural(warnings));
	fflush(out);
	return rc;
}

/* ---- List ---- */

static int
is_dialect(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 5 && e->d_name[0] != '.' && strcmp(e->d_name + n - 5, ".yaml") == 0;
}

static struct str
first_sentence(struct str about)
{
	for (size_t i = 0; i + 1 < about.n; i++)
		if (about.p[i] == '.' && (about.p[i + 1] == ' ' || about.p[i + 1] == '\n'))
			return (struct str){about.p, i};
	return str_trim(about);
}

static int
list_one(const char *folder, const char *name, FILE *out, FILE *err)
{
	struct author_party *p = NULL;
	struct arena *a = arena_new(0);
	int rc = open_file(arena_printf(a, "%s/%s", folder, name), err, &p);

	if (rc == 0) {
		struct str about = first_sentence(str_of(dialect_about(p->dialect)));

		fprintf(out, "%s\t%s\t%.*s\n", dialect_name(p->dialect), section_words(p),
			STR_ARG(about));
		author_party_close(p);
	}
	arena_free(a);
	return rc;
}

int
author_channel_list(const char *folder, FILE *out, FILE *err)
{
	struct dirent **found;
	int n = scandir(folder, &found, is_dialect, alphasort), rc = 0;

	if (n < 0) {
		fprintf(err, "wasl: no folder %s\n", folder);
		return AUTHOR_NONE;
	}
	fprintf(out, "dialect\tsections\tabout\n");
	for (int i = 0; i < n; i++) {
		int one = list_one(folder, found[i]->d_name, out, err);

		rc = one != 0 ? one : rc;
		free(found[i]);
	}
	free(found);
	fflush(out);
	return rc;
}

/* ---- Show ---- */

static void
print_addresses(const struct author_party *p, bool secrets_shown, FILE *out)
{
	for (unsigned k = 0; k < CHANNEL_KINDS; k++) {
		struct str address = channel_address(p->channel, (enum channel_kind)k, p->arena);

		if (address.p == NULL)
			continue;
		if (!secrets_shown)
			address = author_party_mask(p, address, p->arena);
		fprintf(out, " %-8s %.*s\n", channel_kind_word((enum channel_kind)k),
			STR_ARG(address));
	}
}

int
author_channel_show(const struct author_account *account, bool secrets_shown, FILE *out, FILE *err)
{
	struct author_party *p = NULL;
	int rc = author_party_open(account, err, &p);

	if (rc != 0)
		return rc;
	struct page_limit page = channel_page_limit(p->channel);
	fprintf(out, "%s: %s, code %s\n", channel_name(p->channel), dialect_name(p->dialect),
		channel_code(p->channel));
	if (dialect_about(p->dialect)[0] != '\0')
		fprintf(out, "about: %s\n", dialect_about(p->dialect));
	fprintf(out, "page: gsm7 %u, ucs2 %u; they wait %lld ms\n", page.gsm7, page.ucs2,
		(long long)channel_deadline_ms(p->channel));
	fprintf(out, "needs:\n");
	print_needs(p, out);
	fprintf(out, "addresses to give them:\n");
	print_addresses(p, secrets_shown, out);
	fflush(out);
	author_party_close(p);
	return 0;
}
