#include "author/author_menu_int.h"
#include "author/author_source_int.h"

#include <stdarg.h>

/*
 * wasl menu diff: two folders of menus, in words a caseworker reads. Pages are
 * known by their names, options by their keys, texts of lists and messages by
 * their places. Order does not matter, and comments neither.
 */

struct diff {
	const struct author_menu_options *o;
	const struct menu_set *old, *now;
	const struct yaml_node *old_vars, *now_vars; /* vars of main.yaml: how holes are called */
	struct arena *arena;
	size_t n;
};

static void say(struct diff *d, const char *fmt, ...) PRINTF_LIKE(2, 3);
static void
say(struct diff *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(d->o->out, fmt, ap);
	va_end(ap);
	fputc('\n', d->o->out);
	d->n++;
}

/* The name that main.yaml gives a hole. */
static struct str
hole_name(const struct diff *d, const struct menu_set *set, const struct menu_piece *p)
{
	const struct yaml_node *vars = set == d->old ? d->old_vars : d->now_vars;
	struct str name = author_piece_name(set, p->kind == PIECE_FACT, p->id);

	for (size_t i = 0; p->kind == PIECE_FACT && vars != NULL && i < vars->n; i++)
		if (str_eq(yaml_text(yaml_get(vars->pairs[i].value, "from")), name))
			return vars->pairs[i].key->text;
	return name;
}

/* Line feeds as they stand in a file, placeholders by name. */
static const char *
text_words(struct diff *d, const struct menu_set *set, const struct menu_text *text)
{
	struct buf b, safe;

	buf_init_arena(&b, d->arena);
	for (size_t i = 0; i < text->n; i++) {
		const struct menu_piece *p = &text->pieces[i];

		if (p->kind == PIECE_LITERAL) {
			buf_add_str(&b, p->literal);
			continue;
		}
		struct str name = hole_name(d, set, p);
		buf_printf(&b, "{%.*s}", STR_ARG(name));
	}
	buf_init_arena(&safe, d->arena);
	author_source_quote(&safe, author_clean(buf_str(&b), d->arena));
	return safe.p;
}

static const char *
name_of(struct diff *d, struct str s)
{
	return s.n > 0 ? arena_str(d->arena, s).p : "nothing";
}

static void
say_word(struct diff *d, const char *where, const char *what, struct str old, struct str now)
{
	if (!str_eq(old, now))
		say(d, "%s: %s %s, was %s", where, what, name_of(d, now), name_of(d, old));
}

static void
say_target(struct diff *d, const char *where, const char *what, const struct menu_target *old,
	   const struct menu_target *now)
{
	say_word(d, where, what, author_target_word(d->old, old), author_target_word(d->now, now));
}

static void
say_when(struct diff *d, const char *where, const struct menu_when *old,
	 const struct menu_when *now)
{
	struct str was = author_when_words(d->old, old, d->arena);
	struct str is = author_when_words(d->now, now, d->arena);

	if (!str_eq(was, is))
		say(d, "%s: shown %s%s, was %s%s", where, is.n ? "when " : "",
		    is.n ? is.p : "always", was.n ? "when " : "", was.n ? was.p : "always");
}

/* Only languages that both have: one that is new or gone is told once. */
static void
say_texts(struct diff *d, const char *where, const char *what, const struct menu_texts *old,
	  const struct menu_texts *now)
{
	for (unsigned i = 0; i < menu_lang_count(d->now); i++) {
		const char *tag = menu_lang_tag(d->now, i);
		int before = menu_lang_of(d->old, str_of(tag));

		if (before < 0)
			continue;
		const char *was = text_words(d, d->old, &old->of[before]);
		const char *is = text_words(d, d->now, &now->of[i]);
		if (strcmp(was, is) != 0)
			say(d, "%s in %s: %s%s was %s", where, tag, what, is, was);
	}
}

/* ---- Options ---- */

static const struct menu_option *
option_of(const struct menu_node *node, const char *key)
{
	for (size_t i = 0; i < node->n_options; i++)
		if (strcmp(node->options[i].key, key) == 0)
			return &node->options[i];
	return NULL;
}

static bool
same_dos(const struct menu_option *x, const struct menu_option *y)
{
	bool same = x->n_dos == y->n_dos;

	for (size_t i = 0; same && i < x->n_dos; i++) {
		const struct menu_do *p = &x->dos[i], *q = &y->dos[i];

		same = p->action == q->action && p->n_args == q->n_args;
		for (size_t k = 0; same && k < p->n_args; k++)
			same = strcmp(p->args[k].name, q->args[k].name) == 0 &&
			       p->args[k].from_var == q->args[k].from_var &&
			       str_eq(p->args[k].word, q->args[k].word);
	}
	return same;
}

static void
say_option(struct diff *d, const char *page, const struct menu_option *old,
	   const struct menu_option *now)
{
	const char *where = arena_printf(d->arena, "%s, option %s", page, now->key);

	say_texts(d, page, arena_printf(d->arena, "option %s ", now->key), &old->say, &now->say);
	say_word(d, where, "stands for", old->answer, now->answer);
	say_target(d, where, "leads to", &old->go, &now->go);
	say_when(d, where, &old->when, &now->when);
	if (!same_dos(old, now))
		say(d, "%s: does something else", where);
}

static void
say_options(struct diff *d, const char *page, const struct menu_node *old,
	    const struct menu_node *now)
{
	for (size_t i = 0; i < now->n_options; i++) {
		const struct menu_option *is = &now->options[i], *was = option_of(old, is->key);

		if (was != NULL)
			say_option(d, page, was, is);
		else
			say(d, "%s: option %s is new: %s", page, is->key,
			    text_words(d, d->now, &is->say.of[0]));
	}
	for (size_t i = 0; i < old->n_options; i++)
		if (option_of(now, old->options[i].key) == NULL)
			say(d, "%s: option %s is gone: %s", page, old->options[i].key,
			    text_words(d, d->old, &old->options[i].say.of[0]));
}

/* ---- Pages ---- */

static void
say_branches(struct diff *d, const char *page, const struct menu_node *old,
	     const struct menu_node *now)
{
	if (old->n_branches != now->n_branches) {
		say(d, "%s: has %zu branches, had %zu", page, now->n_branches, old->n_branches);
		return;
	}
	for (size_t i = 0; i < now->n_branches; i++) {
		const char *where = arena_printf(d->arena, "%s, branch %zu", page, i + 1);

		say_when(d, where, &old->conditions[i], &now->conditions[i]);
		say_target(d, where, "leads to", &old->branches[i], &now->branches[i]);
	}
}

static void
say_node(struct diff *d, const struct menu_node *old, const struct menu_node *now)
{
	const char *page = arena_printf(d->arena, "page %.*s", STR_ARG(now->name));

	if (old->kind != now->kind) {
		say(d, "%s: is a %s, was a %s", page, author_kind_word(now->kind),
		    author_kind_word(old->kind));
		return;
	}
	say_texts(d, page, "", &old->say, &now->say);
	say_texts(d, page, "after a wrong answer ", &old->retry_say, &now->retry_say);
	say_options(d, page, old, now);
	say_branches(d, page, old, now);
	say_target(d, page, "leads to", &old->go, &now->go);
	say_target(d, page, "with nothing in it leads to", &old->empty, &now->empty);
	say_target(d, page, "after too many wrong answers leads to", &old->retry_else,
		   &now->retry_else);
	say_target(d, page, "when locked leads to", &old->locked, &now->locked);
	say_word(d, page, "fills", old->field, now->field);
	if (old->input != now->input || old->input_min != now->input_min ||
	    old->input_max != now->input_max)
		say(d, "%s: takes another kind of answer", page);
	if (old->open != now->open)
		say(d, "%s: is %s past a PIN", page, now->open ? "open" : "no longer open");
	arena_reset(d->arena);
}

static void
say_nodes(struct diff *d)
{
	for (size_t i = 0; i < menu_node_count(d->now); i++) {
		const struct menu_node *now = menu_node(d->now, (uint16_t)i);
		uint16_t was = menu_find(d->old, now->name);

		if (was != MENU_NO_NODE)
			say_node(d, menu_node(d->old, was), now);
		else
			say(d, "page %.*s is new", STR_ARG(now->name));
	}
	for (size_t i = 0; i < menu_node_count(d->old); i++) {
		struct str name = menu_node(d->old, (uint16_t)i)->name;

		if (menu_find(d->now, name) == MENU_NO_NODE)
			say(d, "page %.*s is gone", STR_ARG(name));
	}
}

/* ---- Runs ---- */

static const struct menu_run *
run_of(const struct menu_set *set, struct str name)
{
	for (size_t i = 0; i < menu_run_count(set); i++)
		if (str_eq(menu_run(set, (uint16_t)i)->name, name))
			return menu_run(set, (uint16_t)i);
	return NULL;
}

static struct str
questions(struct diff *d, const struct menu_set *set, const struct menu_run *run)
{
	struct buf b;

	buf_init_arena(&b, d->arena);
	for (size_t i = 0; i < run->n_questions; i++) {
		const struct menu_question *q = &run->questions[i];

		buf_printf(&b, "%s%.*s", i > 0 ? ", " : "", STR_ARG(menu_node(set, q->node)->name));
		if (q->when.n > 0)
			buf_printf(&b, " when %s", author_when_words(set, &q->when, d->arena).p);
	}
	return buf_str(&b);
}

static void
say_runs(struct diff *d)
{
	for (size_t i = 0; i < menu_run_count(d->now); i++) {
		const struct menu_run *now = menu_run(d->now, (uint16_t)i);
		const struct menu_run *old = run_of(d->old, now->name);
		const char *where = arena_printf(d->arena, "run %.*s", STR_ARG(now->name));

		if (old == NULL) {
			say(d, "%s is new", where);
			continue;
		}
		say_word(d, where, "asks", questions(d, d->old, old), questions(d, d->now, now));
		say_target(d, where, "ends at", &old->then, &now->then);
	}
	for (size_t i = 0; i < menu_run_count(d->old); i++) {
		struct str name = menu_run(d->old, (uint16_t)i)->name;

		if (run_of(d->now, name) == NULL)
			say(d, "run %.*s is gone", STR_ARG(name));
	}
}

/* ---- Lists, messages, languages ---- */

static void
say_langs(struct diff *d)
{
	for (unsigned i = 0; i < menu_lang_count(d->now); i++)
		if (menu_lang_of(d->old, str_of(menu_lang_tag(d->now, i))) < 0)
			say(d, "language %s is new", menu_lang_tag(d->now, i));
	for (unsigned i = 0; i < menu_lang_count(d->old); i++)
		if (menu_lang_of(d->now, str_of(menu_lang_tag(d->old, i))) < 0)
			say(d, "language %s is gone", menu_lang_tag(d->old, i));
}

/* "sms.T02" and "lists.category.housing"; the texts of pages were told with their pages. */
static bool
beside_pages(const struct source_text *t)
{
	return str_starts(str_of(t->place), STR_LIT("sms.")) ||
	       str_starts(str_of(t->place), STR_LIT("lists.")) ||
	       str_starts(str_of(t->place), STR_LIT("special."));
}

static const char *
raw_words(struct diff *d, struct str text)
{
	struct buf b;

	buf_init_arena(&b, d->arena);
	author_source_quote(&b, author_clean(text, d->arena));
	return b.p;
}

static void
say_beside(struct diff *d, const struct source *old, const struct source *now)
{
	for (size_t i = 0; i < now->n_texts; i++) {
		const struct source_text *is = &now->texts[i], *was;

		if (!beside_pages(is))
			continue;
		was = author_source_find(old, str_of(is->file->name), str_of(is->place));
		if (was == NULL) {
			say(d, "%s is new", is->place);
			continue;
		}
		for (size_t k = 0; k < now->n_langs; k++) {
			struct str before = author_source_in(was, now->langs[k]);
			struct str after = author_source_in(is, now->langs[k]);

			if (before.p != NULL && !str_eq(before, after))
				say(d, "%s in %s: %s was %s", is->place, now->langs[k],
				    raw_words(d, after), raw_words(d, before));
		}
	}
	for (size_t i = 0; i < old->n_texts; i++)
		if (beside_pages(&old->texts[i]) &&
		    author_source_find(now, str_of(old->texts[i].file->name),
				       str_of(old->texts[i].place)) == NULL)
			say(d, "%s is gone", old->texts[i].place);
}

/* ---- The command ---- */

static int
load_other(const struct author_menu_options *o, struct err *err, struct menu_set **set)
{
	struct author_menu_options other = *o;

	other.dir = o->other;
	return author_menu_load(&other, err, set);
}

static int
compare(struct diff *d, struct err *err)
{
	struct arena *a = arena_new(1 << 16);
	struct source *old = ARENA_NEW(a, struct source), *now = ARENA_NEW(a, struct source);
	int rc = author_source_open(d->o->dir, NULL, a, err, old);

	if (rc == 0)
		rc = author_source_open(d->o->other, NULL, a, err, now);
	if (rc == 0) {
		d->old_vars = yaml_get(old->files[0].doc->root, "vars");
		d->now_vars = yaml_get(now->files[0].doc->root, "vars");
		say_langs(d);
		say_nodes(d);
		say_runs(d);
		say_beside(d, old, now);
		if (d->n == 0 && !d->o->quiet)
			fprintf(d->o->out, "no difference\n");
	}
	arena_free(a);
	return rc;
}

int
author_menu_diff(const struct author_menu_options *o, size_t *n)
{
	struct err *err = err_new(), *err_now = err_new();
	struct menu_set *old = NULL, *now = NULL;
	struct arena *a = arena_new(0);
	struct diff d = {.o = o, .arena = a};
	int rc = author_menu_load(o, err, &old);
	int rc_now = load_other(o, err_now, &now);

	rc = rc != 0 ? rc : rc_now;
	d.old = old;
	d.now = now;
	if (rc == 0)
		rc = compare(&d, err);
	if (n != NULL)
		*n = d.n;
	menu_drop(old);
	menu_drop(now);
	arena_free(a);
	err_free(err);
	err_free(err_now);
	fflush(o->out);
	return rc;
}
