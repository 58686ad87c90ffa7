#include "thief.h"

#include <ctype.h>
#include <stdlib.h>

enum { BUCKETS = 1 << 16, WORD_MAX = 512 };

void
thief_needles_init(struct thief_needles *to)
{
	*to = (struct thief_needles){.arena = arena_new(0)};
}

void
thief_needles_done(struct thief_needles *of)
{
	arena_free(of->arena);
	free(of->v);
	free(of->first);
	free(of->next);
}

static void
add(struct thief_needles *to, const char *word, const char *form, const void *p, size_t n,
    bool alone)
{
	if (n < (alone ? 4 : THIEF_LEAST))
		return;
	for (size_t i = 0; i < to->n; i++)
		if (to->v[i].n == n && memcmp(to->v[i].p, p, n) == 0)
			return; /* a text without letters is the same in capitals */
	if (to->n == to->cap) {
		to->cap = to->cap ? to->cap * 2 : 256;
		to->v = xrealloc(to->v, to->cap * sizeof(*to->v));
	}
	to->v[to->n++] = (struct thief_needle){.word = arena_strdup(to->arena, word),
					       .form = form,
					       .p = arena_memdup(to->arena, p, n),
					       .n = n,
					       .alone = alone};
}

/* ---- Spellings of a text ---- */

static void
add_hex(struct thief_needles *to, const char *word, struct str text)
{
	char out[2 * WORD_MAX];

	for (int upper = 0; upper < 2; upper++) {
		const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";

		for (size_t i = 0; i < text.n; i++) {
			out[2 * i] = digits[(uint8_t)text.p[i] >> 4];
			out[2 * i + 1] = digits[(uint8_t)text.p[i] & 15];
		}
		add(to, word, upper ? "HEX" : "hex", out, 2 * text.n, false);
	}
}

/*
 * A text that begins in the middle of a longer one has three faces in base64
 * (RFC 4648), by the place of its first byte in a group of three. The letters at
 * its edges hold bits of its neighbours and are left out.
 */
static void
add_base64(struct thief_needles *to, const char *word, struct str text)
{
	static const char *const sets[] = {
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"};
	static const char *const names[] = {"base64, 0", "base64, 1", "base64, 2"};
	char out[2 * WORD_MAX];

	for (size_t face = 0; face < 6; face++) {
		size_t shift = face % 3, first = (8 * shift + 5) / 6, n = 0;
		size_t end = 8 * (shift + text.n) / 6;

		for (size_t letter = first; letter < end; letter++) {
			unsigned value = 0;

			for (size_t bit = 6 * letter; bit < 6 * letter + 6; bit++) {
				uint8_t byte = (uint8_t)text.p[bit / 8 - shift];

				value = value << 1 | (byte >> (7 - bit % 8) & 1);
			}
			out[n++] = sets[face / 3][value];
		}
		add(to, word, names[shift], out, n, false);
	}
}

static void
add_percent(struct thief_needles *to, const char *word, struct str text)
{
	char out[3 * WORD_MAX];

	for (int upper = 0; upper < 2; upper++) {
		size_t n = 0;

		for (size_t i = 0; i < text.n; i++) {
			uint8_t c = (uint8_t)text.p[i];

			if (isalnum(c) && c < 0x80)
				out[n++] = (char)c;
			else
				n += (size_t)snprintf(out + n, sizeof(out) - n,
						      upper ? "%%%02X" : "%%%02x", c);
		}
		add(to, word, "percent", out, n, false);
	}
}

static void
add_utf16(struct thief_needles *to, const char *word, struct str text)
{
	uint8_t big[2 * WORD_MAX], little[2 * WORD_MAX];
	char escaped[2][6 * WORD_MAX];
	size_t n = 0, n_escaped = 0;
	uint32_t cp;

	while (utf8_next(&text, &cp)) {
		big[n] = little[n + 1] = (uint8_t)(cp >> 8);
		big[n + 1] = little[n] = (uint8_t)cp;
		n += 2;
		for (int upper = 0; upper < 2 && cp >= 0x80; upper++)
			snprintf(escaped[upper] + n_escaped, 7, upper ? "\\u%04X" : "\\u%04x",
				 (unsigned)(cp & 0xffff));
		if (cp < 0x80)
			escaped[0][n_escaped] = escaped[1][n_escaped] = (char)cp;
		n_escaped += cp < 0x80 ? 1 : 6;
	}
	add(to, word, "UTF-16BE", big, n, false);
	add(to, word, "UTF-16LE", little, n, false);
	add(to, word, "JSON escapes", escaped[0], n_escaped, false);
	add(to, word, "JSON escapes", escaped[1], n_escaped, false);
}

/* Septets packed as in 3GPP TS 23.038 6.1.2: eight faces, whole octets of them. */
static void
add_gsm7(struct thief_needles *to, const char *word, struct str text)
{
	static const char *const names[] = {"GSM-7, 0", "GSM-7, 1", "GSM-7, 2", "GSM-7, 3",
					    "GSM-7, 4", "GSM-7, 5", "GSM-7, 6", "GSM-7, 7"};
	struct buf septets;

	buf_init_arena(&septets, to->arena);
	if (gsm7_encode(text, &septets) != W_OK)
		return;
	for (size_t shift = 0; shift < 8; shift++) {
		uint8_t out[WORD_MAX] = {0};
		size_t bits = shift + 7 * septets.n, first = shift > 0;

		for (size_t bit = shift; bit < bits; bit++) {
			size_t i = bit - shift;

			if ((uint8_t)septets.p[i / 7] >> i % 7 & 1)
				out[bit / 8] |= (uint8_t)(1 << bit % 8);
		}
		if (bits / 8 > first)
			add(to, word, names[shift], out + first, bits / 8 - first, false);
	}
}

static void
add_text(struct thief_needles *to, const char *word, struct str text, bool alone)
{
	char backwards[WORD_MAX];

	CHECK(text.n < WORD_MAX / 2);
	add(to, word, "as it stands", text.p, text.n, alone);
	for (size_t i = 0; i < text.n; i++)
		backwards[i] = text.p[text.n - 1 - i];
	if (!alone)
		add(to, word, "backwards", backwards, text.n, false);
	add_hex(to, word, text);
	add_base64(to, word, text);
	add_percent(to, word, text);
	add_utf16(to, word, text);
	add_gsm7(to, word, text);
}

static void
add_cases(struct thief_needles *to, const char *word)
{
	char text[WORD_MAX];
	size_t n = strlen(word);

	CHECK(n < sizeof(text));
	for (int way = 0; way < 3; way++) {
		for (size_t i = 0; i < n; i++) {
			unsigned char c = (unsigned char)word[i];

			text[i] = (char)(c >= 0x80 || way == 0 ? c
					 : way == 1            ? tolower(c)
							       : toupper(c));
		}
		add_text(to, word, (struct str){text, n}, false);
	}
}

/* ---- Spellings of a number ---- */

static void
add_integer(struct thief_needles *to, const char *word, uint64_t value)
{
	uint8_t big[8], little[8];

	for (size_t i = 0; i < 8; i++) {
		little[i] = (uint8_t)(value >> 8 * i);
		big[7 - i] = little[i];
	}
	/* 212... has five bytes: SQLite keeps it in six (the first is 0), a register in eight. */
	add(to, word, "integer, big end first", big + 2, 6, false);
	add(to, word, "integer, little end first", little, 8, false);
}

/* 3GPP TS 23.040 9.1.2.3: two digits an octet, the first in the low half; and the plain way. */
static void
add_semi_octets(struct thief_needles *to, const char *word, const char *digits)
{
	uint8_t swapped[16], plain[16];
	size_t n = strlen(digits) / 2;

	for (size_t i = 0; i < n; i++) {
		unsigned a = (unsigned)(digits[2 * i] - '0'),
			 b = (unsigned)(digits[2 * i + 1] - '0');

		swapped[i] = (uint8_t)(b << 4 | a);
		plain[i] = (uint8_t)(a << 4 | b);
	}
	add(to, word, "semi-octets, swapped", swapped, n, false);
	add(to, word, "semi-octets", plain, n, false);
}

/* word: +212 and nine digits. The nine stand in every way to write the number without blanks. */
static void
add_number(struct thief_needles *to, const char *word)
{
	const char *nine = word + 4;
	char grouped[32];

	CHECK(strlen(word) == 13 && strncmp(word, "+212", 4) == 0);
	add_text(to, word, str_of(nine), false);
	for (const char *between = " -.,_"; *between != '\0'; between++) {
		/* 06 12 34 56 78 and 0612-34-56-78 end alike. */
		snprintf(grouped, sizeof(grouped), "%.2s%c%.2s%c%.2s%c%.2s", nine + 1, *between,
			 nine + 3, *between, nine + 5, *between, nine + 7);
		add(to, word, "in groups", grouped, strlen(grouped), false);
		snprintf(grouped, sizeof(grouped), "%.3s%c%.3s%c%.3s", nine, *between, nine + 3,
			 *between, nine + 6);
		add(to, word, "in groups", grouped, strlen(grouped), false);
	}
	add_integer(to, word, strtoull(word + 1, NULL, 10));
	add_semi_octets(to, word, word + 1);
}

void
thief_needles_add(struct thief_needles *to, enum thief_kind kind, const char *word)
{
	switch (kind) {
	case THIEF_TEXT:
		add_cases(to, word);
		break;
	case THIEF_NUMBER:
		add_number(to, word);
		break;
	case THIEF_DIGITS:
		add_text(to, word, str_of(word), true);
		break;
	}
}

/* ---- The search ---- */

static uint32_t
hash(const uint8_t *p)
{
	uint32_t four;

	memcpy(&four, p, sizeof(four));
	return (four * 2654435761u) >> 16;
}

void
thief_needles_ready(struct thief_needles *of)
{
	of->first = xcalloc(BUCKETS, sizeof(*of->first));
	of->next = xcalloc(of->n + 1, sizeof(*of->next));
	for (size_t i = 0; i < BUCKETS; i++)
		of->first[i] = -1;
	for (size_t i = 0; i < of->n; i++) {
		uint32_t h = hash(of->v[i].p);

		of->next[i] = of->first[h];
		of->first[h] = (int32_t)i;
	}
}

static bool
stands_alone(struct str in, size_t at, size_t n)
{
	return (at == 0 || !isalnum((unsigned char)in.p[at - 1])) &&
	       (at + n == in.n || !isalnum((unsigned char)in.p[at + n]));
}

size_t
thief_search(const struct thief_needles *of, struct str in,
	     void (*found)(void *ctx, const struct thief_needle *needle, size_t at), void *ctx)
{
	size_t hits = 0;

	for (size_t at = 0; at + 4 <= in.n; at++) {
		const uint8_t *p = (const uint8_t *)in.p + at;

		for (int32_t i = of->first[hash(p)]; i >= 0; i = of->next[i]) {
			const struct thief_needle *needle = &of->v[i];

			if (needle->n > in.n - at || memcmp(p, needle->p, needle->n) != 0 ||
			    (needle->alone && !stands_alone(in, at, needle->n)))
				continue;
			hits++;
			if (found != NULL)
				found(ctx, needle, at);
		}
	}
	return hits;
}
