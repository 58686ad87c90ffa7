#include "drive_dialects.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { NEEDS_MAX = 16, FILE_MAX = 1 << 16 };

static const char code[] = "*000#";

/* ---- Requests ---- */

/* A request of the aggregator. W_ENOENT: the dialect has none of that kind. */
static int
play(const struct line *l, const struct hook *h, enum channel_move move, struct arena *a,
     struct wire_request *out)
{
	char number[FOLDER_NUMBER], path[KEYS_MAX * 2] = "";
	struct play_ussd p = {.move = move, .dialled = str_of(code), .network = STR_LIT("60401")};

	for (unsigned i = 0; i < h->keys; i++) {
		path[i * 2] = h->typed[i];
		path[i * 2 + 1] = i + 1u < h->keys ? '*' : '\0';
	}
	folder_number(l->first + h->person, number);
	if (phone_parse(str_of(number), &p.phone) == PHONE_BAD)
		drive_fail("%s is no number", number);
	p.session = str_of(arena_printf(a, "r-%u-%u", h->person, h->visit));
	p.path = str_of(arena_strdup(a, path));
	p.input = h->keys > 0 ? (struct str){arena_memdup(a, &h->typed[h->keys - 1], 1), 1}
			      : STR_LIT("");
	p.turn = str_of(arena_printf(a, "%u", h->keys + 1u + h->end));
	return channel_play_ussd(l->channel, &p, a, out);
}

static struct str
bytes_of(const struct wire_request *req, struct arena *a)
{
	struct str word = wire_method_word(req->method);
	struct buf b;

	buf_init_arena(&b, a);
	buf_printf(&b, "%.*s %.*s%s%.*s HTTP/1.1\r\nHost: 127.0.0.1\r\n", STR_ARG(word),
		   STR_ARG(req->path), req->query.n > 0 ? "?" : "", STR_ARG(req->query));
	for (size_t i = 0; i < req->n_headers; i++)
		buf_printf(&b, "%.*s: %.*s\r\n", STR_ARG(req->headers[i].name),
			   STR_ARG(req->headers[i].value));
	if (req->method != WIRE_GET)
		buf_printf(&b, "Content-Length: %zu\r\n", req->body.n);
	buf_printf(&b, "\r\n%.*s", STR_ARG(req->body));
	return buf_str(&b);
}

struct str
hook_request(const struct line *l, const struct hook *h, struct arena *a)
{
	enum channel_move move = h->end ? l->end : h->keys > 0 ? MOVE_CONTINUE : MOVE_BEGIN;
	struct wire_request req;

	if (play(l, h, move, a, &req) != 0)
		drive_fail("%s: a call cannot be made", l->name);
	return bytes_of(&req, a);
}

/* What its requests hold, seen as the gateway sees them. False: no USSD here. */
static bool
look_at(struct line *l, struct arena *a)
{
	static const enum channel_move ends[] = {MOVE_END, MOVE_ABORT};
	const struct hook h = {.keys = 1, .typed = "1"};
	struct wire_request req;
	struct wire_answer refusal;
	struct channel_event *ev;
	struct str tail;
	size_t n = 0;

	int rc = play(l, &h, MOVE_CONTINUE, a, &req);
	if (rc != 0 && rc != W_ENOENT)
		drive_say("left out: %s: its requests cannot be made backwards", l->name);
	if (rc != 0)
		return false;
	if (!channel_tail(l->channel, req.path, &tail) ||
	    channel_parse(l->channel, &req, tail, 0, a, &ev, &n, &refusal) != 0 || n != 1)
		drive_fail("%s does not understand its own calls", l->name);
	l->exact = ev->cumulative || ev->turn.n > 0;
	l->has_ids = ev->session.n > 0;
	l->has_end = false;
	for (size_t i = 0; i < ARRAY_LEN(ends) && !l->has_end; i++) {
		l->end = ends[i];
		l->has_end = play(l, &h, l->end, a, &req) == 0;
	}
	return true;
}

/* ---- Accounts ---- */

/* What the dialect must be given; nothing is ever sent, so any word will do. */
static struct str
made_up(const struct dialect_need *need)
{
	return strcmp(need->name, "base_url") == 0 ? STR_LIT("http://127.0.0.1:9")
						   : STR_LIT("lab-key");
}

static bool
is_wanted(const struct dialect_need *need)
{
	return !need->optional && need->fallback == NULL;
}

void
line_open(struct line *l, const struct folder *f, struct arena *a)
{
	static const char *const vouched[] = {"ussd", "ussd_end", "sms", "report", "optout"};
	struct channel_setting settings[NEEDS_MAX];
	struct channel_secret secrets[NEEDS_MAX];
	struct channel_account account = {.name = l->name,
					  .centre = "CAS",
					  .code = code,
					  .path_secrets = {str_of(f->secret)},
					  .settings = settings,
					  .secrets = secrets,
					  .public_url = STR_LIT("https://wasl.example"),
					  .accept_unconfirmed = vouched,
					  .n_accept_unconfirmed = ARRAY_LEN(vouched),
					  .file = f->config};
	struct err *err = err_new();
	const struct dialect_need *needs;
	const char *path = arena_printf(a, "%s/dialects/%s.yaml", f->root, l->name);
	bool ok = dialect_load(path, a, &l->dialect, err) == 0;
	size_t n = ok ? dialect_needs(l->dialect, &needs) : 0;

	for (size_t i = 0; i < n && i < NEEDS_MAX; i++) {
		struct str word = made_up(&needs[i]);

		if (is_wanted(&needs[i]) && needs[i].secret)
			secrets[account.n_secrets++] =
				(struct channel_secret){needs[i].name, {word, STR_NONE}};
		else if (is_wanted(&needs[i]))
			settings[account.n_settings++] =
				(struct channel_setting){needs[i].name, word};
	}
	ok = ok && channel_new(l->dialect, &account, &l->channel, err) == 0;
	if (!ok) {
		err_print(err, stdout);
		drive_fail("%s: no channel", l->name);
	}
	err_free(err);
}

void
line_close(struct line *l)
{
	channel_free(l->channel);
	dialect_free(l->dialect);
	l->channel = NULL;
	l->dialect = NULL;
}

/* The same as open_line gives, for wasl.yaml. */
static void
say_line(const struct line *l, const struct folder *f, struct buf *to)
{
	const struct dialect_need *needs;
	size_t n = dialect_needs(l->dialect, &needs);

	buf_printf(to,
		   "  %s:\n    dialect: %s\n    code: \"%s\"\n    centre: CAS\n"
		   "    path_secret_file: %s/at-1.path\n"
		   "    accept_unconfirmed: [ussd, ussd_end, sms, report, optout]\n"
		   "    settings:\n      {",
		   l->name, l->name, code, f->keys);
	for (size_t i = 0; i < n; i++)
		if (is_wanted(&needs[i]) && !needs[i].secret)
			buf_printf(to, "%s: \"%s\", ", needs[i].name, made_up(&needs[i]).p);
	buf_adds(to, "}\n    secrets:\n      {");
	for (size_t i = 0; i < n; i++)
		if (is_wanted(&needs[i]) && needs[i].secret)
			buf_printf(to, "%s_file: %s/at-1.key, ", needs[i].name, f->keys);
	buf_adds(to, "}\n");
}

/* ---- The gateway's files ---- */

static struct str
read_whole(const char *path, struct arena *a)
{
	char *bytes = arena_alloc(a, FILE_MAX);
	FILE *in = fopen(path, "rb");
	size_t n = in != NULL ? fread(bytes, 1, FILE_MAX - 1, in) : 0;

	if (n == 0 || n == FILE_MAX - 1)
		drive_fail("%s cannot be read", path);
	fclose(in);
	bytes[n] = '\0';
	return (struct str){bytes, n};
}

static void
write_whole(const char *path, struct str bytes)
{
	FILE *out = fopen(path, "wb");

	if (out == NULL || fwrite(bytes.p, 1, bytes.n, out) != bytes.n || fclose(out) != 0)
		drive_fail("%s cannot be written", path);
}

/* The dialects of a folder come to the gateway's own, and a line each is thought of. */
static void
copy_dialects(struct lines *all, const struct folder *f, const char *from)
{
	struct arena *a = arena_new(0);
	DIR *d = opendir(from);
	const struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		size_t n = strlen(entry->d_name);

		if (n <= 5 || strcmp(entry->d_name + n - 5, ".yaml") != 0)
			continue;
		write_whole(arena_printf(a, "%s/dialects/%s", f->root, entry->d_name),
			    read_whole(arena_printf(a, "%s/%s", from, entry->d_name), a));
		if (all->n == LINES_MAX)
			drive_fail("more than %d dialects", LINES_MAX);
		snprintf(all->v[all->n++].name, NAME_BYTES, "%.*s", (int)(n - 5), entry->d_name);
		arena_reset(a);
	}
	if (d == NULL || closedir(d) != 0)
		drive_fail("%s: %s", from, strerror(errno));
	arena_free(a);
}

/* wasl.yaml as init wrote it, with our dialects and a channel for each. */
static void
write_config(const struct lines *all, const struct folder *f, struct arena *a)
{
	static const char mark[] = "channels:\n", was[] = WASL_SOURCE_DIR "/contrib/dialects";
	const char *text = read_whole(f->config, a).p;
	const char *folder = strstr(text, was), *channels = strstr(text, mark);
	struct buf b;

	if (folder == NULL || channels == NULL || folder > channels)
		drive_fail("%s is not as wasld init writes it", f->config);
	buf_init_arena(&b, a);
	buf_printf(&b, "public_url: \"https://wasl.example\"\n%.*s%s/dialects%.*s%s",
		   (int)(folder - text), text, f->root,
		   (int)(channels - folder) - (int)(sizeof(was) - 1), folder + sizeof(was) - 1,
		   mark);
	for (size_t i = 0; i < all->n; i++)
		say_line(&all->v[i], f, &b);
	buf_adds(&b, channels + sizeof(mark) - 1);
	write_whole(f->config, buf_str(&b));
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct line *)a)->name, ((const struct line *)b)->name);
}

/* The lines of a new folder; those without USSD fall out. */
void
lines_find(struct lines *all, const struct folder *f)
{
	struct arena *a = arena_new(0);
	char dir[200];
	size_t n = 0;

	snprintf(dir, sizeof(dir), "%s/dialects", f->root);
	if (mkdir(dir, 0700) != 0)
		drive_fail("%s: %s", dir, strerror(errno));
	all->n = 0;
	copy_dialects(all, f, WASL_SOURCE_DIR "/contrib/dialects");
	copy_dialects(all, f, WASL_SOURCE_DIR "/contrib/dialects/small");
	qsort(all->v, all->n, sizeof(all->v[0]), by_name);
	for (size_t i = 0; i < all->n; i++) {
		struct line *l = &all->v[i];

		line_open(l, f, a);
		if (look_at(l, a))
			all->v[n++] = *l;
		else
			line_close(l);
	}
	all->n = n;
	write_config(all, f, a);
	for (size_t i = 0; i < all->n; i++)
		line_close(&all->v[i]);
	arena_free(a);
}
