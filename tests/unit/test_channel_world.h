/*
 * What the tests of channel/ share: dialects from text or file, channels on
 * made-up accounts, raw exchanges from files. For tests only.
 */
#ifndef WASL_TEST_CHANNEL_WORLD_H
#define WASL_TEST_CHANNEL_WORLD_H

#include "channel/channel.h"

#include <stdio.h>
#include <stdlib.h>

struct world {
	struct arena *arena;
	struct err *err;
	struct dialect *dialect;
	struct channel *channel;
};

struct exchange { /* one .http file */
	struct wire_request request;
	struct wire_answer answer;
};

static inline struct str
world_read(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b;
	char piece[4096];
	size_t n;

	if (f == NULL)
		return STR_NONE;
	buf_init_arena(&b, a);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&b, piece, n);
	fclose(f);
	return buf_str(&b);
}

static inline struct str
world_line(struct str *rest)
{
	struct str line = str_cut(rest, '\n');

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

static inline struct wire_header *
world_headers(struct str *rest, struct arena *a, size_t *n)
{
	struct wire_header *rows = ARENA_ARRAY(a, struct wire_header, 64);
	struct str line;

	for (*n = 0; *n < 64 && (line = world_line(rest)).n > 0; (*n)++) {
		struct str name = str_cut(&line, ':');

		rows[*n] = (struct wire_header){name, str_trim(line)};
	}
	return rows;
}

/* "POST /path?query HTTP/1.1" or "HTTP/1.1 200 OK", headers, blank line, body. */
static inline struct exchange
world_exchange(struct str bytes, struct arena *a)
{
	struct exchange x = {0};
	struct str line = world_line(&bytes), first = str_cut(&line, ' '),
		   second = str_cut(&line, ' ');
	int64_t status = 0;
	size_t n;
	struct wire_header *headers = world_headers(&bytes, a, &n);

	(void)str_to_int(second, &status);
	x.answer = (struct wire_answer){.status = (int)status,
					.type = wire_header(headers, n, "Content-Type"),
					.headers = headers,
					.n_headers = n,
					.body = bytes};
	x.request = (struct wire_request){.method = wire_method_of(first),
					  .path = str_cut(&second, '?'),
					  .headers = headers,
					  .n_headers = n,
					  .body = bytes};
	x.request.query = second;
	return x;
}

static inline void
world_init(struct world *w)
{
	*w = (struct world){.arena = arena_new(0), .err = err_new()};
}

static inline void
world_done(struct world *w)
{
	channel_free(w->channel);
	dialect_free(w->dialect);
	err_free(w->err);
	arena_free(w->arena);
}

static inline void
world_print(const struct world *w)
{
	err_print(w->err, stdout);
}

/* A channel on a dialect given as text; false, and the faults printed, when it is refused. */
static inline bool
world_channel(struct world *w, const char *dialect, const struct channel_account *account)
{
	world_init(w);
	bool ok = dialect_load_text("test.yaml", str_of(dialect), w->arena, &w->dialect, w->err) ==
			  0 &&
		  channel_new(w->dialect, account, &w->channel, w->err) == 0;

	if (!ok)
		world_print(w);
	return ok;
}

static const char world_africastalking[] = WASL_SOURCE_DIR "/contrib/dialects/africastalking.yaml";

static inline struct channel_account
world_account(void)
{
	static const struct channel_setting settings[] = {{"base_url", {"https://api.example", 19}},
							  {"username", {"sandbox", 7}}};
	static const struct channel_secret secrets[] = {{"key", {{"KEY", 3}, {NULL, 0}}}};

	return (struct channel_account){
		.name = "at-1",
		.centre = "CAS",
		.code = "*384*1234#",
		.path_secrets = {STR_LIT("0123456789abcdef"), STR_LIT("fedcba9876543210")},
		.settings = settings,
		.n_settings = ARRAY_LEN(settings),
		.secrets = secrets,
		.n_secrets = ARRAY_LEN(secrets),
		.public_url = STR_LIT("https://wasl.example"),
		.file = "wasl.yaml"};
}

/* The shipped dialect on the account above. */
static inline void
world_shipped(struct world *w)
{
	struct channel_account account = world_account();

	world_init(w);
	if (dialect_load(world_africastalking, w->arena, &w->dialect, w->err) != 0 ||
	    channel_new(w->dialect, &account, &w->channel, w->err) != 0) {
		world_print(w);
		abort();
	}
}

static inline struct wire_request
world_post(struct arena *a, const char *body)
{
	struct wire_header *type = ARENA_NEW(a, struct wire_header);

	*type = (struct wire_header){STR_LIT("Content-Type"),
				     STR_LIT("application/x-www-form-urlencoded")};
	return (struct wire_request){
		.method = WIRE_POST, .headers = type, .n_headers = 1, .body = str_of(body)};
}

/* Parses a call to the given tail; n events, or the refusal's status as a negative number. */
static inline int
world_parse(struct world *w, struct wire_request req, const char *tail, struct channel_event **ev)
{
	struct wire_answer refusal = {0};
	size_t n = 0;
	int rc = channel_parse(w->channel, &req, str_of(tail), 1795000000, w->arena, ev, &n,
			       &refusal);

	return rc == 0 ? (int)n : -refusal.status;
}

#endif
