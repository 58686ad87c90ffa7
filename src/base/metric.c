#include "base/metric.h"

#include <inttypes.h>
#include <stdatomic.h>

static _Atomic int64_t values[METRIC_COUNT];

static const struct {
	const char *name, *type, *help;
} rows[] = {
#define METRIC(name, text, type, help) [METRIC_##name] = {text, #type, help},
#include "base/metric_names.def"
#undef METRIC
};

void
metric_add(enum metric m, int64_t by)
{
	atomic_fetch_add_explicit(&values[m], by, memory_order_relaxed);
}

int64_t
metric_get(enum metric m)
{
	return atomic_load_explicit(&values[m], memory_order_relaxed);
}

void
metric_print(struct buf *to)
{
	for (size_t i = 0; i < METRIC_COUNT; i++)
		buf_printf(to, "# HELP %s %s\n# TYPE %s %s\n%s %" PRId64 "\n", rows[i].name,
			   rows[i].help, rows[i].name, rows[i].type, rows[i].name,
			   metric_get((enum metric)i));
}
