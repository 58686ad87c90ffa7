#include "session/session_int.h"

static const struct {
	const char *name, *words;
} types[] = {
#define TYPE(name, words) {name, words},
#include "menu/menu_types.def"
#undef TYPE
};

int
session_type_index(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (str_is(name, types[i].name))
			return (int)i;
	return -1;
}

const char *
session_type_at(unsigned index)
{
	CHECK(index < ARRAY_LEN(types));
	return types[index].name;
}

static struct str
words_of(const char *type)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcmp(types[i].name, type) == 0)
			return str_of(types[i].words);
	return STR_NONE;
}

int
session_word_index(const char *type, struct str word)
{
	struct str rest = words_of(type);

	for (int i = 0; rest.n > 0; i++)
		if (str_eq(str_cut(&rest, ' '), word))
			return i;
	return -1;
}

struct str
session_word_at(const char *type, unsigned index)
{
	struct str rest = words_of(type), word = STR_NONE;

	for (unsigned i = 0; i <= index; i++)
		word = str_cut(&rest, ' ');
	return word;
}
