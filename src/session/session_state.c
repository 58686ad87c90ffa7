#include "session/session_int.h"

/*
 * The number of the form, the fixed part, then the variables that hold something: number, length (2
 * bytes), bytes. Turns of the last day may have an older form: a field is read from the form on
 * that has it.
 */
enum { STATE_FORM = 2 };

void
state_init(struct session_state *st)
{
	*st = (struct session_state){.run = NO_RUN, .direct = MENU_NO_NODE, .node = MENU_NO_NODE};
}

static void
put(struct buf *b, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		buf_addc(b, (char)(value >> (8 * i) & 0xff));
}

static bool
take(struct str *rest, unsigned bytes, uint64_t *value)
{
	if (rest->n < bytes)
		return false;
	*value = 0;
	for (unsigned i = 0; i < bytes; i++)
		*value |= (uint64_t)(uint8_t)rest->p[i] << (8 * i);
	*rest = str_after(*rest, bytes);
	return true;
}

/* One row a field, in the order of the bytes: its name, how many, and since which form. */
#define STATE_FIELDS(F)      \
	F(node, 2, 1)        \
	F(page, 1, 1)        \
	F(wrong, 1, 1)       \
	F(lang, 1, 1)        \
	F(flags, 1, 1)       \
	F(code_wrong, 1, 1)  \
	F(item, 1, 1)        \
	F(depth, 1, 1)       \
	F(direct, 2, 1)      \
	F(run, 1, 1)         \
	F(answered, 1, 1)    \
	F(run_row, 6, 1)     \
	F(person, 6, 1)      \
	F(link, 6, 1)        \
	F(need, 6, 1)        \
	F(callback_at, 6, 1) \
	F(appointment, 6, 2)

struct str
state_encode(const struct session_state *st, struct arena *a)
{
	struct buf b;

	buf_init_arena(&b, a);
	put(&b, STATE_FORM, 1);
#define PUT(field, bytes, since) put(&b, (uint64_t)st->field, bytes);
	STATE_FIELDS(PUT)
#undef PUT
	for (unsigned i = 0; i < st->depth; i++)
		put(&b, st->stack[i], 2);
	for (unsigned i = 0; i < MENU_VARS; i++) {
		if (st->vars[i].n == 0)
			continue;
		put(&b, i, 1);
		put(&b, st->vars[i].n, 2);
		buf_add_str(&b, st->vars[i]);
	}
	return buf_str(&b);
}

static bool
take_vars(struct str rest, struct arena *a, struct session_state *st)
{
	while (rest.n > 0) {
		uint64_t which, n;

		if (!take(&rest, 1, &which) || which >= MENU_VARS || !take(&rest, 2, &n) ||
		    rest.n < n)
			return false;
		st->vars[which] = arena_str(a, (struct str){rest.p, n});
		rest = str_after(rest, n);
	}
	return true;
}

static bool
take_state(struct str rest, struct arena *a, struct session_state *st)
{
	uint64_t form, value;

	if (!take(&rest, 1, &form) || form == 0 || form > STATE_FORM)
		return false;
#define TAKE(field, bytes, since)                         \
	if (form >= (since)) {                            \
		if (!take(&rest, bytes, &value))          \
			return false;                     \
		st->field = (__typeof__(st->field))value; \
	}
	STATE_FIELDS(TAKE)
#undef TAKE
	if (st->depth > MENU_STACK)
		return false;
	for (unsigned i = 0; i < st->depth; i++) {
		if (!take(&rest, 2, &value))
			return false;
		st->stack[i] = (uint16_t)value;
	}
	return take_vars(rest, a, st);
}

/* What cannot be read is nobody's state: whoever goes on with it begins anew. */
int
state_decode(struct str bytes, struct arena *a, struct session_state *st)
{
	state_init(st);
	if (take_state(bytes, a, st))
		return W_OK;
	state_init(st);
	return W_EPROTO;
}

bool
state_fits(const struct session_state *st, const struct menu_set *menus)
{
	const size_t nodes = menu_node_count(menus);
	bool fits = st->node < nodes && st->lang < menu_lang_count(menus) &&
		    (st->direct == MENU_NO_NODE || st->direct < nodes) &&
		    (st->run == NO_RUN || st->run < menu_run_count(menus));

	for (unsigned i = 0; i < st->depth; i++)
		fits &= st->stack[i] < nodes;
	return fits;
}
