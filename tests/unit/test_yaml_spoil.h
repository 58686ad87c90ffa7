/*
 * For the tests of everything that is read from YAML: a good text whose values
 * are one after another replaced by something else. What stood under a
 * replaced line goes with it. For tests only.
 */
#ifndef WASL_TEST_YAML_SPOIL_H
#define WASL_TEST_YAML_SPOIL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/* One of each kind, none of them what any key of ours wants. */
static const char *const spoil_kinds[] = {
	"{zz: {zz: [zz]}}", "[[zz], {zz: zz}]", "[]", "{}", "\"\"", "zz", "-7", "'{zz'",
};

static inline size_t
spoil_indent(struct str line)
{
	size_t n = 0;

	while (n < line.n && (line.p[n] == ' ' || line.p[n] == '-'))
		n++;
	return n;
}

/* Where the value of a "key: value" line begins; 0: it has no key. */
static inline size_t
spoil_value(struct str line)
{
	for (size_t i = spoil_indent(line); i < line.n; i++) {
		if (line.p[i] == ':' && (i + 1 == line.n || line.p[i + 1] == ' '))
			return i + 1;
		if (line.p[i] == '{' || line.p[i] == '[')
			return 0;
	}
	return 0;
}

/* The text with the value of its line at `number` (from 0) replaced, or NULL: that line has none.
 */
static inline char *
spoil_line(struct arena *a, const char *text, size_t number, const char *with)
{
	struct str rest = str_of(text);
	struct buf b;
	bool under = false, done = false;
	size_t indent = 0;

	buf_init_arena(&b, a);
	for (size_t i = 0; rest.n > 0; i++) {
		struct str line = str_cut(&rest, '\n');
		size_t value = i == number ? spoil_value(line) : 0;

		under = under && line.n > 0 && spoil_indent(line) > indent;
		if (value > 0) {
			indent = spoil_indent(line);
			under = done = true;
			buf_add_str(&b, (struct str){line.p, value});
			buf_printf(&b, " %s\n", with);
		} else if (!under) {
			buf_add_str(&b, line);
			buf_addc(&b, '\n');
		}
	}
	return done ? b.p : NULL;
}

static inline size_t
spoil_lines(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

#endif
