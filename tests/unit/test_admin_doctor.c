#include "test_admin_world.h"

#include <fcntl.h>
#include <sys/stat.h>

/* What status and doctor say, with every room there and with none. */

struct rooms {
	struct desk *d;
	struct sessions *sessions;
	struct outbox *outbox;
	struct remind_guard *guard;
	struct menu_set *menus;
	bool channel_is_on, sandbox_is_whole;
};

static struct rooms rooms;

static struct channel *
no_channel(void *ctx, struct str name)
{
	(void)ctx;
	(void)name;
	return NULL;
}

static void
channel_stands(void *ctx, struct str name, struct admin_channel *out)
{
	(void)ctx;
	(void)name;
	if (!rooms.channel_is_on)
		out->why = "off: x.yaml:3:1: error: no key of that name";
}

static const char *
sandbox(void *ctx, bool *whole)
{
	(void)ctx;
	*whole = rooms.sandbox_is_whole;
	return "tried from inside";
}

/* The outbox looks at its queue in a turn of the loop. */
static void
until_sending(bool sending)
{
	struct desk *d = rooms.d;

	outbox_wake(rooms.outbox);
	d->tired = false;
	timer_set(d->patience, PATIENCE_MS);
	while ((outbox_paused(rooms.outbox) == NULL) != sending) {
		loop_once(d->loop, true);
		assert_false(d->tired);
	}
}

static void
open_rooms(struct desk *d)
{
	static struct conf_channel channel = {.name = "at-1", .centre = "CAS", .dialect = "x"};
	static struct admin_hooks hooks;
	const struct menu_options mo = {.lowest = PAGE_LIMIT_DEFAULT};

	hooks = desk_hooks;
	hooks.channel = channel_stands;
	hooks.sandbox = sandbox;
	rooms = (struct rooms){.d = d, .channel_is_on = true, .sandbox_is_whole = true};
	d->conf->channels = &channel;
	d->conf->n_channels = 1;
	assert_int_equal(menu_load(WASL_SOURCE_DIR "/menus", &mo, &rooms.menus, d->err), W_OK);
	const struct session_options so = {d->loop, d->store, d->work, rooms.menus};
	const struct outbox_options oo = {
		.loop = d->loop, .store = d->store, .work = d->work, .channel_of = no_channel};
	const struct remind_guard_options go = {.loop = d->loop, .store = d->store};

	assert_int_equal(sessions_new(&so, &rooms.sessions), W_OK);
	rooms.outbox = outbox_new(&oo);
	rooms.guard = remind_guard_new(&go);
	d->admin->o.sessions = rooms.sessions;
	d->admin->o.outbox = rooms.outbox;
	d->admin->o.guard = rooms.guard;
	d->admin->o.hooks = &hooks;
	desk_roles(d, ROLE_ADMIN);
	until_sending(true);
}

static void
close_rooms(void)
{
	struct desk *d = rooms.d;

	close(d->fd);
	admin_free(d->admin);
	d->admin = NULL;
	d->fd = -1;
	sessions_free(rooms.sessions);
	outbox_free(rooms.outbox);
	remind_guard_free(rooms.guard);
	menu_drop(rooms.menus);
	d->conf->channels = NULL;
	d->conf->n_channels = 0;
	loop_once(d->loop, false);
}

/* The row whose first column is this. */
static const json_t *
row_of(const struct answer *got, const char *column, const char *value)
{
	for (size_t i = 0; i < got->n; i++)
		if (strcmp(text_in(got->rows[i], column), value) == 0)
			return got->rows[i];
	fail_msg("no row %s", value);
	return NULL;
}

static void
assert_state(struct desk *d, const char *check, const char *wanted)
{
	const struct answer *got = ask(d, "doctor", "{}");

	assert_int_equal(got->code, ADMIN_DONE);
	const json_t *row = row_of(got, "check", check);
	if (strcmp(text_in(row, "state"), wanted) != 0)
		fail_msg("%s is %s: %s", check, text_in(row, "state"), text_in(row, "text"));
}

static void
admin_doctor__status_tells_what_every_room_does(void **state)
{
	struct desk *d = *state;
	const struct answer *bare;

	desk_roles(d, ROLE_ADMIN);
	bare = ask(d, "ctl status", "{}");
	assert_string_equal(text_in(row_of(bare, "key", "lab"), "value"), "yes");
	open_rooms(d);
	const struct answer *got = ask(d, "ctl status", "{}");

	assert_int_equal(got->code, ADMIN_DONE);
	assert_string_equal(text_in(row_of(got, "key", "outbox"), "value"), "sending");
	assert_string_equal(text_in(row_of(got, "key", "channel.at-1"), "value"), "ok");
	assert_string_equal(text_in(row_of(got, "key", "sessions.open"), "value"), "0");
	assert_string_equal(text_in(row_of(got, "key", "store.disk"), "value"), "ok");
	rooms.channel_is_on = false;
	outbox_stop(rooms.outbox);
	until_sending(false);
	d->admin->o.lab = false;
	got = ask(d, "ctl status", "{}");
	assert_string_equal(text_in(row_of(got, "key", "outbox"), "value"), "paused");
	assert_string_equal(text_in(row_of(got, "key", "channel.at-1"), "value"), "stopped");
	assert_string_equal(text_in(row_of(got, "key", "lab"), "value"), "no");
	close_rooms();
}

static void
admin_doctor__each_check_says_ok_or_what_is_wrong(void **state)
{
	struct desk *d = *state;

	open_rooms(d);
	assert_state(d, "disk space", "ok");
	assert_state(d, "lab", "warn");
	assert_state(d, "sandbox", "ok");
	assert_state(d, "channel at-1", "ok");
	assert_state(d, "sending", "ok");
	assert_state(d, "clock", "ok");
	assert_state(d, "uncertain messages", "ok");
	rooms.channel_is_on = rooms.sandbox_is_whole = false;
	outbox_stop(rooms.outbox);
	until_sending(false);
	d->admin->o.lab = false;
	desk_message(d, desk_person(d, d->centre, d->me, "م", "M"), "uncertain", "x");
	assert_state(d, "lab", "ok");
	assert_state(d, "sandbox", "warn");
	assert_state(d, "channel at-1", "FAIL");
	assert_state(d, "sending", "FAIL");
	assert_state(d, "uncertain messages", "warn");
	d->conf->n_channels = 0;
	assert_state(d, "channels", "warn");
	d->admin->o.state_dir = "/nowhere/at/all";
	assert_state(d, "disk space", "FAIL");
	clock_freeze(NOON - 86400);
	assert_state(d, "clock", "FAIL");
	clock_freeze(NOON);
	close_rooms();
}

static void
key_file(struct desk *d, const char *dir, const char *name, mode_t mode)
{
	char *path = arena_printf(d->a, "%s/%s", dir, name);
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(chmod(path, mode), 0);
}

static void
admin_doctor__keys_are_apart_and_for_nobody_else(void **state)
{
	struct desk *d = *state;
	char apart[] = "/tmp/wasl-keys-XXXXXX";

	desk_roles(d, ROLE_ADMIN);
	assert_non_null(mkdtemp(apart));
	assert_state(d, "keys folder", "warn"); /* in a lab they lie beside the data */
	assert_state(d, "audit.key", "warn");   /* not there */
	key_file(d, apart, "master.key", 0400);
	key_file(d, apart, "index.key", 0404);
	key_file(d, apart, "audit.key", 0420);
	d->admin->o.keys_dir = apart;
	assert_state(d, "keys folder", "ok");
	assert_state(d, "master.key", "ok");
	assert_state(d, "index.key", "FAIL");
	assert_state(d, "audit.key", "FAIL");
	/* A folder whose name only begins like the other's is apart. */
	d->admin->o.state_dir = arena_printf(d->a, "%.*s", (int)strlen(apart) - 1, apart);
	assert_state(d, "keys folder", "ok");
	d->admin->o.state_dir = d->dir;
	d->admin->o.keys_dir = "/nowhere/at/all";
	assert_state(d, "keys folder", "ok");
	assert_state(d, "master.key", "warn");
	d->admin->o.keys_dir = "";
	assert_false(answer_has(ask(d, "doctor", "{}"), "master.key"));
	d->admin->o.keys_dir = NULL;
	assert_false(answer_has(ask(d, "doctor", "{}"), "master.key"));
	folder_remove(apart);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DESK_TEST(admin_doctor__status_tells_what_every_room_does),
		DESK_TEST(admin_doctor__each_check_says_ok_or_what_is_wrong),
		DESK_TEST(admin_doctor__keys_are_apart_and_for_nobody_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
