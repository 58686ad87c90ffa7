#include "daemon/daemon_int.h"

#include <stdio.h>

/*
 * wasld --check: reads everything, starts nothing, changes nothing. Takes the
 * lock of the state folder so that what it reads does not move under it.
 */

static void
say(const char *what, int rc, const char *detail)
{
	printf(" %-5s %-14s %s\n", rc == W_OK ? "ok" : "FAIL", what, detail);
}

static int
check_zone(const char *name)
{
	struct zone *z;

	if (civil_zone_open(NULL, name, &z) != W_OK) {
		say("zone data", W_ENOENT, "none of that name: install tzdata, or mend zone:");
		return W_ENOENT;
	}
	enum zone_health health =
		strcmp(name, "Africa/Casablanca") == 0 ? civil_zone_health(z) : ZONE_GOOD;
	civil_zone_free(z);
	say("zone data", health == ZONE_GOOD ? W_OK : W_EINVAL,
	    health == ZONE_GOOD    ? name
	    : health == ZONE_STALE ? "older than 2026c, an hour wrong: update tzdata"
				   : "not Morocco's: reinstall tzdata");
	return health == ZONE_GOOD ? W_OK : W_EINVAL;
}

static int
check_rooms(const struct set *s, struct err *err)
{
	struct keys *keys = NULL;
	int worst = check_zone(s->conf->zone);
	int rc = s->conf->keys[0] ? keys_load(s->conf->keys, &keys, err) : W_ENOENT;

	say("keys", rc, rc == W_OK ? s->conf->keys : "cannot be read");
	worst = rc != W_OK ? rc : worst;
	keys_free(keys);
	rc = store_check_files(s->conf->state, err);
	say("databases", rc,
	    rc == W_OK      ? s->conf->state
	    : rc == W_EBUSY ? "in use by a running wasld: ask it with wasl doctor"
			    : "see below");
	return rc != W_OK && rc != W_EBUSY ? rc : worst;
}

int
daemon_check(const char *config_file)
{
	struct err *err = err_new();
	struct set *s = NULL;
	int rc = set_load(config_file, true, true, &s, err);

	say("files", rc, rc == W_OK ? config_file : "faulty, see below");
	if (rc == W_OK) {
		printf(" ok    menus          %zu nodes, %zu languages\n",
		       menu_node_count(s->menus), menu_lang_count(s->menus));
		rc = check_rooms(s, err);
	}
	err_sort(err);
	err_print(err, stdout);
	set_free(s);
	err_free(err);
	return rc == W_OK ? 0 : EXIT_FAULTS;
}
