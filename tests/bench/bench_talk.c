#include "bench.h"

#include <stdio.h>

/*
 * A first check-in of the week in Africa's Talking's form, where every request
 * brings the whole path: the main menu, then mood, housing and days worked, and
 * the page that says thanks. Each caller is somebody else, in an order in which
 * neighbours in the database do not call one after the other.
 */

enum { PERSON_STRIDE = 7919, MOODS = 4 };

static const char *const paths[TALK_STEPS] = {"", "1", "1*1", "1*1*2", "1*1*2*3"};

void
talk_init(struct talk *t, enum talk_kind kind, const struct folder *f, bool close)
{
	*t = (struct talk){.kind = kind,
			   .folder = f,
			   .close = close,
			   .steps = kind == TALK_NOTICE ? 1 : TALK_STEPS,
			   .sessions_max = f->people};
	int n = snprintf(t->head, sizeof(t->head),
			 "POST /c/at-1/%s/%s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s"
			 "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ",
			 f->secret, kind == TALK_NOTICE ? "ussd-end" : "ussd",
			 close ? "Connection: close\r\n" : "");
	CHECK(n > 0 && (size_t)n < sizeof(t->head));
	t->head_n = (size_t)n;
}

static bool
begin(struct talk *t, struct talker *who)
{
	const size_t people = t->folder->people;

	if (t->sessions == t->sessions_max)
		return false;
	who->session = t->sessions++;
	/* The stride is a prime: as long as it does not divide people, everybody comes once. */
	who->person = (size_t)(who->session * PERSON_STRIDE % people);
	who->step = 0;
	who->begun = true;
	return true;
}

static size_t
write_body(const struct talk *t, const struct talker *who, char *out, size_t cap)
{
	char number[FOLDER_NUMBER];

	folder_number(who->person, number);
	int n = snprintf(out, cap,
			 "sessionId=ATUid_%08x%016llx&phoneNumber=%%2B%s&networkCode=60401"
			 "&serviceCode=%%2A000%%23&%s%s",
			 0x5e55u, (unsigned long long)who->session, number + 1,
			 t->kind == TALK_NOTICE ? "status=Incomplete&input=" : "text=",
			 t->kind == TALK_NOTICE ? "" : paths[who->step]);
	CHECK(n > 0 && (size_t)n < cap);
	return (size_t)n;
}

size_t
talk_next(struct talk *t, struct talker *who, char out[TALK_BYTES])
{
	char body[512];

	if (!who->begun && !begin(t, who))
		return 0;
	size_t body_n = write_body(t, who, body, sizeof(body));
	memcpy(out, t->head, t->head_n);
	int n = snprintf(out + t->head_n, TALK_BYTES - t->head_n, "%zu\r\n\r\n%s", body_n, body);
	return t->head_n + (size_t)n;
}

static bool
is_right(const struct talk *t, const struct talker *who, struct str body)
{
	bool last = who->step + 1 == TALK_STEPS;
	char thanks[64], name[FOLDER_NAME];

	if (t->kind == TALK_CONSTANT || t->kind == TALK_NOTICE)
		return true;
	if (!last || t->kind == TALK_PAGES)
		return str_starts(body, last ? STR_LIT("END ") : STR_LIT("CON "));
	folder_name(who->person, name);
	snprintf(thanks, sizeof(thanks), "END Merci %s.", name);
	return str_starts(body, str_of(thanks));
}

void
talk_heard(struct talk *t, struct talker *who, int status, struct str body)
{
	if (status / 100 != 2 || !is_right(t, who, body))
		drive_fail("session %llu, step %u: HTTP %d: %.*s", (unsigned long long)who->session,
			   who->step, status, STR_ARG(body));
	if (++who->step == t->steps)
		who->begun = false;
}
