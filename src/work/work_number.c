/* Who can be reached by a number now. */
#include <string.h>

#include "base/arena.h"
#include "work/work.h"

static bool
link_has_number(struct work *w, const struct row_link *link, const struct phone *number,
		struct arena *a)
{
	const struct seal_place place = {"phone_link", "phone", link->id, link->person};
	struct str e164;
	struct phone own;

	if (link->phone.n == 0 ||
	    store_open_sealed(w->store, &place, link->phone, a, &e164) != W_OK)
		return false;
	bool same = phone_parse(e164, &own) != PHONE_BAD && phone_eq(&own, number);
	wipe((char *)e164.p, e164.n);
	wipe(&own, sizeof(own));
	return same;
}

/* The index is in keys.db and the links are in wasl.db; a death between the two commits can leave a
 * row of the index whose link never came or has another number. The link is what counts. */
size_t
work_holders(struct work *w, const struct phone *number, struct work_holder *out, size_t max)
{
	const struct digest key = digest_phone(w->keys, DIGEST_PHONE, number);
	struct store_reader *r = store_loop_reader(w->store);
	struct arena *a = arena_new(1024);
	int64_t persons[WORK_HOLDERS];
	size_t n = store_persons_of(w->store, &key, persons, ARRAY_LEN(persons));
	size_t held = 0;

	for (size_t i = 0; i < n && held < max; i++) {
		struct row_link link;

		if (read_link_active(r, persons[i], a, &link) == W_OK &&
		    link_has_number(w, &link, number, a))
			out[held++] = (struct work_holder){persons[i], link.id, link.pin.n > 0};
		arena_reset(a);
	}
	arena_free(a);
	return held;
}
