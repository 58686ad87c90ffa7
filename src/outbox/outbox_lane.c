/*
 * A channel's lane: its pace and its troubles, found by name. A lane is never
 * given back; a daemon has few channels in its life.
 */
#include "outbox/outbox_int.h"

struct lane *
outbox_lane(struct outbox *o, struct str channel)
{
	for (size_t i = 0; i < o->n_lanes; i++)
		if (str_is(channel, o->lanes[i].name))
			return &o->lanes[i];
	if (o->n_lanes == OUTBOX_CHANNELS || channel.n >= sizeof(o->lanes[0].name))
		return NULL;
	struct lane *lane = &o->lanes[o->n_lanes++];
	*lane = (struct lane){.next_ms = 0};
	memcpy(lane->name, channel.p, channel.n);
	return lane;
}

/* The next message of this lane may leave after its share of a second. */
void
outbox_lane_step(struct outbox *o, struct lane *lane, int64_t mono_ms)
{
	const struct conf_channel *conf = conf_channel(o->options.work->conf, lane->name);
	const int64_t pace = conf != NULL && conf->pace > 0 ? conf->pace : 1;

	lane->next_ms = mono_ms + (1000 + pace - 1) / pace;
}

const char *
outbox_channel_stopped(const struct outbox *o, struct str channel)
{
	for (size_t i = 0; i < o->n_lanes; i++) {
		const struct lane *lane = &o->lanes[i];

		if (!str_is(channel, lane->name))
			continue;
		if (lane->stopped != NULL)
			return lane->stopped;
		return lane->busy_ms > 0 ? "busy" : NULL;
	}
	return NULL;
}
