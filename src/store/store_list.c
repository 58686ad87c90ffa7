#include "store/store_int.h"

enum { LIST_ROWS_MAX = 1000 };

/* A LIST of store_sql.def: four scopes of four, UP and DOWN, then the same for open rows. */
enum { LIST_SCOPE_STEP = 4, LIST_OPEN_STEP = 2 };

/* The narrowest scope drives; the others filter. */
static unsigned
scope_of(const struct filter *f)
{
	if (f->person != 0)
		return 1;
	if (f->staff != 0)
		return 2;
	return f->centre != 0 ? 3 : 0;
}

int64_t
list_limit(size_t limit)
{
	return limit == 0 || limit > LIST_ROWS_MAX ? LIST_ROWS_MAX : (int64_t)limit;
}

struct rows
list_open_at(struct store_reader *r, enum sql up, const struct filter *f)
{
	int64_t after = f->after == 0 && f->newest_first ? INT64_MAX : f->after;

	return rows_open(&r->db, f->newest_first ? up + 1 : up,
			 VALUES(val_int(after), val_int(f->since), val_int(f->until),
				val_int(f->person), val_int(f->staff), val_int(f->centre),
				val_int(list_limit(f->limit))));
}

struct rows
list_open(struct store_reader *r, enum sql base, const struct filter *f)
{
	unsigned sql = base + scope_of(f) * LIST_SCOPE_STEP;

	if (f->open_only)
		sql += LIST_OPEN_STEP;
	return list_open_at(r, (enum sql)sql, f);
}
