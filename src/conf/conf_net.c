#include "conf/conf_int.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/un.h>

/* inet_pton wants a NUL-ended text; nothing longer than this is an address. */
static bool
address_of(struct str text, int family, uint8_t bytes[16])
{
	char copy[INET6_ADDRSTRLEN + 1];

	if (text.n == 0 || text.n >= sizeof(copy) || memchr(text.p, '\0', text.n))
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	memset(bytes, 0, 16);
	return inet_pton(family, copy, bytes) == 1;
}

static bool
digits_to(struct str text, int64_t max, int64_t *out)
{
	if (text.n == 0 || text.p[0] == '-')
		return false;
	return str_to_int(text, out) && *out <= max;
}

static bool
bits_after(const uint8_t *bytes, unsigned prefix, unsigned bits)
{
	for (unsigned i = prefix; i < bits; i++)
		if (bytes[i / 8] & (0x80u >> i % 8))
			return true;
	return false;
}

int
net_range_parse(struct str text, struct net_range *out)
{
	struct net_range r;
	bool has_prefix = str_find(text, '/') >= 0;
	struct str address = str_cut(&text, '/');

	r.family = str_find(address, ':') >= 0 ? AF_INET6 : AF_INET;
	unsigned bits = r.family == AF_INET6 ? 128 : 32;
	int64_t prefix = bits;
	if (!address_of(address, r.family, r.bytes))
		return W_EINVAL;
	if (has_prefix && !digits_to(text, bits, &prefix))
		return W_EINVAL;
	if (bits_after(r.bytes, (unsigned)prefix, bits))
		return W_EINVAL;
	r.prefix = (uint8_t)prefix;
	*out = r;
	return 0;
}

void
conf_set_ranges(struct conf_loader *l, const struct conf_item *it)
{
	struct net_ranges *out = it->field;
	const struct yaml_node *entry;
	size_t i = 0;

	out->v = ARENA_ARRAY(l->conf->arena, struct net_range, it->node->n);
	while (conf_list_next(l, it, &i, &entry)) {
		if (net_range_parse(entry->text, &out->v[out->n]) == 0)
			out->n++;
		else
			yaml_fault(l->err, l->doc, entry,
				   "%s needs addresses such as 192.0.2.7, 192.0.2.0/24 or "
				   "2001:db8::/32 (no bits set after the prefix)",
				   it->name);
	}
}

static bool
unix_of(struct str path, struct conf_listen *out)
{
	out->family = AF_UNIX;
	out->path = path.p;
	return path.n > 1 && path.p[0] == '/' &&
	       path.n < sizeof(((struct sockaddr_un *)NULL)->sun_path);
}

/* "127.0.0.1:8080" or "[::1]:8080". */
static bool
inet_of(struct str text, struct conf_listen *out)
{
	int64_t port;
	struct str address;

	if (text.n > 0 && text.p[0] == '[') {
		text = str_after(text, 1);
		out->family = AF_INET6;
		address = str_cut(&text, ']');
		if (text.n == 0 || text.p[0] != ':')
			return false;
		text = str_after(text, 1);
	} else {
		out->family = AF_INET;
		address = str_cut(&text, ':');
	}
	if (!digits_to(text, 65535, &port))
		return false;
	out->port = (uint16_t)port;
	return address_of(address, out->family, out->bytes);
}

static bool
listen_of(struct conf_loader *l, const struct conf_item *it, const struct yaml_node *node,
	  struct conf_listen *out)
{
	struct conf_listen at = {.text = node->text.p};
	bool ok = str_starts(node->text, STR_LIT("unix:")) ? unix_of(str_after(node->text, 5), &at)
							   : inet_of(node->text, &at);

	if (ok)
		*out = at;
	else
		yaml_fault(l->err, l->doc, node,
			   "%s needs \"127.0.0.1:8080\", \"[::1]:8080\" or unix:/path", it->name);
	return ok;
}

void
conf_set_listen(struct conf_loader *l, const struct conf_item *it)
{
	listen_of(l, it, it->node, it->field);
}

void
conf_set_listens(struct conf_loader *l, const struct conf_item *it)
{
	struct conf_listens *out = it->field;
	const struct yaml_node *entry;
	size_t i = 0;

	if (it->node->n == 0)
		yaml_fault(l->err, l->doc, it->node, "%s needs at least one address", it->name);
	out->v = ARENA_ARRAY(l->conf->arena, struct conf_listen, it->node->n);
	while (conf_list_next(l, it, &i, &entry))
		if (listen_of(l, it, entry, &out->v[out->n]))
			out->n++;
}
