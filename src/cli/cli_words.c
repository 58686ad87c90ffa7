#include "cli/cli_print.h"

static const struct {
	const char *code, *shown;
} words[] = {
#define CLI_WORD(said, text) {said, text},
#include "cli/cli_words.def"
#undef CLI_WORD
};

const char *
cell_word(struct arena *a, const char *word)
{
	struct buf b;

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i].code, word) == 0)
			return _(words[i].shown);
	buf_init_arena(&b, a);
	for (const char *p = word; *p != '\0'; p++)
		buf_addc(&b, *p == '_' ? ' ' : *p);
	return b.n > 0 ? b.p : "";
}

const char *
cell_words(struct arena *a, const char *several)
{
	struct str rest = str_of(several);
	struct buf b;

	buf_init_arena(&b, a);
	while (rest.n > 0) {
		struct str word = str_cut(&rest, ' ');
		const char *shown = cell_word(a, arena_printf(a, "%.*s", STR_ARG(word)));

		buf_printf(&b, "%s%s", b.n > 0 ? ", " : "", shown);
	}
	return b.n > 0 ? b.p : "";
}
