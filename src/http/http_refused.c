/* What was refused, by channel and cause: numbers and names of channels, nothing of the calls. */
#include "http/http.h"

#include <inttypes.h>

/* More channels than anybody has; those beyond share the last row, those unknown the first. */
enum { ROWS = 65, NAME_BYTES = 41 };

static struct {
	char channel[NAME_BYTES]; /* empty: free */
	int64_t counts[REFUSALS];
} rows[ROWS] = {[0] = {.channel = "-"}};

static const char *const words[REFUSALS] = {
	[REFUSED_SECRET] = "secret",
	[REFUSED_ADDRESS] = "address",
	[REFUSED_PROOF] = "proof",
	[REFUSED_PATH] = "path",
	[REFUSED_METHOD] = "method",
	[REFUSED_MALFORMED] = "malformed",
	[REFUSED_CHANNEL_RATE] = "channel_rate",
	[REFUSED_NUMBER_RATE] = "number_rate",
};

const char *
refusal_word(enum refusal why)
{
	return words[why];
}

/* The row of a channel, or the free one that it would get. */
static size_t
row_of(const char *channel)
{
	size_t i = 1;

	if (channel == NULL)
		return 0;
	while (i < ROWS - 1 && rows[i].channel[0] != '\0' && strcmp(rows[i].channel, channel) != 0)
		i++;
	return i;
}

void
refusal_add(const char *channel, enum refusal why)
{
	size_t i = row_of(channel);

	CHECK_ON_LOOP();
	if (rows[i].channel[0] == '\0') {
		struct buf name;

		buf_init(&name, rows[i].channel, NAME_BYTES);
		buf_adds(&name, i < ROWS - 1 ? channel : "others");
	}
	rows[i].counts[why]++;
}

int64_t
refusal_count(const char *channel, enum refusal why)
{
	return rows[row_of(channel)].counts[why];
}

void
refusal_print(struct buf *to)
{
	buf_adds(to, "# HELP wasl_calls_refused_total Calls refused, by channel and cause\n"
		     "# TYPE wasl_calls_refused_total counter\n");
	for (size_t i = 0; i < ROWS; i++)
		for (int why = 0; why < REFUSALS; why++)
			if (rows[i].counts[why] > 0)
				buf_printf(to,
					   "wasl_calls_refused_total{channel=\"%s\",cause=\"%s\"} "
					   "%" PRId64 "\n",
					   rows[i].channel, words[why], rows[i].counts[why]);
}
