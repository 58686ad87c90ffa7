#include "http/http_int.h"

/*
 * A strict subset of RFC 9112. It judges every line before evhttp can see its
 * end, and follows the framing so that a request behind another is judged too.
 * Where the standard leaves room (bare LF, folding, lists of lengths, blanks,
 * chunk extensions, trailers) nothing is let through: two readers that disagree
 * about such a place are how requests are smuggled.
 */

enum { CHUNK_DIGITS = 8, CHUNK_LINE = CHUNK_DIGITS + 2 };

enum {
	BAD = 400,
	NOT_ALLOWED = 405,
	BODY_TOO_BIG = 413,
	TARGET_TOO_LONG = 414,
	NO_EXPECTATION = 417,
	HEAD_TOO_BIG = 431,
	UNKNOWN_METHOD = 501,
	UNKNOWN_VERSION = 505,
};

size_t
reader_size(const struct http_limits *limits)
{
	size_t line =
		limits->headers_bytes > READER_LINE_MIN ? limits->headers_bytes : READER_LINE_MIN;

	return sizeof(struct http_reader) + line;
}

/* Ready for the next request of the connection. */
static void
reader_rewind(struct http_reader *r)
{
	r->place = READER_REQUEST_LINE;
	r->head = r->headers = r->hosts = r->body = r->n = 0;
	r->length = r->left = 0;
	r->http_1_0 = r->has_length = r->chunked = false;
	r->bits = 0;
}

void
reader_init(struct http_reader *r, const struct http_limits *limits)
{
	r->limits = limits;
	r->takes_bytes = NULL;
	r->status = 0;
	reader_rewind(r);
}

bool
reader_in_head(const struct http_reader *r)
{
	return r->place == READER_REQUEST_LINE || r->place == READER_HEADERS;
}

bool
reader_between(const struct http_reader *r)
{
	return r->place == READER_REQUEST_LINE && r->head == 0;
}

/* Letters, digits and the given marks, one at least. No NUL gets this far. */
static bool
is_made_of(struct str s, const char *marks)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		char letter = c | 0x20;

		if ((letter < 'a' || letter > 'z') && (c < '0' || c > '9') &&
		    strchr(marks, c) == NULL)
			return false;
	}
	return s.n > 0;
}

/* RFC 9110 section 5.6.2. */
static bool
is_token(struct str s)
{
	return is_made_of(s, "!#$%&'*+-.^_`|~");
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * One byte of a target, percent escapes undone; -1 when it may not stand there.
 * Blanks and controls do not get this far.
 */
static int
target_byte(struct str *rest)
{
	unsigned char c = (unsigned char)rest->p[0];

	if (c > '~' || c == '#')
		return -1;
	if (c != '%') {
		*rest = str_after(*rest, 1);
		return c;
	}
	if (rest->n < 3 || hex_digit(rest->p[1]) < 0 || hex_digit(rest->p[2]) < 0)
		return -1;
	int byte = hex_digit(rest->p[1]) << 4 | hex_digit(rest->p[2]);
	*rest = str_after(*rest, 3);
	return byte;
}

/* Escapes undone in place; *is_text: UTF-8 without NUL. False: a byte that may not stand there. */
static bool
undo_escapes(char *part, size_t n, bool *is_text)
{
	struct str rest = {part, n};
	size_t plain = 0;
	bool nul = false;

	while (rest.n > 0) {
		int byte = target_byte(&rest);

		if (byte < 0)
			return false;
		nul |= byte == 0;
		part[plain++] = (char)byte;
	}
	*is_text = !nul && utf8_ok((struct str){part, plain});
	return true;
}

/*
 * Origin form only; "//" would be an authority to evhttp. The target is undone
 * in place, which the line buffer allows: nothing reads it again. The query
 * comes first, for whether it must be text hangs on the path as it came.
 */
static int
judge_target(const struct http_reader *r, char *target, size_t n)
{
	const char *mark = memchr(target, '?', n);
	size_t path = mark != NULL ? (size_t)(mark - target) : n;
	bool is_text = true;

	if (target[0] != '/' || (n > 1 && target[1] == '/'))
		return BAD;
	if (path < n && !undo_escapes(target + path + 1, n - path - 1, &is_text))
		return BAD;
	if (!is_text &&
	    (r->takes_bytes == NULL || !r->takes_bytes(r->ctx, (struct str){target, path})))
		return BAD;
	return undo_escapes(target, path, &is_text) && is_text ? 0 : BAD;
}

static int
judge_method(struct str method)
{
	static const struct {
		const char *word;
		int status;
	} known[] = {
		{"GET", 0},
		{"POST", 0},
		{"HEAD", NOT_ALLOWED},
		{"PUT", 0},
		{"DELETE", NOT_ALLOWED},
		{"OPTIONS", NOT_ALLOWED},
		{"PATCH", NOT_ALLOWED},
		{"TRACE", NOT_ALLOWED},
		{"CONNECT", NOT_ALLOWED},
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (str_is(method, known[i].word))
			return known[i].status;
	return UNKNOWN_METHOD;
}

/* "HTTP/d.d" (RFC 9112 section 2.3); only 1.0 and 1.1 are spoken. */
static int
judge_version(struct http_reader *r, struct str version)
{
	const char *p = version.p;

	if (version.n != 8 || !str_starts(version, STR_LIT("HTTP/")) || p[5] < '0' || p[5] > '9' ||
	    p[6] != '.' || p[7] < '0' || p[7] > '9')
		return BAD;
	r->http_1_0 = str_is(version, "HTTP/1.0");
	return r->http_1_0 || str_is(version, "HTTP/1.1") ? 0 : UNKNOWN_VERSION;
}

static int
on_request_line(struct http_reader *r, struct str line)
{
	struct str rest = line;
	struct str method = str_cut(&rest, ' ');
	struct str target = str_cut(&rest, ' ');

	if (!is_token(method) || target.n == 0)
		return BAD;
	int status = judge_version(r, rest);
	if (status == 0)
		status = judge_method(method);
	if (status == 0)
		status = judge_target(r, r->line + (target.p - line.p), target.n);
	r->place = READER_HEADERS;
	return status;
}

/* Characters of a host, a port or an address in brackets; userinfo and lists are refused. */
static int
on_host(struct http_reader *r, struct str value)
{
	return ++r->hosts == 1 && is_made_of(value, "-._~:[]") ? 0 : BAD;
}

/* Digits only, once. Too long for 64 bits is too big, not malformed. */
static int
on_content_length(struct http_reader *r, struct str value)
{
	if (r->has_length || value.n == 0)
		return BAD;
	r->has_length = true;
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] < '0' || value.p[i] > '9')
			return BAD;
		if (r->length <= r->limits->body)
			r->length = r->length * 10 + (uint64_t)(value.p[i] - '0');
	}
	return r->length > r->limits->body ? BODY_TOO_BIG : 0;
}

static int
on_transfer_encoding(struct http_reader *r, struct str value)
{
	if (r->chunked || r->http_1_0 || !str_is(value, "chunked"))
		return BAD;
	r->chunked = true;
	return 0;
}

static int
on_expect(struct http_reader *r, struct str value)
{
	(void)r;
	return str_eq_nocase(value, STR_LIT("100-continue")) ? 0 : NO_EXPECTATION;
}

static int
on_end_of_head(struct http_reader *r)
{
	if ((r->hosts == 0 && !r->http_1_0) || (r->chunked && r->has_length))
		return BAD;
	if (r->chunked) {
		r->place = READER_CHUNK_SIZE;
	} else if (r->length > 0) {
		r->left = r->length;
		r->place = READER_BODY;
	} else {
		reader_rewind(r);
	}
	return 0;
}

static struct str
trim_blanks(struct str s)
{
	while (s.n > 0 && s.p[0] == ' ')
		s = str_after(s, 1);
	while (s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

/* A folded line begins with a blank, which no name does; tabs are refused with the controls. */
static int
on_header_line(struct http_reader *r, struct str line)
{
	static const struct {
		const char *name;
		int (*on)(struct http_reader *, struct str value);
	} known[] = {
		{"Host", on_host},
		{"Content-Length", on_content_length},
		{"Transfer-Encoding", on_transfer_encoding},
		{"Expect", on_expect},
	};

	if (line.n == 0)
		return on_end_of_head(r);
	if (++r->headers > r->limits->headers)
		return HEAD_TOO_BIG;
	ptrdiff_t colon = str_find(line, ':');
	if (colon < 0)
		return BAD;
	struct str name = {line.p, (size_t)colon};
	struct str value = trim_blanks(str_after(line, (size_t)colon + 1));
	if (!is_token(name) || (r->bits >= 0x80 && !utf8_ok(value)))
		return BAD;
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (str_eq_nocase(name, str_of(known[i].name)))
			return known[i].on(r, value);
	return 0;
}

static int
on_chunk_size(struct http_reader *r, struct str line)
{
	uint64_t size = 0;

	if (line.n == 0)
		return BAD; /* and room_for_byte leaves no room for too many digits */
	for (size_t i = 0; i < line.n; i++) {
		int digit = hex_digit(line.p[i]);

		if (digit < 0)
			return BAD;
		size = size << 4 | (uint64_t)digit;
	}
	if (size > r->limits->body - r->body)
		return BODY_TOO_BIG;
	r->body += size;
	r->left = size;
	r->place = size > 0 ? READER_CHUNK : READER_LAST;
	return 0;
}

static int
on_chunk_end(struct http_reader *r, struct str line)
{
	r->place = READER_CHUNK_SIZE;
	return line.n == 0 ? 0 : BAD;
}

static int
on_last(struct http_reader *r, struct str line)
{
	if (line.n > 0)
		return BAD;
	reader_rewind(r);
	return 0;
}

static int
on_line(struct http_reader *r, struct str line)
{
	static int (*const on[])(struct http_reader *, struct str) = {
		[READER_REQUEST_LINE] = on_request_line,
		[READER_HEADERS] = on_header_line,
		[READER_CHUNK_SIZE] = on_chunk_size,
		[READER_CHUNK_END] = on_chunk_end,
		[READER_LAST] = on_last,
	};

	return on[r->place](r, line);
}

/* 0 while one more byte of a line may come. */
static int
room_for_byte(struct http_reader *r)
{
	if (!reader_in_head(r))
		return r->n < CHUNK_LINE ? 0 : BAD;
	if (r->head++ < r->limits->headers_bytes)
		return 0;
	return r->place == READER_REQUEST_LINE ? TARGET_TOO_LONG : HEAD_TOO_BIG;
}

/* Lines end with CR LF and hold neither alone, nor any other control character, nor DEL. */
static int
take_byte(struct http_reader *r, char c)
{
	bool after_cr = r->n > 0 && r->line[r->n - 1] == '\r';
	int status = room_for_byte(r);

	if (status != 0)
		return status;
	if (after_cr != (c == '\n'))
		return BAD;
	if (after_cr) {
		struct str line = {r->line, r->n - 1};

		r->n = 0;
		return on_line(r, line);
	}
	if (c != '\r')
		return BAD; /* take_plain has left nothing else but controls */
	r->line[r->n++] = c;
	return 0;
}

/* Bytes of a body are not looked at. Returns how many of the n belong to it. */
static size_t
pass_body(struct http_reader *r, size_t n)
{
	size_t passed = r->left < n ? (size_t)r->left : n;

	r->left -= passed;
	if (r->left == 0 && r->place == READER_CHUNK)
		r->place = READER_CHUNK_END;
	else if (r->left == 0)
		reader_rewind(r);
	return passed;
}

/*
 * The bytes up to the next CR, LF or forbidden one, taken at a go; what this
 * leaves, take_byte judges. Never more than there is room for.
 */
static size_t
take_plain(struct http_reader *r, const char *p, size_t n)
{
	size_t room = reader_in_head(r) ? r->limits->headers_bytes - r->head : CHUNK_LINE - r->n;
	size_t i = 0;

	if (r->n > 0 && r->line[r->n - 1] == '\r')
		return 0;
	if (n > room)
		n = room;
	for (; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c < ' ' || c == 0x7f)
			break;
		r->line[r->n + i] = (char)c;
		r->bits |= c;
	}
	r->n += i;
	if (reader_in_head(r))
		r->head += i;
	return i;
}

int
reader_take(struct http_reader *r, const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && r->status == 0) {
		if (r->left > 0) {
			i += pass_body(r, n - i);
			continue;
		}
		i += take_plain(r, p + i, n - i);
		if (i < n)
			r->status = take_byte(r, p[i++]);
	}
	return r->status;
}
