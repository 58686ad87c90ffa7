#include "base/id.h"

#include <sys/random.h>

void
id_random(void *out, size_t n)
{
	unsigned char *p = out;

	while (n > 0) {
		ssize_t got = getrandom(p, n, 0);

		CHECK(got > 0);
		p += got;
		n -= (size_t)got;
	}
}

struct id_text
id_new(void)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[16];
	struct id_text id = {{0}};

	id_random(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		id.hex[2 * i] = digits[bytes[i] >> 4];
		id.hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	return id;
}
