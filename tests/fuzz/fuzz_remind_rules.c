/*
 * Any bytes as reminders.yaml and, after a form feed, as the holidays file that
 * a reminders file saying "holidays: 201" names: refused with faults, or rules
 * and days within their bounds.
 */
#include "remind/remind_int.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Descriptors far from those anybody else opens: their numbers are the names of the files. */
enum { RULES_FD = 200, DAYS_FD = 201 };

static void
file_fill(int fd, struct str text)
{
	if (fcntl(fd, F_GETFD) < 0) {
		int new = memfd_create("fuzz", 0);

		CHECK(new >= 0 && dup2(new, fd) == fd);
		close(new);
	}
	CHECK(ftruncate(fd, 0) == 0 && pwrite(fd, text.p, text.n, 0) == (ssize_t)text.n);
}

static bool
is_day(int32_t yyyymmdd)
{
	const struct wall w = {.year = yyyymmdd / 10000,
			       .month = (uint8_t)(yyyymmdd / 100 % 100),
			       .day = (uint8_t)(yyyymmdd % 100)};

	return civil_wall_ok(&w);
}

static void
check_rules(const struct remind_rules *rules)
{
	const struct wall w = {.year = 2027, .month = 2, .day = 10, .hour = 12};

	CHECK(rules->n <= REMIND_RULES && rules->n_ramadan <= REMIND_RAMADANS);
	CHECK(rules->per_person_day >= 0 && rules->per_person_day <= 4);
	for (size_t i = 0; i < rules->n; i++) {
		const struct remind_rule *r = &rules->rules[i];

		CHECK(r->name.n > 0 && r->send.n > 0 && r->line > 0);
		CHECK(r->no_later_s >= 60 && r->no_later_s <= 7 * 86400);
		CHECK(remind_rule(rules, r->name) != NULL);
	}
	for (size_t i = 0; i < rules->n_ramadan; i++) {
		const struct remind_days *d = &rules->ramadan[i];

		CHECK(is_day(d->from) && is_day(d->to) && d->from <= d->to);
	}
	(void)remind_is_ramadan(rules, &w);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str rest = {(const char *)data, n}, rules_text = str_cut(&rest, '\f');
	struct err *err = err_new();
	struct remind_rules *rules = NULL;
	char path[32];

	file_fill(RULES_FD, rules_text);
	file_fill(DAYS_FD, rest);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", RULES_FD);
	int rc = remind_load(path, NULL, &rules, err);
	CHECK(rc == W_OK || rc == W_EINVAL || rc == W_ENOENT);
	CHECK((rc == W_OK) == (err_errors(err) == 0) && (rc == W_OK) == (rules != NULL));
	if (rules != NULL)
		check_rules(rules);
	remind_rules_free(rules);
	err_free(err);
	return 0;
}
