#include "civil/civil.h"

#include "civil/civil_int.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_MAX_BYTES = 100 };

static const char system_zones[] = "/usr/share/zoneinfo";

/* Letters, digits and "+-_", parts between single slashes: no dot, so no way up or out. */
static bool
name_ok(const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789+-_/";
	size_t n = strlen(name);

	return n > 0 && n <= NAME_MAX_BYTES && strspn(name, allowed) == n && name[0] != '/' &&
	       name[n - 1] != '/' && strstr(name, "//") == NULL;
}

static int
open_zone(const char *dir, const char *name)
{
	char path[PATH_MAX];

	if (dir == NULL)
		dir = secure_getenv("TZDIR");
	if (dir == NULL || dir[0] == '\0')
		dir = system_zones;
	int n = snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (n < 0 || (size_t)n >= sizeof(path))
		return W_EINVAL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? W_ENOENT : W_EIO;
	return fd;
}

/* The whole file, at most TZIF_MAX bytes. A folder ("Africa") is no zone. */
static int
read_bounded(int fd, char *into, size_t *n)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return W_EIO;
	if (!S_ISREG(st.st_mode))
		return W_ENOENT;
	if (st.st_size > TZIF_MAX)
		return W_EPROTO;
	for (*n = 0; *n < TZIF_MAX;) {
		ssize_t got = read(fd, into + *n, TZIF_MAX - *n);

		if (got == 0)
			break;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return W_EIO;
		*n += (size_t)got;
	}
	return 0;
}

int
civil_zone_open(const char *dir, const char *name, struct zone **out)
{
	if (!name_ok(name))
		return W_EINVAL;
	int fd = open_zone(dir, name);
	if (fd < 0)
		return fd;
	struct zone *z = xcalloc(1, sizeof(*z));
	char *bytes = xmalloc(TZIF_MAX);
	size_t n = 0;

	z->arena = arena_new(0);
	z->name = arena_strdup(z->arena, name);
	int rc = read_bounded(fd, bytes, &n);
	close(fd);
	if (rc == 0)
		rc = tzif_read((struct str){bytes, n}, z);
	free(bytes);
	if (rc == 0) {
		*out = z;
		z = NULL; /* the caller's now */
	}
	civil_zone_free(z);
	return rc;
}

void
civil_zone_free(struct zone *z)
{
	if (z == NULL)
		return;
	arena_free(z->arena);
	free(z);
}

const char *
civil_zone_name(const struct zone *z)
{
	return z->name;
}

/* How many changes are at or before an instant. */
static size_t
changes_until(const struct zone *z, int64_t at)
{
	size_t low = 0, high = z->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (z->at[middle] <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* RFC 8536 3.2: type 0 holds before the first change; after the last one the footer's rule. */
struct span
zone_span(const struct zone *z, int64_t at)
{
	size_t passed = changes_until(z, at);
	struct span s = {.begin = passed > 0 ? z->at[passed - 1] : INT64_MIN,
			 .end = passed < z->n ? z->at[passed] : INT64_MAX};

	if (passed == z->n && z->has_rule) {
		struct span by_rule = rule_span(&z->rule, at);

		s.offset = by_rule.offset;
		s.end = by_rule.end;
		if (by_rule.begin > s.begin)
			s.begin = by_rule.begin;
		return s;
	}
	s.offset = z->offset[passed > 0 ? z->type[passed - 1] : 0];
	return s;
}

/* A little more than the years we know, so that sums with offsets never overflow. */
int64_t
instant_clamp(int64_t at)
{
	static const int64_t most = (int64_t)5000000 * DAY_SECONDS;

	return at < -most ? -most : at > most ? most : at;
}

int32_t
civil_offset(const struct zone *z, int64_t at)
{
	return zone_span(z, instant_clamp(at)).offset;
}

void
civil_to_wall(const struct zone *z, int64_t at, struct wall *out)
{
	at = instant_clamp(at);
	*out = wall_of_seconds(at + civil_offset(z, at));
}

/*
 * Walks the spans that a wall time can lie in, whatever the offset, and asks
 * each whether its own clock ever shows that time. When none does, the time
 * lies between the end of one span and the begin of the next.
 */
enum wall_kind
civil_to_instant(const struct zone *z, const struct wall *w, int64_t *first, int64_t *second)
{
	static const int64_t reach = (int64_t)2 * DAY_SECONDS; /* more than any offset */
	int64_t local = wall_seconds(w), skipped_first = 0, skipped_second = 0;
	struct span s = zone_span(z, local - reach);
	size_t found = 0;

	for (;;) {
		int64_t at = local - s.offset;

		if (at >= s.begin && at < s.end && found++ == 0)
			*first = *second = at;
		else if (at >= s.begin && at < s.end)
			*second = at;
		if (found == 2 || s.end > local + reach)
			break;
		struct span next = zone_span(z, s.end);
		if (at >= s.end && local - next.offset < next.begin) {
			skipped_first = at;
			skipped_second = local - next.offset;
		}
		s = next;
	}
	if (found > 0)
		return found == 2 ? WALL_FOLD : WALL_UNIQUE;
	*first = skipped_first;
	*second = skipped_second;
	return WALL_GAP;
}

int64_t
civil_instant(const struct zone *z, const struct wall *w)
{
	int64_t first, second;

	civil_to_instant(z, w, &first, &second);
	return first;
}

enum zone_health
civil_zone_health(const struct zone *z)
{
	static const int64_t in_march = 1774256400;   /* 2026-03-23T09:00:00Z */
	static const int64_t in_october = 1790812800; /* 2026-10-01T00:00:00Z */
	int32_t before = civil_offset(z, in_march), after = civil_offset(z, in_october);

	if (before != 3600 || (after != 0 && after != 3600))
		return ZONE_WRONG;
	return after == 0 ? ZONE_GOOD : ZONE_STALE;
}
