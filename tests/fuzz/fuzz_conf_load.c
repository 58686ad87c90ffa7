/*
 * Any bytes as wasl.yaml: refused with faults that have a place, or a conf
 * whose values are within their ranges and can be shown.
 */
#include "conf/conf.h"

#include <stdio.h>
#include <sys/mman.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* The same file in memory for every input; opening it by this path begins at its start. */
static const char *
file_of(const uint8_t *data, size_t n)
{
	static char path[32];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("wasl.yaml", MFD_CLOEXEC);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	CHECK(fd >= 0 && ftruncate(fd, 0) == 0 && pwrite(fd, data, n, 0) == (ssize_t)n);
	return path;
}

static void
check_faults(const struct err *err)
{
	for (size_t i = 0; i < err_count(err); i++) {
		const struct err_fault *f = err_at(err, i);

		CHECK((f->line > 0) == (f->col > 0) && f->text[0] != '\0');
		CHECK(strchr(f->text, '\n') == NULL);
	}
}

static bool
check_value(void *ctx, const struct conf_value *v)
{
	++*(size_t *)ctx;
	CHECK(v->name[0] != '\0' && v->text != NULL && v->row != NULL);
	CHECK(v->origin != CONF_FILE || v->line > 0);
	return true;
}

static void
check_conf(const struct conf *c)
{
	const struct conf_limits *m = &c->limits;
	size_t shown = 0;

	conf_walk(c, check_value, &shown);
	CHECK(shown > 0 && c->state != NULL && c->zone != NULL && c->n_centres > 0);
	CHECK(m->body > 0 && m->headers > 0 && m->connections_reserved < m->connections);
	CHECK(m->header_time < m->request_time && m->session_time < m->repeat_time);
	for (size_t i = 0; i < c->n_channels; i++) {
		const struct conf_channel *ch = &c->channels[i];

		CHECK(ch->name != NULL && ch->dialect != NULL && ch->pace > 0);
		CHECK(conf_centre(c, ch->centre) != NULL);
	}
	CHECK(c->sending.hours.to > c->sending.hours.from && c->sending.hours.to <= 1440);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct err *err = err_new();
	struct conf *c = NULL;
	int rc = conf_load(file_of(data, n), &c, err);

	CHECK(rc == W_OK || rc == W_EINVAL);
	CHECK((rc == W_OK) == (err_errors(err) == 0) && (rc == W_OK) == (c != NULL));
	check_faults(err);
	if (c != NULL)
		check_conf(c);
	conf_free(c);
	err_free(err);
	return 0;
}
