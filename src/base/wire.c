#include "base/wire.h"

#include "base/check.h"

static const char *const methods[] = {
	[WIRE_GET] = "GET", [WIRE_POST] = "POST", [WIRE_PUT] = "PUT", [WIRE_DELETE] = "DELETE"};

struct str
wire_header(const struct wire_header *headers, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(headers[i].name, str_of(name)))
			return headers[i].value;
	return STR_NONE;
}

struct str
wire_method_word(enum wire_method m)
{
	return m < WIRE_OTHER ? str_of(methods[m]) : STR_NONE;
}

enum wire_method
wire_method_of(struct str word)
{
	for (size_t i = 0; i < ARRAY_LEN(methods); i++)
		if (str_is(word, methods[i]))
			return (enum wire_method)i;
	return WIRE_OTHER;
}
