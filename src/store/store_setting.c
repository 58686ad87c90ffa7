#include "store/store_int.h"

int
read_setting(struct store_reader *r, struct str name, struct arena *a, struct str *value)
{
	struct rows rows = rows_open(&r->db, SQL_SETTING_GET, VALUES(val_text(name)));
	bool found = rows_next(&rows);

	if (found) {
		struct columns c = rows_columns(&rows, a);

		*value = take_text(&c);
	}
	return rows_close_one(&rows, found);
}

void
put_setting(struct store_job *job, struct str name, struct str value)
{
	op_add(job, SQL_SETTING_PUT, VALUES(val_text(name), val_text(value)));
}
