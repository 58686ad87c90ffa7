#include "daemon/daemon_int.h"

#include "base/clock.h"
#include "base/id.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/*
 * wasld init: a state folder with empty databases, three key files elsewhere, a
 * first centre, a first staff member and a wasl.yaml to be read and changed.
 * Nothing that exists is written over.
 */

static const char *const help =
	"wasld init DIR --keys DIR2 --centre CODE --admin LOGIN [options]\n"
	"\n"
	"Makes what a new gateway needs:\n"
	"  DIR             state folder: databases and wasl.yaml (mode 0700)\n"
	"  DIR2            three key files (mode 0400); without them the data cannot be read.\n"
	"                  Keep a copy off this machine, and not beside a backup of DIR\n"
	"  CODE            first centre, e.g. CAS: people get references like CAS-0147\n"
	"  LOGIN           login of the first staff member: admin and supervisor\n"
	"\n"
	"      --name NAME       how lists call that staff member (default: the login)\n"
	"      --tel NUMBER      the centre's number, as screens show it\n"
	"      --port N          where aggregators' webhooks arrive on 127.0.0.1 (8080)\n"
	"      --metrics-port N  /healthz, /readyz, /metrics on 127.0.0.1 (9090)\n"
	"      --menus DIR, --dialects DIR, --migrations DIR\n"
	"                        data folders, when they are not the installed ones\n"
	"      --lab             for trying out: test people, a clock that can be set ahead,\n"
	"                        a channel to a carrier on 127.0.0.1. Never for people, and\n"
	"                        cannot be taken back\n"
	"      --carrier-port N  lab: where that carrier listens (8090)\n"
	"\n"
	"Then: wasld -c DIR/wasl.yaml --check, and wasld -c DIR/wasl.yaml.\n";

struct birth {
	const char *dir, *keys, *centre, *login, *name, *tel, *menus, *dialects, *migrations;
	int64_t port, metrics_port, carrier_port;
	bool lab;
	uid_t uid;
	struct arena *arena;
};

static int
fault(const char *what, const char *which)
{
	fprintf(stderr, "wasld init: %s%s%s\n", what, which ? ": " : "", which ? which : "");
	return EXIT_FAULTS;
}

static int
make_folder(const char *path)
{
	char real[4096];

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return fault(strerror(errno), path);
	if (realpath(path, real) == NULL)
		return fault(strerror(errno), path);
	return 0;
}

static const char *
absolute(struct birth *b, const char *path)
{
	char real[4096];

	if (path == NULL || realpath(path, real) == NULL)
		return path;
	return arena_strdup(b->arena, real);
}

/* A new file, never over one that is there. */
static int
write_file(const char *path, mode_t mode, struct str text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

	if (fd < 0)
		return fault(strerror(errno), path);
	ssize_t written = write(fd, text.p, text.n);
	int rc = written == (ssize_t)text.n && fsync(fd) == 0 ? 0 : -1;
	if (close(fd) != 0 || rc != 0)
		return fault("could not be written", path);
	return 0;
}

/* 256 bits as hex: what makes a webhook's address impossible to guess. */
static int
write_path_secret(struct birth *b, const char *path)
{
	struct id_text first = id_new(), second = id_new();

	return write_file(path, 0400,
			  str_of(arena_printf(b->arena, "%s%s\n", first.hex, second.hex)));
}

static int
write_config(struct birth *b)
{
	const char *path = arena_printf(b->arena, "%s/wasl.yaml", b->dir);
	const char *path_secret = arena_printf(b->arena, "%s/at-1.path", b->keys);
	const char *api_key = arena_printf(b->arena, "%s/at-1.key", b->keys);
	const struct conf_pair settings[] = {
		{.name = "base_url",
		 .text = arena_printf(b->arena, "http://127.0.0.1:%d", (int)b->carrier_port)},
		{.name = "username", .text = "lab"}};
	const struct conf_pair secrets[] = {{.name = "key", .text = api_key}};
	struct conf_sample sample = {.state = b->dir,
				     .keys = b->keys,
				     .menus = b->menus,
				     .dialects = b->dialects,
				     .migrations = b->migrations,
				     .centre = b->centre,
				     .tel = b->tel,
				     .port = (uint16_t)b->port,
				     .metrics_port = (uint16_t)b->metrics_port,
				     .lab = b->lab};
	struct buf text;
	int rc = 0;

	if (b->lab) {
		sample.channel.name = "at-1";
		sample.channel.dialect = "africastalking";
		sample.channel.code = "*000#";
		sample.channel.path_secret_file = path_secret;
		sample.channel.settings = settings;
		sample.channel.n_settings = ARRAY_LEN(settings);
		sample.channel.secrets = secrets;
		sample.channel.n_secrets = ARRAY_LEN(secrets);
		rc = write_path_secret(b, path_secret);
		if (rc == 0)
			rc = write_file(api_key, 0400, STR_LIT("lab-key\n"));
	}
	buf_init_arena(&text, b->arena);
	conf_write_sample(&sample, &text);
	return rc != 0 ? rc : write_file(path, 0600, buf_str(&text));
}

static void
on_stored(void *arg, int rc)
{
	*(int *)arg = rc;
}

static int
write_first_rows(struct birth *b, struct keys *keys, struct err *err)
{
	const char *migrations =
		set_folder(b->migrations ? b->migrations : "", WASL_DATADIR "/migrations");
	struct loop *loop = loop_new();
	struct store *store = NULL;
	const struct store_options o = {
		.dir = b->dir, .migrations = migrations, .keys = keys, .loop = loop};
	int stored = W_OK, rc = store_create(b->dir, migrations, keys, err);

	if (rc == W_OK)
		rc = store_open(&o, &store, err);
	if (rc == W_OK) {
		struct store_job *job = store_job_new(store);
		const struct row_centre centre = {store_next(store, NEXT_CENTRE),
						  str_of(b->centre)};
		const struct row_staff staff = {
			.id = store_next(store, NEXT_STAFF),
			.centre = centre.id,
			.uid = b->uid,
			.at = clock_now(),
			.login = str_of(b->login),
			.name = str_of(b->name),
			.roles = ROLE_ADMIN | ROLE_SUPERVISOR |
				 (b->lab ? ROLE_CASEWORKER | ROLE_AUDITOR | ROLE_MANAGEMENT : 0),
			.active = true};

		put_centre(job, &centre);
		put_staff(job, &staff);
		put_setting(job, STR_LIT("lab"), b->lab ? STR_LIT("yes") : STR_LIT("no"));
		store_submit(store, job, on_stored, &stored);
		store_flush(store);
		loop_once(loop, false);
		rc = stored;
	}
	store_close(store);
	loop_free(loop);
	return rc;
}

static int
give_birth(struct birth *b)
{
	struct err *err = err_new();
	struct keys *keys = NULL;
	int rc = keys_create(b->keys, err);

	if (rc == W_OK)
		rc = keys_load(b->keys, &keys, err);
	if (rc == W_OK)
		rc = write_first_rows(b, keys, err);
	err_print(err, stderr);
	err_free(err);
	keys_free(keys);
	if (rc != W_OK)
		return fault("not made", w_err_word(rc));
	rc = write_config(b);
	if (rc == 0)
		printf("made %s (state, wasl.yaml) and %s (keys)\nnext: wasld -c %s/wasl.yaml "
		       "--check\n",
		       b->dir, b->keys, b->dir);
	return rc;
}

static int
find_login(struct birth *b)
{
	const struct passwd *p = getpwnam(b->login);

	if (p == NULL)
		return fault("no such login on this machine", b->login);
	b->uid = p->pw_uid;
	return 0;
}

/* One option a row: where its text goes. */
enum {
	OPT_KEYS,
	OPT_CENTRE,
	OPT_ADMIN,
	OPT_NAME,
	OPT_TEL,
	OPT_MENUS,
	OPT_DIALECTS,
	OPT_MIGRATIONS,
	OPT_PORT,
	OPT_METRICS,
	OPT_CARRIER,
	OPT_LAB,
	OPT_HELP
};

static int
read_options(int argc, char **argv, struct birth *b)
{
	static const struct option options[] = {{"keys", 1, NULL, OPT_KEYS},
						{"centre", 1, NULL, OPT_CENTRE},
						{"admin", 1, NULL, OPT_ADMIN},
						{"name", 1, NULL, OPT_NAME},
						{"tel", 1, NULL, OPT_TEL},
						{"menus", 1, NULL, OPT_MENUS},
						{"dialects", 1, NULL, OPT_DIALECTS},
						{"migrations", 1, NULL, OPT_MIGRATIONS},
						{"port", 1, NULL, OPT_PORT},
						{"metrics-port", 1, NULL, OPT_METRICS},
						{"carrier-port", 1, NULL, OPT_CARRIER},
						{"lab", 0, NULL, OPT_LAB},
						{"help", 0, NULL, OPT_HELP},
						{NULL, 0, NULL, 0}};
	const char **texts[] = {&b->keys, &b->centre, &b->login,    &b->name,
				&b->tel,  &b->menus,  &b->dialects, &b->migrations};
	int64_t *numbers[] = {&b->port, &b->metrics_port, &b->carrier_port};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == OPT_HELP) {
			fputs(help, stdout);
			return -1;
		}
		if (c == '?')
			return EXIT_USAGE;
		if (c == OPT_LAB)
			b->lab = true;
		else if (c < OPT_PORT)
			*texts[c] = optarg;
		else if (!str_to_int(str_of(optarg), numbers[c - OPT_PORT]) ||
			 *numbers[c - OPT_PORT] < 1 || *numbers[c - OPT_PORT] > 65535)
			return fault("not a port", optarg), EXIT_USAGE;
	}
	if (optind + 1 == argc)
		b->dir = argv[optind];
	if (b->dir == NULL || b->keys == NULL || b->centre == NULL || b->login == NULL) {
		fputs("wasld init: DIR, --keys, --centre and --admin are needed; see wasld init "
		      "--help\n",
		      stderr);
		return EXIT_USAGE;
	}
	if (b->name == NULL)
		b->name = b->login;
	return 0;
}

int
daemon_init(int argc, char **argv)
{
	struct birth b = {
		.port = 8080, .metrics_port = 9090, .carrier_port = 8090, .arena = arena_new(0)};
	int rc = read_options(argc, argv, &b);

	umask(077);
	if (rc == 0)
		rc = find_login(&b);
	if (rc == 0)
		rc = make_folder(b.dir);
	if (rc == 0)
		rc = make_folder(b.keys);
	if (rc == 0) {
		b.dir = absolute(&b, b.dir);
		b.keys = absolute(&b, b.keys);
		b.menus = absolute(&b, b.menus);
		b.dialects = absolute(&b, b.dialects);
		b.migrations = absolute(&b, b.migrations);
		rc = give_birth(&b);
	}
	arena_free(b.arena);
	return rc < 0 ? 0 : rc;
}
