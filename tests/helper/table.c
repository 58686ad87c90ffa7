#include "helper/table.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

enum { COLUMNS_MAX = 32, FILE_MAX = 4 << 20 };

struct row {
	struct str fields[COLUMNS_MAX];
	unsigned line;
};

struct table {
	struct arena *arena;
	const char *name;
	struct str columns[COLUMNS_MAX];
	size_t n_columns, n_rows, missed;
	struct row *rows;
};

static void
die(const char *where, const char *what)
{
	fail_msg("%s: %s", where, what);
	abort();
}

/* Whole file, or a text without bytes when it is not there. */
static struct str
read_file(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");

	if (f == NULL)
		return STR_NONE;
	char *bytes = arena_alloc(a, FILE_MAX);
	size_t n = fread(bytes, 1, FILE_MAX, f);
	fclose(f);
	if (n == FILE_MAX)
		die(path, "too big for a table");
	return (struct str){bytes, n};
}

/* An empty last field is a field too, so this looks for the tabs itself. */
static size_t
split(struct str line, struct str *fields)
{
	size_t n = 0;

	for (;;) {
		ptrdiff_t tab = str_find(line, '\t');

		if (n == COLUMNS_MAX)
			die("table", "too many columns");
		fields[n++] = (struct str){line.p, tab < 0 ? line.n : (size_t)tab};
		if (tab < 0)
			return n;
		line = (struct str){line.p + tab + 1, line.n - (size_t)tab - 1};
	}
}

static void
add_row(struct table *t, struct str line, unsigned number)
{
	struct row *r = &t->rows[t->n_rows];
	size_t n = split(line, r->fields);

	if (n != t->n_columns)
		die(arena_printf(t->arena, "%s:%u", t->name, number),
		    "not as many fields as columns");
	r->line = number;
	t->n_rows++;
}

static size_t
count_lines(struct str text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	return n;
}

static void
parse(struct table *t, struct str text)
{
	t->rows = xcalloc(count_lines(text), sizeof(*t->rows));
	for (unsigned number = 1; text.n > 0; number++) {
		struct str line = str_cut(&text, '\n');

		if (line.n == 0 || line.p[0] == '#')
			continue;
		if (t->n_columns == 0)
			t->n_columns = split(line, t->columns);
		else
			add_row(t, line, number);
	}
}

struct table *
table_open(const char *name)
{
	const char *folder = getenv("WASL_TEST_DATA");
	struct table *t = xcalloc(1, sizeof(*t));

	t->arena = arena_new(0);
	t->name = arena_strdup(t->arena, name);
	struct str text = read_file(
		t->arena, arena_printf(t->arena, "%s/%s",
				       folder ? folder : WASL_SOURCE_DIR "/tests/data", name));
	if (text.p == NULL) {
		table_close(t);
		if (folder == NULL)
			die(name, "is not in tests/data");
		print_message("skipped: %s is not in %s\n", name, folder);
		skip();
	}
	parse(t, text);
	if (t->n_rows == 0)
		die(name, "has no rows");
	return t;
}

void
table_close(struct table *t)
{
	if (t == NULL)
		return;
	free(t->rows);
	arena_free(t->arena);
	free(t);
}

size_t
table_rows(const struct table *t)
{
	return t->n_rows;
}

static size_t
column_of(const struct table *t, const char *column)
{
	size_t i = 0;

	while (i < t->n_columns && !str_is(t->columns[i], column))
		i++;
	return i;
}

bool
table_has(const struct table *t, const char *column)
{
	return column_of(t, column) < t->n_columns;
}

const char *
table_where(const struct table *t, size_t row)
{
	const struct row *r = &t->rows[row];

	return arena_printf(t->arena, "%s:%u %.*s", t->name, r->line, STR_ARG(r->fields[0]));
}

struct str
table_raw(struct table *t, size_t row, const char *column)
{
	size_t at = column_of(t, column);

	if (at == t->n_columns)
		die(t->name, arena_printf(t->arena, "has no column %s", column));
	return t->rows[row].fields[at];
}

static bool
is_nothing(struct str field)
{
	return str_is(field, "-");
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 32) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* n hex digits off the front, or -1. */
static int64_t
take_hex(struct str *rest, size_t n)
{
	int64_t value = 0;

	if (rest->n < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (hex_digit(rest->p[i]) < 0)
			return -1;
		value = value << 4 | hex_digit(rest->p[i]);
	}
	*rest = str_after(*rest, n);
	return value;
}

/* Plain UTF-8: this file stands on base/ alone, so that every test can use it. */
static void
put(struct buf *to, uint32_t cp)
{
	if (cp < 0x80) {
		buf_addc(to, (char)cp);
	} else if (cp < 0x800) {
		buf_addc(to, (char)(0xC0 | cp >> 6));
		buf_addc(to, (char)(0x80 | (cp & 0x3F)));
	} else if (cp < 0x10000) {
		buf_addc(to, (char)(0xE0 | cp >> 12));
		buf_addc(to, (char)(0x80 | (cp >> 6 & 0x3F)));
		buf_addc(to, (char)(0x80 | (cp & 0x3F)));
	} else {
		buf_addc(to, (char)(0xF0 | cp >> 18));
		buf_addc(to, (char)(0x80 | (cp >> 12 & 0x3F)));
		buf_addc(to, (char)(0x80 | (cp >> 6 & 0x3F)));
		buf_addc(to, (char)(0x80 | (cp & 0x3F)));
	}
}

/* After "\u": the code point, or -1. */
static int64_t
take_utf16(struct str *rest)
{
	int64_t cp = take_hex(rest, 4);

	if (cp < 0xD800 || cp > 0xDBFF)
		return cp;
	if (!str_starts(*rest, STR_LIT("\\u")))
		return -1;
	*rest = str_after(*rest, 2);
	int64_t low = take_hex(rest, 4);
	if (low < 0xDC00 || low > 0xDFFF)
		return -1;
	return 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
}

/* After a backslash. */
static int64_t
take_escape(struct str *rest)
{
	static const char letters[] = "nrtf\\", means[] = "\n\r\t\f\\";
	char c = rest->n > 0 ? rest->p[0] : '\0';
	const char *at = c ? strchr(letters, c) : NULL;

	*rest = str_after(*rest, 1);
	if (c == 'u')
		return take_utf16(rest);
	return at ? means[at - letters] : -1;
}

struct str
table_text(struct table *t, size_t row, const char *column)
{
	struct str rest = table_raw(t, row, column);
	struct buf out;

	buf_init_arena(&out, t->arena);
	if (is_nothing(rest))
		return buf_str(&out);
	while (rest.n > 0) {
		char c = rest.p[0];

		rest = str_after(rest, 1);
		if (c != '\\') {
			buf_addc(&out, c);
			continue;
		}
		int64_t cp = take_escape(&rest);
		if (cp < 0)
			die(table_where(t, row), "bad escape");
		put(&out, (uint32_t)cp);
	}
	return buf_str(&out);
}

struct str
table_hex(struct table *t, size_t row, const char *column)
{
	struct str rest = table_raw(t, row, column);
	struct buf out;

	buf_init_arena(&out, t->arena);
	if (is_nothing(rest))
		return buf_str(&out);
	while (rest.n > 0) {
		if (rest.p[0] == ' ') {
			rest = str_after(rest, 1);
			continue;
		}
		int64_t byte = take_hex(&rest, 2);
		if (byte < 0)
			die(table_where(t, row), "bad hex");
		buf_addc(&out, (char)byte);
	}
	return buf_str(&out);
}

struct str
table_codepoints(struct table *t, size_t row, const char *column)
{
	struct str rest = table_raw(t, row, column);
	struct buf out;

	buf_init_arena(&out, t->arena);
	if (is_nothing(rest))
		return buf_str(&out);
	while (rest.n > 0) {
		struct str piece = str_cut(&rest, ' ');
		struct str hex = str_after(piece, 2);
		int64_t cp = str_starts(piece, STR_LIT("U+")) ? take_hex(&hex, hex.n) : -1;

		if (cp < 0 || cp > 0x10FFFF)
			die(table_where(t, row), "bad code point");
		put(&out, (uint32_t)cp);
	}
	return buf_str(&out);
}

int64_t
table_int(struct table *t, size_t row, const char *column)
{
	int64_t value;

	if (!str_to_int(table_raw(t, row, column), &value))
		die(table_where(t, row), "not a number");
	return value;
}

bool
table_is(struct table *t, size_t row, const char *column, const char *value)
{
	return str_is(table_raw(t, row, column), value);
}

void
table_miss(struct table *t, size_t row, const char *fmt, ...)
{
	va_list args;

	t->missed++;
	va_start(args, fmt);
	print_error("%s: ", table_where(t, row));
	vprint_error(fmt, args);
	print_error("\n");
	va_end(args);
}

void
table_finish(struct table *t)
{
	size_t missed = t->missed, rows = t->n_rows;
	char name[64];

	snprintf(name, sizeof(name), "%s", t->name);
	table_close(t);
	print_message("%s: %zu rows\n", name, rows);
	if (missed > 0)
		fail_msg("%zu of %zu rows of %s do not hold", missed, rows, name);
}
