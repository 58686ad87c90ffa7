/*
 * Text as a phone sees it: alphabets, lengths, parts and pages, the folding of
 * what people type, Moroccan numbers, and limited patterns.
 *
 * Everything here is pure: bytes in, value or code out; no globals, no I/O, no
 * recursion over input depth; every loop is bounded by the input. Any thread.
 * Texts are UTF-8; a function says so when it accepts anything else. Units are
 * GSM-7 septets (an escaped character costs two) or UTF-16 code units.
 */
#ifndef WASL_TEXT_TEXT_H
#define WASL_TEXT_TEXT_H

#include "base/buf.h"

/* ---- UTF-8 (RFC 3629) ---- */

/* No overlong form, no surrogate, nothing above U+10FFFF. NUL is valid here. */
bool utf8_ok(struct str s);
/* Takes one code point off the front; false at the end (rest->n is 0) or on a broken byte, which
 * stays in rest. */
bool utf8_next(struct str *rest, uint32_t *cp);
/* A surrogate or a number over U+10FFFF becomes U+FFFD. */
void utf8_put(struct buf *to, uint32_t cp);
/* Code points in a valid text. */
size_t utf8_count(struct str s);

/* ---- GSM 7-bit default alphabet (TS 23.038 6.2.1 and 6.2.1.1) ---- */

/* Septets a code point costs: 1, 2 (escape and one), or 0 when it is not in the alphabet. */
unsigned gsm7_cost(uint32_t cp);
bool gsm7_can(struct str s);
/* Septets, one a byte, unpacked, escapes included. W_EINVAL when a character is not in the
 * alphabet; nothing is added then. */
MUSTUSE int gsm7_encode(struct str s, struct buf *septets);
/* The reverse, one septet a byte; an unknown escape gives the plain character, an escape of an
 * escape or at the end a blank (TS 23.038 6.2.1.1). W_EINVAL on a byte over 0x7F. */
MUSTUSE int gsm7_decode(struct str septets, struct buf *utf8);

/* ---- UCS-2, carried as UTF-16 ---- */

/* UTF-16 code units of a valid text. */
size_t ucs2_units(struct str s);
/* Big-endian bytes and back; W_EINVAL on odd length or a lone surrogate, and nothing is added. */
void ucs2_encode(struct str s, struct buf *utf16be);
MUSTUSE int ucs2_decode(struct str utf16be, struct buf *utf8);
/* ISO 8859-1 bytes to UTF-8, for aggregators that still say so. */
void latin1_decode(struct str bytes, struct buf *utf8);

/* ---- SMS parts (TS 23.040 9.2.3.24) and USSD pages (TS 24.080, 160 octets) ---- */

enum text_coding { TEXT_GSM7, TEXT_UCS2 };
const char *text_coding_word(enum text_coding c); /* "GSM7", "UCS2" as in the tables */

enum { SMS_MAX_PARTS = 255 };

struct sms_size {
	enum text_coding coding;
	size_t units;
	size_t parts;       /* 0 for an empty text; over SMS_MAX_PARTS: W_ETOOBIG */
	size_t first_units; /* units in the first part */
	uint8_t part_units[SMS_MAX_PARTS];
};
/*
 * reference_bits: 8 (160/153, 70/67) or 16 (160/152, 70/66) when the message is concatenated; any
 * other, or broken UTF-8: W_EINVAL. Escape pairs and surrogate pairs stay whole. On W_ETOOBIG
 * everything but part_units is set.
 */
MUSTUSE int sms_measure(struct str s, unsigned reference_bits, struct sms_size *out);

struct ussd_size {
	enum text_coding coding;
	size_t units;
	size_t octets;              /* as packed: ceil(7n/8) or 2n */
	unsigned spare_bits;        /* free bits in the last octet, GSM-7 only */
	size_t lines, longest_line; /* longest in code points */
};
/* A broken byte counts as U+FFFD. An empty text is one line. */
void ussd_measure(struct str s, struct ussd_size *out);

/* What one page may hold, in units; more than 182 and 80 counts as that. */
struct page_limit {
	uint16_t gsm7, ucs2;
};
#define PAGE_LIMIT_DEFAULT ((struct page_limit){182, 80})
/* Broken UTF-8 never fits. */
bool ussd_fits(struct str s, struct page_limit limit);

/* ---- What people type ---- */

/*
 * The key by which typed text is matched: NFKC, bidi and joiner controls off,
 * harakat and tatweel off, digits to ASCII, alef and yeh and other seats
 * joined, Latin accents off, lower case, blanks joined, edge punctuation and
 * '*' '#' off. For matching only: never store or show it. Control characters
 * other than blanks and line ends are dropped. Input over 512 bytes or broken
 * UTF-8: W_EINVAL; a key that a fixed buffer cannot hold: W_ETOOBIG. Either way
 * nothing is added. A key folds to itself.
 */
enum {
	TEXT_TYPED_MAX = 512,
	TEXT_KEY_MAX = 11 * TEXT_TYPED_MAX, /* U+FDFA: 3 bytes become 33 */
};
MUSTUSE int text_fold(struct str typed, struct buf *key);
/* Digits of every script to ASCII, nothing else. A broken byte becomes U+FFFD, here and below. */
void text_fold_digits(struct str s, struct buf *to);
/* Bidi and joiner controls, and control characters but line feed, taken out. For terminals and
 * stored text. */
void text_strip_controls(struct str s, struct buf *to);
/* Has a letter of a right-to-left script. */
bool text_is_rtl(struct str s);

/* ---- Numbers ---- */

/*
 * A subscriber's number. Kept as E.164 inside; there is no print function on
 * purpose. phone_reveal is for the three places that must show it: a field to
 * be sealed, a call to an aggregator, a caseworker who asked and was recorded.
 */
struct phone {
	char e164_do_not_log[17]; /* '+' and at most 15 digits, NUL */
};

enum phone_verdict {
	PHONE_OK,         /* a Moroccan mobile: +212 and [67] and 8 digits */
	PHONE_NOT_MOBILE, /* valid in Morocco, cannot get an SMS */
	PHONE_FOREIGN,    /* a number elsewhere; kept in E.164 */
	PHONE_BAD,
};
const char *
phone_verdict_word(enum phone_verdict v); /* "ok", "reject:not-mobile", ... as in numbers.tsv */

/*
 * Any spelling a person or an aggregator uses, at most PHONE_TYPED_MAX bytes: blanks, hyphens,
 * dots, slashes, brackets and controls are passed over, digits of every script are digits. *out
 * is set for OK, NOT_MOBILE and FOREIGN, and emptied for BAD.
 */
enum { PHONE_TYPED_MAX = 128 };
enum phone_verdict phone_parse(struct str typed, struct phone *out);
bool phone_eq(const struct phone *a, const struct phone *b);

enum phone_style {
	PHONE_PLUS,     /* +212612345678 */
	PHONE_BARE,     /* 212612345678 */
	PHONE_ZEROS,    /* 00212612345678 */
	PHONE_NATIONAL, /* 0612345678 (foreign numbers stay +...) */
};
void phone_reveal(const struct phone *p, enum phone_style style, struct buf *to);
/* "+2126••••••78": the form lists show. */
void phone_mask(const struct phone *p, struct buf *to);

/*
 * What a person wrote, or a name. No print function: secret_reveal is for
 * sealing, for the person's own phone and for a caseworker who was recorded.
 */
struct secret {
	struct str text_do_not_log;
};
static inline struct secret
secret_of(struct str s)
{
	return (struct secret){s};
}
static inline struct str
secret_reveal(struct secret s)
{
	return s.text_do_not_log;
}

/* ---- Patterns (PCRE2: UTF, no JIT, match limit 10,000, depth 250, heap 64 KiB) ---- */

struct match;
enum { MATCH_PATTERN_MAX = 256, MATCH_SUBJECT_MAX = 4096, MATCH_CAPTURES_MAX = 32 };
/* W_EINVAL: *fault_at is the byte of the pattern and why says what is wrong (static text). More
 * than MATCH_PATTERN_MAX bytes or MATCH_CAPTURES_MAX captures is such a fault. */
MUSTUSE int match_compile(struct str pattern, struct match **out, size_t *fault_at,
			  const char **why);
void match_free(struct match *m);
unsigned match_captures(const struct match *m);
/*
 * True when the pattern is found. *piece (may be NULL) is the first capture,
 * or the whole match when the pattern has none. Only the first
 * MATCH_SUBJECT_MAX bytes are looked at, and '$' does not match where they are
 * cut; a limit that is hit, or broken UTF-8, means no. Any thread.
 */
bool match_find(const struct match *m, struct str subject, struct str *piece);

#endif
