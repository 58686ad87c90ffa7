#include "work/work.h"

#include "base/log.h"

#include <stdlib.h>

static void
on_centres_stored(void *arg, int rc)
{
	(void)arg;
	if (rc != W_OK)
		log_error("work centres not stored: %s", w_err_word(rc));
}

/* The row of a centre, added on first sight of its code. */
static int64_t
centre_row(struct work *w, const char *code, struct store_job *job, size_t *added)
{
	struct arena *a = store_job_arena(job);
	struct row_centre row;

	if (read_centre(store_loop_reader(w->store), str_of(code), a, &row) == W_OK)
		return row.id;
	row = (struct row_centre){.id = store_next(w->store, NEXT_CENTRE), .code = str_of(code)};
	put_centre(job, &row);
	(*added)++;
	return row.id;
}

static void
add_centres(struct work *w, struct err *err)
{
	struct store_job *job = store_job_new(w->store);
	size_t added = 0;

	for (size_t i = 0; i < w->conf->n_centres; i++) {
		struct work_centre *c = &w->centres[i];
		size_t fault_at;

		c->conf = &w->conf->centres[i];
		c->id = centre_row(w, c->conf->code, job, &added);
		if (civil_hours_parse(str_of(c->conf->office), &c->office, &fault_at) != W_OK)
			err_add(err, w->conf->file, c->conf->line, c->conf->col,
				"centre %s: office hours \"%s\" cannot be read from character %zu on "
				"(write \"MO-FR 09:00-16:30\")",
				c->conf->code, c->conf->office, fault_at + 1);
	}
	if (added > 0 && err_errors(err) == 0)
		store_submit(w->store, job, on_centres_stored, NULL);
	else
		store_job_free(job);
}

int
work_new(struct store *store, const struct keys *keys, const struct conf *conf,
	 const struct zone *zone, struct work **out, struct err *err)
{
	struct work *w = xcalloc(1, sizeof(*w));
	size_t before = err_errors(err);

	w->store = store;
	w->keys = keys;
	w->conf = conf;
	w->zone = zone;
	w->n_centres = conf->n_centres;
	w->centres = xcalloc(conf->n_centres, sizeof(*w->centres));
	add_centres(w, err);
	if (err_errors(err) > before) {
		work_free(w);
		return W_EINVAL;
	}
	*out = w;
	return W_OK;
}

void
work_free(struct work *w)
{
	if (w == NULL)
		return;
	free(w->centres);
	free(w);
}

const struct work_centre *
work_centre(const struct work *w, const char *code)
{
	for (size_t i = 0; i < w->n_centres; i++)
		if (strcmp(w->centres[i].conf->code, code) == 0)
			return &w->centres[i];
	return NULL;
}

const struct work_centre *
work_centre_id(const struct work *w, int64_t id)
{
	for (size_t i = 0; i < w->n_centres; i++)
		if (w->centres[i].id == id)
			return &w->centres[i];
	return NULL;
}
