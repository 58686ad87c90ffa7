/*
 * bench_channel [--rounds N]
 *
 * What a USSD request costs in the engine alone: an aggregator's call read and
 * answered, for every shipped dialect with USSD. The calls are the dialect's own,
 * worked backwards as the terminal phone does. Medians, one thread; the mark is
 * 10 us.
 */
#include "bench.h"

#include "channel/channel.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NOW = 1795429200 /* Mon 2026-11-23T10:20:00Z */, BATCH = 64, NEEDS = 32 };

static int64_t
now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* An account that gives what the dialect must have and no more: one proof excludes another. */
static struct channel *
channel_of(const struct dialect *d, struct err *err)
{
	static const char *const doubtful[] = {"ussd", "ussd_end", "sms", "report"};
	const struct dialect_need *needs;
	struct channel_setting settings[NEEDS];
	struct channel_secret secrets[NEEDS];
	struct channel_account account = {.name = "bench",
					  .centre = "CAS",
					  .code = "*384*1234#",
					  .path_secrets = {STR_LIT("0123456789abcdef")},
					  .settings = settings,
					  .secrets = secrets,
					  .public_url = STR_LIT("https://wasl.example"),
					  .accept_unconfirmed = doubtful,
					  .n_accept_unconfirmed = ARRAY_LEN(doubtful),
					  .file = "bench"};
	const size_t n = dialect_needs(d, &needs);
	struct channel *ch = NULL;

	for (size_t i = 0; i < n && i < NEEDS; i++) {
		if (needs[i].optional || needs[i].fallback != NULL)
			continue;
		if (needs[i].secret)
			secrets[account.n_secrets++] =
				(struct channel_secret){needs[i].name, {STR_LIT("KEY"), STR_NONE}};
		else
			settings[account.n_settings++] = (struct channel_setting){
				needs[i].name, STR_LIT("https://wasl.example")};
	}
	return channel_new(d, &account, &ch, err) == W_OK ? ch : NULL;
}

static void
one_call(const struct channel *ch, const struct wire_request *req, struct str tail, struct arena *a)
{
	struct channel_event *events;
	struct wire_answer answer;
	size_t n;

	if (channel_parse(ch, req, tail, NOW, a, &events, &n, &answer) != W_OK || n != 1)
		drive_fail("the dialect refuses its own call");
	channel_reply(ch, &events[0],
		      STR_LIT("\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7\n1. "
			      "\xd9\x86\xd8\xb9\xd9\x85\n2. \xd9\x84\xd8\xa7"),
		      true, a, &answer);
	if (answer.status != 200)
		drive_fail("the dialect does not answer");
	arena_reset(a);
}

static void
measure(struct bench *b, const char *name, const struct channel *ch, struct arena *kept)
{
	const struct play_ussd play = {.session = STR_LIT("bench-0001"),
				       .phone = {"+212612345678"},
				       .move = MOVE_CONTINUE,
				       .input = STR_LIT("2"),
				       .path = STR_LIT("1*1*2"),
				       .dialled = STR_LIT("*384*1234#"),
				       .turn = STR_LIT("3"),
				       .network = STR_LIT("60401")};
	struct arena *memory = arena_new(1 << 14);
	struct figures calls = {0};
	struct wire_request req;
	struct str tail;

	if (channel_play_ussd(ch, &play, kept, &req) == W_OK && channel_tail(ch, req.path, &tail)) {
		for (unsigned i = 0; i < b->rounds * 200; i++) {
			int64_t from = now_ns();

			for (unsigned j = 0; j < BATCH; j++)
				one_call(ch, &req, tail, memory);
			figures_add(&calls, (now_ns() - from) / BATCH);
		}
		say_at_most(b, name, figures_ms(&calls, 500), 10, " us");
		figures_free(&calls);
	}
	arena_free(memory);
}

static void
one_dialect(struct bench *b, const char *file)
{
	struct arena *kept = arena_new(0);
	struct err *err = err_new();
	struct dialect *d = NULL;
	struct channel *ch = NULL;
	const char *path = arena_printf(kept, "%s/contrib/dialects/%s", WASL_SOURCE_DIR, file);

	if (dialect_load(path, kept, &d, err) != W_OK || (ch = channel_of(d, err)) == NULL) {
		err_print(err, stdout);
		drive_fail("a shipped dialect makes no channel");
	}
	measure(b, dialect_name(d), ch, kept);
	channel_free(ch);
	dialect_free(d);
	err_free(err);
	arena_free(kept);
}

static int
is_dialect(const struct dirent *e)
{
	const char *dot = strrchr(e->d_name, '.');

	return dot != NULL && strcmp(dot, ".yaml") == 0;
}

int
main(int argc, char **argv)
{
	struct bench b = {.rounds = 5};
	struct dirent **files;

	if (argc == 3 && strcmp(argv[1], "--rounds") == 0)
		b.rounds = (unsigned)strtoul(argv[2], NULL, 10);
	else if (argc != 1)
		b.rounds = 0;
	if (b.rounds < 1 || b.rounds > 1000) {
		fprintf(stderr, "usage: bench_channel [--rounds N]\n");
		return 2;
	}
	printf("channel: one USSD request read and answered\n");
	int n = scandir(WASL_SOURCE_DIR "/contrib/dialects", &files, is_dialect, alphasort);
	for (int i = 0; i < n; i++) {
		one_dialect(&b, files[i]->d_name);
		free(files[i]);
	}
	free(files);
	return 0;
}
