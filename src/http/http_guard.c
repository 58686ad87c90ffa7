#include "http/http_int.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static bool
range_holds(const struct net_range *range, const struct net_address *a)
{
	size_t whole = range->prefix / 8;
	unsigned rest = range->prefix % 8;

	if (range->family != a->family || memcmp(range->bytes, a->bytes, whole) != 0)
		return false;
	return rest == 0 || (range->bytes[whole] ^ a->bytes[whole]) >> (8 - rest) == 0;
}

bool
guard_address_ok(const struct net_ranges *ranges, const struct net_address *peer)
{
	for (size_t i = 0; i < ranges->n; i++)
		if (range_holds(&ranges->v[i], peer))
			return true;
	return false;
}

/* ::ffff:a.b.c.d, what an IPv4 caller looks like on an IPv6 socket or in a proxy's header. */
static void
address_unmap(struct net_address *a)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (a->family != AF_INET6 || memcmp(a->bytes, mapped, sizeof(mapped)) != 0)
		return;
	a->family = AF_INET;
	memmove(a->bytes, a->bytes + sizeof(mapped), 4);
	memset(a->bytes + 4, 0, sizeof(a->bytes) - 4);
}

bool
net_address_of(const struct sockaddr_storage *ss, struct net_address *out)
{
	*out = (struct net_address){.family = ss->ss_family};
	switch (ss->ss_family) {
	case AF_INET:
		memcpy(out->bytes, &((const struct sockaddr_in *)ss)->sin_addr, 4);
		return true;
	case AF_INET6:
		memcpy(out->bytes, &((const struct sockaddr_in6 *)ss)->sin6_addr, 16);
		address_unmap(out);
		return true;
	default:
		return ss->ss_family == AF_UNIX;
	}
}

int
net_address_parse(struct str text, struct net_address *out)
{
	char copy[INET6_ADDRSTRLEN];

	if (text.n == 0 || text.n >= sizeof(copy) || str_find(text, '\0') >= 0)
		return W_EINVAL;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	*out = (struct net_address){.family = str_find(text, ':') >= 0 ? AF_INET6 : AF_INET};
	if (inet_pton(out->family, copy, out->bytes) != 1)
		return W_EINVAL;
	address_unmap(out);
	return 0;
}

/* The last element of a list, cut off it. */
static struct str
cut_last(struct str *list)
{
	size_t at = list->n;

	while (at > 0 && list->p[at - 1] != ',')
		at--;
	struct str last = str_after(*list, at);
	list->n = at > 0 ? at - 1 : 0;
	return str_trim(last);
}

/*
 * Each proxy adds on the right the address it got the call from, so only what
 * our own proxies added can be believed: from the right, the first address that
 * is none of them. When all are, the leftmost is the caller.
 */
bool
guard_forwarded(const struct wire_request *wire, const struct net_ranges *proxies,
		struct net_address *out)
{
	bool found = false;

	for (size_t i = wire->n_headers; i-- > 0;) {
		struct str list = wire->headers[i].value;

		if (!str_eq_nocase(wire->headers[i].name, STR_LIT("X-Forwarded-For")))
			continue;
		do {
			struct net_address a;

			if (net_address_parse(cut_last(&list), &a) != 0)
				return false;
			*out = a;
			found = true;
			if (!guard_address_ok(proxies, &a))
				return true;
		} while (list.n > 0);
	}
	return found;
}
