#include "dialogue.h"

#include "base/clock.h"

#include <stdlib.h>

/* What is there before the phone rings, made the way the program itself makes it. */

static struct work_actor
actor_of(const struct dialogue *d)
{
	return (struct work_actor){.source = "staff",
				   .lang = STR_LIT("ary"),
				   .staff = d->staff,
				   .centre = work_centre(d->work, d->centre)->id,
				   .now = clock_now()};
}

static void
apply(struct dialogue *d, const struct effects *list)
{
	struct store_job *job = store_job_new(d->store);
	const struct work_actor actor = actor_of(d);

	if (work_apply(d->work, job, list, &actor) != W_OK)
		give_up(NULL, "given");
	world_commit(d, job);
}

/* A code of the script's own instead of a random one. */
static void
put_given_code(struct dialogue *d, struct store_job *job, int64_t person, int64_t link)
{
	const struct line *l = d->at;
	struct str digits = word_after(l, 1, "code"), expects = word_after(l, 1, "expects");
	struct row_code row = {.person = person,
			       .link = link,
			       .expires_at = clock_now() + CODE_LIFE_S,
			       .has_expected = expects.n > 0};
	struct phone phone;

	if (digits.n == 0)
		return;
	row.id = store_next(d->store, NEXT_CODE);
	row.code = digest_of(d->keys, DIGEST_CODE, digits);
	if (row.has_expected && phone_parse(expects, &phone) == PHONE_BAD)
		give_up(NULL, "expects");
	if (row.has_expected)
		row.expected = digest_phone(d->keys, DIGEST_PHONE, &phone);
	put_code(job, &row);
}

/* phone sharing pin consent: the person is enrolled already. */
static bool
enrol(struct dialogue *d, int64_t person, int64_t link)
{
	const struct line *l = d->at;
	struct str number = word_after(l, 1, "phone"), sharing = word_after(l, 1, "sharing"),
		   pin = word_after(l, 1, "pin"), consent = word_after(l, 1, "consent");
	struct effects list = {.n = 0};

	if (number.n == 0)
		return true;
	struct effect *e = effect_add(&list, EFFECT_LINK, person);
	e->link = link;
	e->has_phone = true;
	if (phone_parse(number, &e->phone) == PHONE_BAD)
		return complain(d, "this is no phone number");
	const struct digest code = digest_of(d->keys, DIGEST_CODE, word_after(l, 1, "paper"));
	if (read_code(store_loop_reader(d->store), &code, &e->code) != W_OK)
		give_up(NULL, "the code of an enrolled person");
	e = effect_add(&list, EFFECT_SHARING, person);
	e->link = link;
	e->word = sharing.n > 0 ? sharing : STR_LIT("own");
	if (pin.n > 0) {
		e = effect_add(&list, EFFECT_PIN_SET, person);
		e->link = link;
		pin_make(d->keys, person, pin, &e->pin);
	}
	if (!str_is(consent, "none"))
		effect_add(&list, EFFECT_CONSENT, person)->word =
			consent.n > 0 ? consent : STR_LIT("given");
	apply(d, &list);
	return true;
}

static bool
given_person(struct dialogue *d)
{
	struct line *l = (struct line *)(uintptr_t)d->at;
	struct store_job *job = store_job_new(d->store);
	struct known *k = &d->people[d->n_people];
	struct work_added added;

	if (d->n_people == PEOPLE || l->n + 2 > WORDS_MAX)
		return complain(d, "at most %d people", PEOPLE);
	*k = (struct known){l->words[2], word_after(l, 3, "name-ar"), word_after(l, 3, "name-la")};
	if (k->name_ar.n == 0 && k->name_la.n == 0)
		k->name_la = STR_LIT("Nadia");
	const struct work_new_person in = {.centre = work_centre(d->work, d->centre)->id,
					   .caseworker = d->staff,
					   .by_staff = d->staff,
					   .now = clock_now(),
					   .name_ar = k->name_ar,
					   .name_la = k->name_la,
					   .lang = word_after(l, 3, "lang"),
					   .path = word_after(l, 3, "path"),
					   .ref = k->ref};
	if (work_person_add(d->work, job, &in, &added) != W_OK)
		give_up(NULL, "given person");
	d->n_people++;
	put_given_code(d, job, added.person, added.link);
	world_commit(d, job);
	/* The code on paper that an enrolled person typed once. */
	l->words[l->n++] = STR_LIT("paper");
	l->words[l->n++] = arena_str(d->arena, str_of(added.code.digits));
	bool ok = enrol(d, added.person, added.link);
	l->n -= 2;
	return ok;
}

/* given code 481205 for CAS-0147 [expects 06...]: a new number for somebody known. */
static bool
given_code(struct dialogue *d)
{
	const struct line *l = d->at;
	struct store_job *job = store_job_new(d->store);
	int64_t person = person_of(d, word_after(l, 2, "for"));
	struct work_added added;

	if (person == 0)
		return false;
	if (work_person_code(d->work, job, person, false, NULL, clock_now(), &added) != W_OK)
		give_up(NULL, "given code");
	put_given_code(d, job, person, added.link);
	world_commit(d, job);
	return true;
}

/* given need CAS-0147 category housing urgency week */
static bool
given_need(struct dialogue *d)
{
	const struct line *l = d->at;
	struct effects list = {.n = 0};
	int64_t person = person_of(d, l->words[2]);

	if (person == 0)
		return false;
	struct effect *e = effect_add(&list, EFFECT_NEED_OPEN, person);
	e->number = store_next(d->store, NEXT_NEED);
	e->word = word_after(l, 3, "category");
	e->urgency = word_after(l, 3, "urgency");
	e->due_at = need_due_at(d->zone, e->urgency, clock_now());
	apply(d, &list);
	return true;
}

/* given schedule CAS-0147 Wed 15:00: a caseworker set a day of the person's own. */
static bool
given_schedule(struct dialogue *d)
{
	const struct line *l = d->at;
	struct store_job *job = store_job_new(d->store);
	int64_t person = person_of(d, l->words[2]), hour = 24, minute = 60;
	int day = l->n == 5 ? weekday_of(l->words[3]) : -1;
	struct str rest = l->n == 5 ? l->words[4] : STR_NONE, first = str_cut(&rest, ':');

	if (person == 0)
		return false;
	if (day < 0 || !str_to_int(first, &hour) || !str_to_int(rest, &minute) || hour < 0 ||
	    hour > 23 || minute < 0 || minute > 59)
		return complain(d, "given schedule CAS-0147 Wed 15:00");
	const struct row_schedule row = {.person = person,
					 .kind = STR_LIT("checkin"),
					 .weekday = (uint8_t)day,
					 .minute = (uint16_t)(hour * 60 + minute),
					 .active = true,
					 .next_at = 1};
	put_schedule(job, &row);
	world_commit(d, job);
	return true;
}

/* given erased CAS-0147: a caseworker erases the person now. */
static bool
given_erased(struct dialogue *d)
{
	int64_t person = person_of(d, d->at->words[2]);
	struct store_job *job = store_job_new(d->store);

	if (person == 0)
		return false;
	person_erase(job, person);
	world_commit(d, job);
	return true;
}

bool
do_given(struct dialogue *d)
{
	static const struct {
		const char *word;
		bool (*make)(struct dialogue *d);
	} kinds[] = {{"person", given_person},
		     {"code", given_code},
		     {"need", given_need},
		     {"schedule", given_schedule},
		     {"erased", given_erased}};

	for (size_t i = 0; i < ARRAY_LEN(kinds) && d->at->n > 2; i++)
		if (str_is(d->at->words[1], kinds[i].word))
			return kinds[i].make(d);
	return complain(d, "given person, code, need, schedule or erased");
}
