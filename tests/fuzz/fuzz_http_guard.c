/*
 * Any bytes as addresses, as ranges and as the lines that proxies write
 * (X-Forwarded-For): an address that is understood is understood again from its
 * own text, a range holds its first address, and nobody is believed but our own
 * proxies.
 */
#include "http/http_int.h"

#include <arpa/inet.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { HEADERS = 8 };

static void
check_address(struct str text, const struct net_address *a)
{
	char own[INET6_ADDRSTRLEN];
	struct net_address again;

	CHECK(text.n > 0 && text.n < INET6_ADDRSTRLEN);
	CHECK(a->family == AF_INET || a->family == AF_INET6);
	CHECK(inet_ntop(a->family, a->bytes, own, sizeof(own)) != NULL);
	CHECK(net_address_parse(str_of(own), &again) == W_OK);
	CHECK(memcmp(&again, a, sizeof(again)) == 0);
}

static void
check_range(struct str text)
{
	struct net_range range;
	struct net_address first = {0};

	if (net_range_parse(text, &range) != W_OK)
		return;
	CHECK(range.prefix <= (range.family == AF_INET ? 32 : 128));
	first.family = range.family;
	memcpy(first.bytes, range.bytes, range.family == AF_INET ? 4 : 16);
	CHECK(guard_address_ok(&(struct net_ranges){&range, 1}, &first));
	CHECK(!guard_address_ok(&(struct net_ranges){&range, 0}, &first));
}

/* Without a proxy of ours the last entry stands; with all the world as one, the first. */
static void
check_forwarded(const struct wire_request *wire)
{
	static const uint8_t loopback[4] = {127, 0, 0, 1};
	struct net_range rows[] = {{.family = AF_INET, .prefix = 0},
				   {.family = AF_INET6, .prefix = 0},
				   {.family = AF_INET, .prefix = 8, .bytes = {127}}};
	const struct net_ranges none = {rows, 0}, world = {rows, 2}, ours = {&rows[2], 1};
	struct net_address last, first, caller;
	bool any = guard_forwarded(wire, &none, &last);
	bool all = guard_forwarded(wire, &world, &first);

	CHECK(!all || any);
	if (guard_forwarded(wire, &ours, &caller) && caller.family == AF_INET &&
	    caller.bytes[0] == loopback[0])
		CHECK(memcmp(&caller, &first, sizeof(caller)) == 0 && all);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct wire_header headers[HEADERS];
	struct wire_request wire = {.headers = headers};
	struct str rest = {(const char *)data, n};
	struct net_address address;

	while (rest.n > 0 && wire.n_headers < HEADERS) {
		struct str line = str_cut(&rest, '\n');

		if (net_address_parse(line, &address) == W_OK)
			check_address(line, &address);
		check_range(line);
		struct str name = str_cut(&line, ':');
		headers[wire.n_headers++] = (struct wire_header){name, str_trim(line)};
	}
	check_forwarded(&wire);
	return 0;
}
