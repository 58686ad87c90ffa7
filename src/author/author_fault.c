#include "author/author_int.h"

/* Ways in which an aggregator can answer a message, good and bad. */
static const struct author_fault faults[] = {
	{"accept", ACT_SAY, SAID_ACCEPTED},   {"reject", ACT_SAY, SAID_REJECTED},
	{"5xx", ACT_BROKEN, SAID_UNCERTAIN},  {"hang", ACT_HANG, SAID_UNCERTAIN},
	{"reset", ACT_RESET, SAID_UNCERTAIN}, {"garbage", ACT_GARBAGE, SAID_UNCERTAIN},
	{"optout", ACT_SAY, SAID_OPTOUT},     {"again", ACT_SAY, SAID_AGAIN},
	{"busy", ACT_SAY, SAID_BUSY},         {"hold", ACT_SAY, SAID_HOLD},
	{"fault", ACT_SAY, SAID_FAULT},       {"denied", ACT_SAY, SAID_DENIED},
	{"renew", ACT_SAY, SAID_RENEW},       {"uncertain", ACT_SAY, SAID_UNCERTAIN},
};

const struct author_fault *
author_fault_find(struct str word)
{
	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		if (str_is(word, faults[i].word))
			return &faults[i];
	return NULL;
}

const char *
author_fault_words(struct arena *a)
{
	struct buf b;

	buf_init_arena(&b, a);
	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		buf_printf(&b, "%s%s", i == 0 ? "" : ", ", faults[i].word);
	return buf_str(&b).p;
}
