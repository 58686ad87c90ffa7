#include "author/author_int.h"
#include "base/clock.h"

/* One recorded call, read as the gateway would, and the answer it would get. */

enum { REQUEST_FILE_MAX = 256 * 1024 };

static int
read_file(const char *path, struct arena *a, struct str *out, FILE *err)
{
	FILE *f = fopen(path, "rb");
	char *bytes = arena_alloc(a, REQUEST_FILE_MAX + 1);

	if (f == NULL) {
		fprintf(err, "wasl: cannot read %s\n", path);
		return AUTHOR_NONE;
	}
	size_t n = fread(bytes, 1, REQUEST_FILE_MAX + 1, f);
	fclose(f);
	*out = (struct str){bytes, n};
	if (n <= REQUEST_FILE_MAX)
		return 0;
	fprintf(err, "wasl: %s is too long for a call\n", path);
	return AUTHOR_USAGE;
}

static struct str
next_line(struct str *rest)
{
	struct str line = str_cut(rest, '\n');

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* "POST /ussd?x=1 HTTP/1.1", headers, an empty line, the body. */
static bool
read_request(struct str bytes, struct arena *a, struct wire_request *out)
{
	enum { HEADERS = 64 };
	struct str first = next_line(&bytes), word = str_cut(&first, ' ');
	struct str target = str_cut(&first, ' '), line;

	*out = (struct wire_request){.method = wire_method_of(word),
				     .headers = ARENA_ARRAY(a, struct wire_header, HEADERS)};
	out->path = str_cut(&target, '?');
	out->query = target;
	while ((line = next_line(&bytes)).n > 0 && out->n_headers < HEADERS) {
		struct str name = str_cut(&line, ':');

		out->headers[out->n_headers++] = (struct wire_header){name, str_trim(line)};
	}
	out->body = bytes;
	return out->path.n > 0 && out->path.p[0] == '/';
}

/* ---- The normal form ---- */

struct trying {
	struct author_party *party;
	struct arena *arena;
	FILE *out;
};

static void
field(struct trying *t, const char *name, struct str value)
{
	if (value.p != NULL)
		fprintf(t->out, "%s: %.*s\n", name, STR_ARG(author_clean(value, t->arena)));
}

static struct str
number_of(struct trying *t, const struct channel_event *ev)
{
	struct buf b;

	buf_init_arena(&b, t->arena);
	if (!ev->msisdn_ok)
		return ev->has_msisdn ? STR_LIT("not a number") : STR_NONE;
	phone_mask(&ev->msisdn, &b);
	return buf_str(&b);
}

static bool
is_ussd(const struct channel_event *ev)
{
	return ev->kind == CHANNEL_USSD || ev->kind == CHANNEL_USSD_END;
}

static void
print_event(struct trying *t, const struct channel_event *ev)
{
	struct str report = STR_NONE;

	if (ev->kind == CHANNEL_REPORT)
		report = str_of(report_state_word(ev->state));
	field(t, "kind", str_of(channel_kind_word(ev->kind)));
	field(t, "event", is_ussd(ev) ? str_of(channel_move_word(ev->move)) : STR_NONE);
	const struct {
		const char *name;
		struct str value;
	} rows[] = {
		{"outcome", ev->outcome},
		{"session", ev->session},
		{"msisdn", number_of(t, ev)},
		{"service", ev->service},
		{"network", ev->network},
		{ev->cumulative ? "path" : "input", secret_reveal(ev->input)},
		{"dialled", secret_reveal(ev->dialled)},
		{"in advance", secret_reveal(ev->in_advance)},
		{"turn", ev->turn},
		{"id", ev->id},
		{"ref", ev->ref},
		{"to", ev->to},
		{"text", secret_reveal(ev->text)},
		{"time", ev->time_word},
		{"state", report},
		{"word", ev->word},
		{"reason", ev->reason},
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		field(t, rows[i].name, rows[i].value);
	for (size_t i = 0; i < ev->n_lets; i++)
		field(t, ev->lets[i].name, ev->lets[i].value);
}

/* ---- The answer ---- */

static void
print_answer(struct trying *t, const struct wire_answer *answer)
{
	fprintf(t->out, "\nanswer: %d\n", answer->status);
	field(t, "Content-Type", answer->type.n > 0 ? answer->type : STR_NONE);
	for (size_t i = 0; i < answer->n_headers; i++)
		fprintf(t->out, "%.*s: %.*s\n", STR_ARG(answer->headers[i].name),
			STR_ARG(answer->headers[i].value));
	fprintf(t->out, "\n%.*s\n", STR_ARG(answer->body));
}

static void
answer_to(struct trying *t, const struct channel_event *ev, const char *page, bool go_on)
{
	struct wire_answer answer = {0};
	const struct channel *ch = t->party->channel;

	if (ev->kind == CHANNEL_USSD && ev->move <= MOVE_AUTO)
		channel_reply(ch, ev, str_of(page ? page : ""), go_on, t->arena, &answer);
	else
		channel_ack(ch, ev, true, t->arena, &answer);
	print_answer(t, &answer);
}

/* What stands before the section's own path in a record is another's business: it is passed over.
 */
static int
parse(struct trying *t, const struct wire_request *req, struct channel_event **events, size_t *n,
      struct wire_answer *refusal)
{
	struct str tail = req->path;

	for (;;) {
		int rc = channel_parse(t->party->channel, req, tail, clock_now(), t->arena, events,
				       n, refusal);
		ptrdiff_t next = tail.n > 0 ? str_find(str_after(tail, 1), '/') : -1;

		if (rc != W_ENOENT || next < 0)
			return rc;
		tail = str_after(tail, (size_t)next + 1);
	}
}

static int
try_request(struct trying *t, const struct wire_request *req, const char *page, bool go_on)
{
	struct channel_event *events;
	struct wire_answer refusal = {0};
	size_t n = 0;
	int rc = parse(t, req, &events, &n, &refusal);

	if (rc != 0) {
		fprintf(t->out, "refused: %s\n", w_err_word(rc));
		print_answer(t, &refusal);
		return AUTHOR_FAILED;
	}
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			fputc('\n', t->out);
		print_event(t, &events[i]);
	}
	answer_to(t, &events[0], page, go_on);
	return 0;
}

int
author_channel_try(const struct author_account *account, const char *request_file, const char *page,
		   bool go_on, FILE *out, FILE *err)
{
	struct trying t = {.arena = arena_new(0), .out = out};
	struct wire_request req;
	struct str bytes;
	int rc = author_party_open(account, err, &t.party);

	if (rc == 0)
		rc = read_file(request_file, t.arena, &bytes, err);
	if (rc == 0 && !read_request(bytes, t.arena, &req)) {
		fprintf(err, "wasl: %s does not begin with a request line\n", request_file);
		rc = AUTHOR_USAGE;
	}
	if (rc == 0)
		rc = try_request(&t, &req, page, go_on);
	fflush(out);
	author_party_close(t.party);
	arena_free(t.arena);
	return rc;
}
