#include "dialogue.h"

#include "base/clock.h"
#include "work/work_given.h"

/* What is there before the phone rings: the words of a lab (work/work_given.h). */

/* Names that pages of this person will show. */
static bool
remember_names(struct dialogue *d)
{
	const struct line *l = d->at;
	struct known *k = &d->people[d->n_people];

	if (d->n_people == PEOPLE)
		return complain(d, "at most %d people", PEOPLE);
	*k = (struct known){l->words[2], word_after(l, 3, "name-ar"), word_after(l, 3, "name-la")};
	if (k->name_ar.n == 0 && k->name_la.n == 0)
		k->name_la = STR_LIT("Nadia");
	d->n_people++;
	return true;
}

static struct given *
given_words(struct dialogue *d)
{
	struct given *g = ARENA_NEW(d->arena, struct given);
	const struct line *l = d->at;

	*g = (struct given){.work = d->work,
			    .n = l->n - 1,
			    .staff = d->staff,
			    .centre = work_centre(d->work, d->centre)->id,
			    .now = clock_now()};
	memcpy(g->words, l->words + 1, g->n * sizeof(g->words[0]));
	memcpy(g->quoted, l->quoted + 1, g->n * sizeof(g->quoted[0]));
	return g;
}

bool
do_given(struct dialogue *d)
{
	struct given *g = given_words(d);
	int rc = GIVEN_MORE;

	if (d->at->n > 2 && str_is(d->at->words[1], "person") && !remember_names(d))
		return false;
	while (rc == GIVEN_MORE) {
		struct store_job *job = store_job_new(d->store);

		rc = work_given(g, job);
		if (rc < 0) {
			store_job_free(job);
			return complain(d, "%s", rc == W_EINVAL ? g->why : w_err_word(rc));
		}
		world_commit(d, job);
	}
	return true;
}
