#include "outbox/outbox_int.h"

#include <arpa/inet.h>
#include <netinet/in.h>

/* Special-purpose registries of RFC 6890 with its updates: what is not a public unicast host. */
static const char *const private_v4[] = {
	"0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
	"172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.168.0.0/16", "192.88.99.0/24",
	"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",
};
/* Public IPv6 is 2000::/3 and nothing else yet; these are the exceptions inside it. */
static const char *const public_v6 = "2000::/3";
static const char *const private_v6[] = {
	"2001::/23",
	"2001:db8::/32",
	"2002::/16",
	"3fff::/20",
};

struct address {
	int family;
	uint8_t bytes[16];
};

/* An IPv4 address inside an IPv6 one (::ffff:a.b.c.d) is the IPv4 one. */
static struct address
address_of(const struct sockaddr *sa)
{
	struct address a = {.family = sa->sa_family};

	if (sa->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, sa, sizeof(in));
		memcpy(a.bytes, &in.sin_addr, 4);
	} else if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, sa, sizeof(in6));
		memcpy(a.bytes, &in6.sin6_addr, 16);
		if (IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr)) {
			a.family = AF_INET;
			memmove(a.bytes, a.bytes + 12, 4);
		}
	}
	return a;
}

static bool
in_prefix(const struct address *a, int family, const uint8_t *net, unsigned prefix)
{
	if (a->family != family)
		return false;
	if (memcmp(a->bytes, net, prefix / 8) != 0)
		return false;
	if (prefix % 8 == 0)
		return true;
	const uint8_t mask = (uint8_t)(0xFF00u >> (prefix % 8));
	return ((a->bytes[prefix / 8] ^ net[prefix / 8]) & mask) == 0;
}

static bool
in_text(const struct address *a, const char *range)
{
	char net[INET6_ADDRSTRLEN];
	uint8_t bytes[16];
	struct str rest = str_of(range), host = str_cut(&rest, '/');
	const int family = str_find(host, ':') < 0 ? AF_INET : AF_INET6;
	int64_t prefix;

	memcpy(net, host.p, host.n);
	net[host.n] = '\0';
	CHECK(inet_pton(family, net, bytes) == 1 && str_to_int(rest, &prefix));
	return in_prefix(a, family, bytes, (unsigned)prefix);
}

bool
outbox_addr_private(const struct sockaddr *sa)
{
	const struct address a = address_of(sa);

	if (a.family == AF_INET) {
		for (size_t i = 0; i < ARRAY_LEN(private_v4); i++)
			if (in_text(&a, private_v4[i]))
				return true;
		return false;
	}
	if (a.family != AF_INET6 || !in_text(&a, public_v6))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(private_v6); i++)
		if (in_text(&a, private_v6[i]))
			return true;
	return false;
}

bool
outbox_addr_in(const struct net_ranges *ranges, const struct sockaddr *sa)
{
	const struct address a = address_of(sa);

	if (ranges == NULL || ranges->n == 0)
		return in_text(&a, "127.0.0.0/8") || in_text(&a, "::1/128");
	for (size_t i = 0; i < ranges->n; i++)
		if (in_prefix(&a, ranges->v[i].family, ranges->v[i].bytes, ranges->v[i].prefix))
			return true;
	return false;
}

bool
outbox_addr_ok(const struct net_ranges *ranges, bool https, bool lab, const struct sockaddr *sa)
{
	if (lab || outbox_addr_in(ranges, sa))
		return true;
	return https && !outbox_addr_private(sa);
}
