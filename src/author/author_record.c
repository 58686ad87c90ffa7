#include "author/author_record_int.h"

#include "civil/civil.h"

#include <sys/stat.h>

/*
 * A call written down as a dialogue (tests/dialogues/README.md): what was there
 * before, who dialled, what was typed, and every page word for word. Dialogues
 * have a gateway and a service code of their own.
 */

#define DIALOGUE_CODE "*000"
/* The clock of a dialogue begins then, and never goes back. */
static const struct wall dialogue_begins = {.year = 2026, .month = 11, .day = 22, .hour = 9};

FILE *
author_record_open(const char *file)
{
	FILE *f = fopen(file, "w");

	/* Numbers of people may stand in it. */
	if (f != NULL && fchmod(fileno(f), S_IRUSR | S_IWUSR) == 0)
		return f;
	if (f != NULL)
		fclose(f);
	return NULL;
}

/* In quotes as a dialogue has them; marks by their number, so that they are seen. */
static void
put_quoted(FILE *f, struct str text)
{
	uint32_t cp;

	fputc('"', f);
	while (utf8_next(&text, &cp)) {
		char bytes[8];
		struct buf b;

		buf_init(&b, bytes, sizeof(bytes));
		utf8_put(&b, cp);
		if (cp == '\n')
			fputs("\\n", f);
		else if (cp == '"' || cp == '\\')
			fprintf(f, "\\%c", (char)cp);
		else if (cp < ' ' || (cp >= 0x200B && cp <= 0x200F) ||
			 (cp >= 0x2066 && cp <= 0x2069))
			fprintf(f, "\\u%04X", (unsigned)cp);
		else
			fwrite(b.p, 1, b.n, f);
	}
	fputc('"', f);
}

/* Orders wall times to the hour. */
static int64_t
hour_of(const struct wall *w)
{
	return ((w->year * INT64_C(100) + w->month) * 100 + w->day) * 100 + w->hour;
}

static void
put_clock(FILE *f, int64_t now)
{
	struct zone *zone;
	struct wall at;

	if (now == 0 || civil_zone_open(NULL, "Africa/Casablanca", &zone) != W_OK)
		return;
	civil_to_wall(zone, now, &at);
	if (hour_of(&at) >= hour_of(&dialogue_begins))
		fprintf(f, "now %04d-%02d-%02d %02d:%02d\n", at.year, at.month, at.day, at.hour,
			at.minute);
	civil_zone_free(zone);
}

/* Lines of the file as they are, each with its "given". */
static void
put_given(FILE *f, const char *file)
{
	char bytes[1024];
	FILE *in = file != NULL ? fopen(file, "r") : NULL;

	while (in != NULL && fgets(bytes, sizeof(bytes), in) != NULL) {
		struct str line = str_trim(str_of(bytes));

		if (line.n == 0 || line.p[0] == '#')
			continue;
		fprintf(f, "%s%.*s\n", str_starts(line, STR_LIT("given ")) ? "" : "given ",
			STR_ARG(line));
	}
	if (in != NULL)
		fclose(in);
}

void
author_record_begin(FILE *f, const char *phone, const char *given, int64_t now)
{
	fprintf(f, "# Recorded by wasl dial. Messages that left on the way are not in it:\n"
		   "# name them here with lines such as: sms CAS-0147 T02\n");
	put_clock(f, now);
	put_given(f, given);
	fprintf(f, "phone %s\n", phone);
}

void
author_record_dial(FILE *f, struct str code, struct str dialled)
{
	if (code.n > 0 && code.p[code.n - 1] == '#')
		code.n--;
	struct str rest = str_starts(dialled, code) ? str_after(dialled, code.n) : STR_LIT("#");
	fprintf(f, "dial " DIALOGUE_CODE "%.*s\n", STR_ARG(rest));
}

void
author_record_typed(FILE *f, const char *how, struct str text)
{
	int64_t number;
	bool plain = str_to_int(text, &number) && text.p[0] != '-' && text.p[0] != '+';

	fprintf(f, "type%s%s ", how[0] ? " " : "", how);
	if (plain)
		fwrite(text.p, 1, text.n, f);
	else
		put_quoted(f, text);
	fputc('\n', f);
}

void
author_record_words(FILE *f, const char *words)
{
	fprintf(f, "%s\n", words);
}

void
author_record_text(FILE *f, const char *word, struct str text)
{
	fprintf(f, "%s ", word);
	put_quoted(f, text);
	fputc('\n', f);
}

void
author_record_page(FILE *f, struct str page, bool go_on)
{
	if (page.n > 0)
		author_record_text(f, "see", page);
	fputs(go_on ? "open\n" : "end\n", f);
}
