#include "menu/menu_int.h"

/* Where a byte of a scalar's value stands in the file: quotes and escapes take columns that the
 * value does not have (YAML 1.2, 5.7 and 7.3). */

static const struct menu_source *
source_of(const struct menu_loader *ld)
{
	const struct menu_source *const own[] = {&ld->main, &ld->lists, &ld->sms, &ld->lint};

	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		if (own[i]->doc == ld->doc)
			return own[i];
	for (size_t i = 0; i < ld->n_parts; i++)
		if (ld->parts[i].doc == ld->doc)
			return &ld->parts[i];
	return NULL;
}

/* The file from a place on. */
static struct str
written_at(const struct menu_loader *ld, uint32_t line, uint32_t col)
{
	const struct menu_source *source = source_of(ld);
	struct str rest = source != NULL ? source->text : STR_LIT("");
	uint32_t cp;

	for (uint32_t i = 1; i < line && rest.n > 0; i++)
		(void)str_cut(&rest, '\n');
	for (uint32_t i = 1; i < col && utf8_next(&rest, &cp); i++)
		;
	return rest;
}

/* Columns of one character as it is written between double quotes. */
static uint32_t
escape_width(struct str written)
{
	static const struct {
		char letter;
		uint32_t width;
	} long_ones[] = {{'x', 4}, {'u', 6}, {'U', 10}};

	if (written.n < 2 || written.p[0] != '\\')
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(long_ones); i++)
		if (written.p[1] == long_ones[i].letter)
			return long_ones[i].width;
	return 2;
}

static uint32_t
width(struct str written, char quote)
{
	if (quote == '"')
		return escape_width(written);
	if (quote == '\'' && written.n > 1 && written.p[0] == '\'' && written.p[1] == '\'')
		return 2;
	return 1;
}

uint32_t
menu_col(const struct menu_loader *ld, const struct yaml_node *at, size_t byte)
{
	struct str before = {at->text.p, byte < at->text.n ? byte : at->text.n};
	struct str written = written_at(ld, at->line, at->col);
	char quote = at->quoted && written.n > 0 ? written.p[0] : ' ';
	uint32_t cp, col = at->col;

	if (quote == '"' || quote == '\'') {
		written = str_after(written, 1);
		col++;
	}
	while (utf8_next(&before, &cp)) {
		uint32_t wide = width(written, quote);

		for (uint32_t i = 0; i < wide && utf8_next(&written, &cp); i++)
			;
		col += wide;
	}
	return col;
}
