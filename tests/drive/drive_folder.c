#include "drive_int.h"

#include "store/store.h"
#include "work/work.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pwd.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

enum { PORT_LOW = 20000, PORTS = 12000, DAY_S = 86400, WEDNESDAY_H = 11 };
enum { PEOPLE_A_JOB = 100, JOBS_AT_ONCE = 50 };

/* ---- People, by their place ---- */

int64_t
folder_row(size_t person)
{
	return (int64_t)person + 1;
}

void
folder_name(size_t person, char name[FOLDER_NAME])
{
	snprintf(name, FOLDER_NAME, "P%06zu", person % 1000000);
}

void
folder_number(size_t person, char number[FOLDER_NUMBER])
{
	snprintf(number, FOLDER_NUMBER, "+2126%08zu", person % 100000000);
}

/* Neither a run of digits nor a year nor a pair. */
void
folder_pin(size_t person, char pin[FOLDER_PIN])
{
	snprintf(pin, FOLDER_PIN, "48%02zu", person % 100 == 48 ? 21 : person % 100);
}

/* ---- wasld init ---- */

/* A port below those the kernel gives away, where nobody listens. */
static uint16_t
free_port(void)
{
	static unsigned next;

	if (next == 0)
		next = (unsigned)getpid() * 7919u;
	for (;;) {
		const uint16_t port = (uint16_t)(PORT_LOW + next++ % PORTS);
		const struct sockaddr_in at = {.sin_family = AF_INET,
					       .sin_port = htons(port),
					       .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		bool ok = bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0;

		close(fd);
		if (ok)
			return port;
	}
}

static void
run_init(struct folder *f, const char *wasld)
{
	const struct passwd *me = getpwuid(getuid());
	char port[8], ops_port[8];
	posix_spawn_file_actions_t quiet;
	pid_t child;
	int status;

	if (me == NULL) {
		printf("skipped: drivers: no login for this user\n");
		exit(EXIT_SKIPPED);
	}
	snprintf(port, sizeof(port), "%u", f->port);
	snprintf(ops_port, sizeof(ops_port), "%u", f->ops_port);
	const char *argv[] = {"wasld",
			      "init",
			      f->state,
			      "--keys",
			      f->keys,
			      "--centre",
			      "CAS",
			      "--admin",
			      me->pw_name,
			      "--menus",
			      WASL_SOURCE_DIR "/menus",
			      "--dialects",
			      WASL_SOURCE_DIR "/contrib/dialects",
			      "--migrations",
			      WASL_SOURCE_DIR "/migrations",
			      "--port",
			      port,
			      "--metrics-port",
			      ops_port,
			      "--lab",
			      NULL};
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 1, f->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	int rc = posix_spawn(&child, wasld, &quiet, NULL, (char *const *)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&quiet);
	if (rc != 0 || waitpid(child, &status, 0) != child || status != 0)
		drive_fail("%s init does not work", wasld);
}

static void
read_secret(struct folder *f)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/at-1.path", f->keys);
	FILE *in = fopen(path, "rb");
	if (in == NULL || fgets(f->secret, sizeof(f->secret), in) == NULL)
		drive_fail("no secret in %s", path);
	fclose(in);
	f->secret[strcspn(f->secret, "\n")] = '\0';
}

void
folder_configure(struct folder *f, const char *limits, const char *addresses)
{
	static const char channel[] = "  at-1:\n";
	char kept[256], bytes[8192];
	struct stat st;

	snprintf(kept, sizeof(kept), "%s.init", f->config);
	if (stat(kept, &st) != 0 && rename(f->config, kept) != 0)
		drive_fail("%s: %s", f->config, strerror(errno));
	FILE *in = fopen(kept, "rb"), *out = fopen(f->config, "wb");
	size_t n = in ? fread(bytes, 1, sizeof(bytes) - 1, in) : 0;
	bytes[n] = '\0';
	const char *at = strstr(bytes, channel);
	if (out == NULL || at == NULL || n == sizeof(bytes) - 1)
		drive_fail("%s is not as wasld init writes it", kept);
	at += sizeof(channel) - 1;
	fwrite(bytes, 1, (size_t)(at - bytes), out);
	if (addresses != NULL)
		fprintf(out, "    addresses: [\"%s\"]\n", addresses);
	fprintf(out,
		"%slimits: {rate_per_number: 6000, rate_burst: 6000, rate_per_channel: 100000,"
		" rate_channel_burst: 200000%s%s}\n",
		at, limits ? ", " : "", limits ? limits : "");
	if (fclose(out) != 0)
		drive_fail("%s cannot be written", f->config);
	fclose(in);
}

/* ---- People into the store ---- */

struct filling {
	struct store *store;
	const struct keys *keys;
	struct loop *loop;
	int64_t now;
	size_t stored, failed;
};

static void
on_stored(void *arg, int rc)
{
	struct filling *fill = arg;

	fill->stored++;
	if (rc != W_OK && fill->failed++ == 0)
		drive_say("a job was not stored: %s", w_err_word(rc));
}

static struct sealed
sealed_for(struct filling *fill, struct store_job *job, const char *table, const char *column,
	   int64_t row, int64_t person, const char *plain)
{
	const struct seal_place place = {table, column, row, person};
	struct sealed out;

	if (store_seal(fill->store, &place, str_of(plain), store_job_arena(job), &out) != W_OK)
		drive_fail("a value cannot be sealed");
	return out;
}

static void
put_link_of(struct filling *fill, struct store_job *job, size_t i, bool with_pin)
{
	char number[FOLDER_NUMBER], digits[FOLDER_PIN];
	struct pin_verifier pin = {""};
	struct phone phone;
	int64_t person = folder_row(i);
	struct row_link link = {.id = store_next(fill->store, NEXT_LINK),
				.person = person,
				.from_at = fill->now,
				.sharing = STR_LIT("own"),
				.status = STR_LIT("active")};

	folder_number(i, number);
	link.phone = sealed_for(fill, job, "phone_link", "phone", link.id, person, number);
	if (with_pin) {
		folder_pin(i, digits);
		pin_make(fill->keys, person, str_of(digits), &pin);
		link.pin = sealed_for(fill, job, "phone_link", "pin", link.id, person, pin.text);
	}
	put_link(job, &link);
	if (phone_parse(str_of(number), &phone) == PHONE_BAD)
		drive_fail("%s is no number", number);
	const struct digest index = digest_phone(fill->keys, DIGEST_PHONE, &phone);
	phone_put(job, &index, person);
}

static void
put_one(struct filling *fill, struct store_job *job, size_t i, bool with_pin)
{
	char name[FOLDER_NAME], ref[32];
	struct data_key key;
	struct row_person person = {.id = store_next(fill->store, NEXT_PERSON),
				    .centre = 1,
				    .at = fill->now,
				    .lang = STR_LIT("fr"),
				    .path = STR_LIT("undecided"),
				    .status = STR_LIT("active")};
	const struct row_consent consent = {.id = store_next(fill->store, NEXT_CONSENT),
					    .person = person.id,
					    .at = fill->now,
					    .kind = STR_LIT("given"),
					    .version = STR_LIT(CONSENT_VERSION),
					    .lang = STR_LIT("fr"),
					    .channel = STR_LIT("at-1")};

	if (person.id != folder_row(i) || store_key_new(fill->store, job, person.id, &key) != W_OK)
		drive_fail("person %zu is not the first of that number", i);
	data_key_wipe(&key);
	snprintf(ref, sizeof(ref), "CAS-%07zu", i);
	person.ref = str_of(ref);
	folder_name(i, name);
	person.name_la = sealed_for(fill, job, "person", "name_la", person.id, person.id, name);
	put_person(job, &person);
	put_link_of(fill, job, i, with_pin);
	put_consent(job, &consent);
}

/* A Wednesday to come, written where the gateway looks when it starts. */
static void
set_clock(struct store_job *job, int64_t now)
{
	int64_t day = now / DAY_S + 1;

	while (day % 7 != 6) /* day 0 was a Thursday */
		day++;
	put_setting(job, STR_LIT("clock_shift"),
		    str_of(arena_printf(store_job_arena(job), "%lld",
					(long long)(day * DAY_S + WEDNESDAY_H * 3600 - now))));
}

static void
settle(struct filling *fill, size_t jobs)
{
	store_flush(fill->store);
	while (fill->stored < jobs)
		loop_once(fill->loop, true);
	if (fill->failed > 0)
		drive_fail("%zu jobs could not be stored", fill->failed);
}

static void
put_people(struct filling *fill, const struct folder_options *o)
{
	struct store_job *job = store_job_new(fill->store);
	size_t jobs = 0;

	set_clock(job, fill->now);
	for (size_t i = 0; i < o->people; i++) {
		put_one(fill, job, i, i < o->pins);
		if ((i + 1) % PEOPLE_A_JOB != 0)
			continue;
		store_submit(fill->store, job, on_stored, fill);
		job = store_job_new(fill->store);
		if (++jobs % JOBS_AT_ONCE == 0)
			settle(fill, jobs);
		if ((i + 1) % 20000 == 0)
			drive_say("%zu people made", i + 1);
	}
	store_submit(fill->store, job, on_stored, fill);
	settle(fill, jobs + 1);
}

static void
fill_folder(struct folder *f, const struct folder_options *o)
{
	struct err *err = err_new();
	struct keys *keys = NULL;
	struct filling fill = {.loop = loop_new(), .now = (int64_t)time(NULL)};
	const char *migrations = WASL_SOURCE_DIR "/migrations";

	if (privacy_init() != W_OK || keys_load(f->keys, &keys, err) != W_OK)
		drive_fail("the keys do not open");
	const struct store_options options = {
		.dir = f->state, .migrations = migrations, .keys = keys, .loop = fill.loop};
	if (store_open(&options, &fill.store, err) != W_OK) {
		err_print(err, stdout);
		drive_fail("the store does not open");
	}
	fill.keys = keys;
	put_people(&fill, o);
	store_close(fill.store);
	loop_free(fill.loop);
	keys_free(keys);
	err_free(err);
}

void
folder_new(struct folder *f, const char *wasld, const struct folder_options *o)
{
	const char *tmp = getenv("TMPDIR");

	*f = (struct folder){.people = o->people, .port = free_port(), .ops_port = free_port()};
	snprintf(f->root, sizeof(f->root), "%.80s/wasl-drive-XXXXXX", tmp ? tmp : "/tmp");
	if (mkdtemp(f->root) == NULL)
		drive_fail("no temporary folder: %s", strerror(errno));
	snprintf(f->state, sizeof(f->state), "%s/state", f->root);
	snprintf(f->keys, sizeof(f->keys), "%s/keys", f->root);
	snprintf(f->config, sizeof(f->config), "%s/wasl.yaml", f->state);
	snprintf(f->log, sizeof(f->log), "%s/wasld.log", f->root);
	run_init(f, wasld);
	read_secret(f);
	folder_configure(f, o->limits, NULL);
	fill_folder(f, o);
	drive_say("%zu people in %s", o->people, f->root);
}

/* ---- A copy, a farewell ---- */

static void
copy_one(const struct folder *f, const char *name)
{
	char from[256], to[256], bytes[65536];
	ssize_t n;

	snprintf(from, sizeof(from), "%s/%s", f->state, name);
	snprintf(to, sizeof(to), "%s/copy/%s", f->root, name);
	int in = open(from, O_RDONLY | O_CLOEXEC);
	if (in < 0 && errno == ENOENT) {
		(void)unlink(to);
		return;
	}
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	while ((n = read(in, bytes, sizeof(bytes))) > 0)
		if (write(out, bytes, (size_t)n) != n)
			drive_fail("%s: %s", to, strerror(errno));
	if (n < 0)
		drive_fail("%s: %s", from, strerror(errno));
	close(in);
	close(out);
}

const char *
folder_copy(const struct folder *f)
{
	/* Without -shm: whoever opens the copy rebuilds it from the log, as after a crash. */
	static const char *const files[] = {"wasl.db", "wasl.db-wal", "keys.db", "keys.db-wal"};
	static char dir[160];
	char shm[200];

	snprintf(dir, sizeof(dir), "%s/copy", f->root);
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		drive_fail("%s: %s", dir, strerror(errno));
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(shm, sizeof(shm), "%s/%.7s-shm", dir, files[i]);
		(void)unlink(shm);
		copy_one(f, files[i]);
	}
	return dir;
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

void
folder_free(struct folder *f)
{
	if (getenv("WASL_KEEP") != NULL)
		drive_say("kept: %s", f->root);
	else
		(void)nftw(f->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
