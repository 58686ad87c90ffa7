#include "outbox/outbox_int.h"

struct outbox_answer
outbox_check(const struct outbox_facts *f)
{
	const struct {
		bool holds;
		struct outbox_answer answer;
	} rows[] = {
		/* in this order: what ends a message comes before what only delays it */
		{f->expires_at != 0 && f->now >= f->expires_at, {GO_EXPIRE, "no-later", 0}},
		{!f->person_active, {GO_SUPPRESS, "inactive", 0}},
		{!f->sms_allowed, {GO_SUPPRESS, "consent", 0}},
		{!f->same_number, {GO_SUPPRESS, "number", 0}},
		{!f->wanted, {GO_SUPPRESS, "answered", 0}},
		{f->enough_today, {GO_SUPPRESS, "enough-today", 0}},
		{f->open_now, {GO_SEND, "", 0}},
		{f->expires_at != 0 && f->opens_at >= f->expires_at, {GO_EXPIRE, "no-later", 0}},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].holds)
			return rows[i].answer;
	return (struct outbox_answer){GO_LATER, "quiet", f->opens_at};
}
