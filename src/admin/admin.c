#include "admin/admin_int.h"

#include "base/log.h"

#include <stdlib.h>

/* Zone data of the work at hand; the old ones stay when these cannot be read. */
static void
zone_take(struct admin *a)
{
	struct zone *zone;
	const char *name = civil_zone_name(a->o.work->zone);

	if (civil_zone_open(NULL, name, &zone) != W_OK) {
		if (a->zones == NULL)
			log_error("admin zone data missing: times cannot be shown");
		return;
	}
	struct zone_held *held = xcalloc(1, sizeof(*held));
	*held = (struct zone_held){.zone = zone, .older = a->zones};
	a->zones = held;
}

static void
zones_drop(struct zone_held *held)
{
	while (held != NULL) {
		struct zone_held *older = held->older;

		civil_zone_free(held->zone);
		free(held);
		held = older;
	}
}

struct zone *
admin_zone(const struct admin *a)
{
	return a->zones->zone;
}

int
admin_new(const struct admin_options *options, struct admin **out, struct err *err)
{
	struct admin *a = xcalloc(1, sizeof(*a));

	a->o = *options;
	a->request_ms = ADMIN_REQUEST_MS;
	a->follow_ms = ADMIN_FOLLOW_MS;
	zone_take(a);
	if (a->zones == NULL) {
		err_add(err, options->socket, 0, 0, "no data for the zone %s",
			civil_zone_name(options->work->zone));
		free(a);
		return W_EIO;
	}
	int rc = peer_listen(a, err);
	if (rc != W_OK) {
		zones_drop(a->zones);
		free(a);
		return rc;
	}
	a->names = names_new(a);
	*out = a;
	return W_OK;
}

/* The last ask of a freed admin takes it along; without asks, old zone data go. */
void
admin_settle(struct admin *a)
{
	if (a->asks > 0)
		return;
	if (a->closing) {
		names_free(a->names);
		zones_drop(a->zones);
		free(a);
		return;
	}
	zones_drop(a->zones->older);
	a->zones->older = NULL;
}

void
admin_free(struct admin *a)
{
	if (a == NULL)
		return;
	CHECK_ON_LOOP();
	a->asks++; /* closing connections may end asks; this one is ours */
	a->closing = true;
	peer_close_all(a);
	a->asks--;
	admin_settle(a);
}

void
admin_reload(struct admin *a, struct work *work)
{
	CHECK_ON_LOOP();
	a->o.work = work;
	zone_take(a);
}

void
admin_set_patience(struct admin *a, int64_t request_ms, int64_t follow_ms)
{
	a->request_ms = request_ms;
	a->follow_ms = follow_ms;
}
