#include "drive_kill.h"

#include <stdlib.h>

static bool
in_checkin_at(const struct visit *v, unsigned key, unsigned *question)
{
	unsigned first = v->again ? 2 : 1;

	*question = key - first;
	return v->kind == VISIT_CHECKIN && key >= first && key < first + 3;
}

const char *
expected_page(const struct visit *v, unsigned keys)
{
	static const char *const need[] = {"De quoi avez-vous besoin", "Est-ce urgent?",
					   "Un mot pour", "END Demande "};
	static const char *const checkin[] = {"la semaine?", "Logement stable?", "Jours travaill"};
	unsigned question;

	if (keys == 0)
		return "1. Mes nouvelles";
	if (v->kind == VISIT_NEED)
		return need[keys - 1];
	if (v->again && keys == 1)
		return "pondu cette semaine";
	if (in_checkin_at(v, keys, &question))
		return checkin[question];
	question = keys - (v->again ? 5 : 4);
	if (question == 0)
		return v->keys[v->again ? 2 : 1] == '3' ? "Voulez-vous un appel?" : "END Merci ";
	return v->keys[keys - 1] == '4' ? "END Merci " : "END Entendu";
}

static void
add_key(struct visit *v, char key)
{
	v->keys[v->n_keys++] = key;
}

static char
any_of(const char *keys)
{
	return keys[chance_below((uint32_t)strlen(keys))];
}

struct visit
visit_new(const struct person *p)
{
	struct visit v = {.kind = chance_below(3) == 0 ? VISIT_NEED : VISIT_CHECKIN,
			  .again = p->done};

	if (v.kind == VISIT_NEED) {
		add_key(&v, '2');
		add_key(&v, any_of("12345"));
		add_key(&v, any_of("123"));
		add_key(&v, '0');
		return v;
	}
	add_key(&v, '1');
	if (v.again)
		add_key(&v, '1');
	char mood = any_of("123");
	add_key(&v, mood);
	add_key(&v, any_of("123"));
	add_key(&v, any_of("1234"));
	if (mood == '3')
		add_key(&v, any_of("124"));
	return v;
}

/* ---- What the rows must be ---- */

static void
expect_checkin(const struct visit *v, unsigned keys, struct buf *to)
{
	static const char *const words[3][4] = {{"good", "so_so", "need_help", NULL},
						{"stable", "fragile", "none", NULL},
						{"0", "1_2", "3_5", "6_7"}};
	unsigned first = v->again ? 2 : 1;

	if (keys <= first)
		return;
	buf_addc(to, 'c');
	for (unsigned q = 0; q < 3; q++)
		buf_printf(to, " %s", keys > first + q ? words[q][v->keys[first + q] - '1'] : "-");
	buf_adds(to, keys > first + 2 ? " done\n" : " partial\n");
}

/* The key that chooses a call or declines it, or '\0'. */
static char
help_key(const struct visit *v, unsigned keys)
{
	unsigned at = v->again ? 5 : 4;

	return v->kind == VISIT_CHECKIN && keys > at ? v->keys[at] : '\0';
}

struct wanted {
	uint8_t category, urgency; /* keys less '1' */
	bool duplicate;
};

/* The same kind again is kept as a duplicate, and the open one takes the higher urgency. */
static void
add_wanted(struct wanted *list, size_t *n, const struct visit *v)
{
	struct wanted w = {(uint8_t)(v->keys[1] - '1'), (uint8_t)(v->keys[2] - '1'), false};

	for (size_t i = 0; i < *n && !w.duplicate; i++) {
		if (list[i].category != w.category || list[i].duplicate)
			continue;
		w.duplicate = true;
		if (w.urgency < list[i].urgency)
			list[i].urgency = w.urgency;
	}
	list[(*n)++] = w;
}

static void
expect_needs(const struct wanted *list, size_t n, struct buf *to)
{
	static const char *const categories[] = {"housing", "work", "papers", "health", "training"};
	static const char *const urgencies[] = {"today", "week", "can_wait"};

	for (size_t i = 0; i < n; i++)
		buf_printf(to, "n %s %s %s\n", categories[list[i].category],
			   urgencies[list[i].urgency], list[i].duplicate ? "duplicate" : "open");
}

/* Keys of a visit that had their effect when so many requests were taken. */
static unsigned
keys_taken(const struct person *p, unsigned visit, unsigned extra)
{
	unsigned requests = p->visits[visit].acked + (visit + 1u == p->n ? extra : 0);

	return requests > 0 ? requests - 1 : 0;
}

void
expect_person(const struct person *p, unsigned extra, struct buf *to)
{
	struct wanted *needs = xcalloc(p->n + 1u, sizeof(*needs));
	size_t n_needs = 0, turns = extra;

	for (unsigned i = 0; i < p->n; i++) {
		unsigned keys = keys_taken(p, i, extra);

		turns += p->visits[i].acked;
		if (p->visits[i].kind == VISIT_CHECKIN)
			expect_checkin(&p->visits[i], keys, to);
		else if (keys == p->visits[i].n_keys)
			add_wanted(needs, &n_needs, &p->visits[i]);
	}
	expect_needs(needs, n_needs, to);
	for (unsigned i = 0; i < p->n; i++) {
		char key = help_key(&p->visits[i], keys_taken(p, i, extra));

		if (key == '1' || key == '2')
			buf_printf(to, "b %s need_help\n", key == '1' ? "today" : "week");
	}
	for (unsigned i = 0; i < p->n; i++)
		if (help_key(&p->visits[i], keys_taken(p, i, extra)) == '4')
			buf_adds(to, "f help_declined\n");
	buf_printf(to, "t %zu\n", turns);
	free(needs);
}
