/*
 * Counters and gauges of the process, one row each in metric_names.def, and
 * their Prometheus text (exposition format 0.0.4). Any thread.
 */
#ifndef WASL_BASE_METRIC_H
#define WASL_BASE_METRIC_H

#include "base/buf.h"

enum metric {
#define METRIC(name, text, type, help) METRIC_##name,
#include "base/metric_names.def"
#undef METRIC
	METRIC_COUNT
};

void metric_add(enum metric m, int64_t by);
int64_t metric_get(enum metric m);
void metric_print(struct buf *to);

#endif
