#include "cli/cli_print.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

/* One request to the gateway, one line at a time back. */

enum {
	REPLY_WAIT_MS = 30 * 1000, /* silence after which the gateway counts as gone */
	READ_PIECE = 16 * 1024,
};

struct talk {
	const struct cli_call *call;
	int fd;
	bool patient; /* a stream may be silent as long as it likes */
	char *held;   /* bytes of a line not yet whole */
	size_t n;
	cli_on_row *on_row;
	void *ctx;
	struct cli_answer *answer;
	bool ended;
};

static const char *
socket_path(const struct cli_call *call)
{
	const char *said = getenv("WASL_SOCKET");

	if (cli_given(call, FLAG_SOCKET))
		return call->value[FLAG_SOCKET];
	return said != NULL && said[0] != '\0' ? said : CLI_SOCKET;
}

static int
away(struct talk *t, int code, const char *text)
{
	t->answer->code = code;
	t->answer->text = text;
	return code;
}

/* 0, or the exit code: no right to the socket is another thing than nobody there. */
static int
open_socket(struct talk *t)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	const char *path = socket_path(t->call);

	if (strlen(path) >= sizeof(to.sun_path))
		return away(t, ADMIN_USAGE, _("the path of the socket is too long"));
	memcpy(to.sun_path, path, strlen(path) + 1);
	t->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (t->fd >= 0 && connect(t->fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return 0;
	if (errno == EACCES || errno == EPERM)
		return away(t, ADMIN_DENIED,
			    arena_printf(t->call->arena,
					 _("no right to open %s; ask for the group that owns it"),
					 path));
	return away(t, ADMIN_AWAY,
		    arena_printf(t->call->arena,
				 _("server unreachable, try again (no gateway answers at %s)"),
				 path));
}

static bool
send_all(int fd, struct str line)
{
	while (line.n > 0) {
		ssize_t n = send(fd, line.p, line.n, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		line = str_after(line, (size_t)n);
	}
	return true;
}

/* The gateway's clock may be said with the end: a lab's runs ahead of ours. */
static int64_t
clock_of(const json_t *root)
{
	const json_t *now = json_object_get(json_object_get(root, "end"), "now");
	struct moment m;

	if (!json_is_string(now) || when_parse(str_of(json_string_value(now)), &m) != W_OK)
		return 0;
	return m.at;
}

static bool
take_line(struct talk *t, struct str line)
{
	struct admin_reply reply;
	bool good = admin_reply_read(line, &reply) == W_OK;

	if (good && reply.row != NULL) {
		t->on_row(t->ctx, reply.row);
	} else if (good) {
		t->ended = true;
		*t->answer =
			(struct cli_answer){reply.code, arena_strdup(t->call->arena, reply.text),
					    reply.count, clock_of(reply.root)};
	}
	admin_reply_done(&reply);
	return good;
}

/* Every whole line that is held; what is left moves to the front. */
static bool
take_lines(struct talk *t)
{
	struct str rest = {t->held, t->n};

	while (!t->ended) {
		ptrdiff_t at = str_find(rest, '\n');

		if (at < 0)
			break;
		if (!take_line(t, (struct str){rest.p, (size_t)at}))
			return false;
		rest = str_after(rest, (size_t)at + 1);
	}
	if (rest.n > 0)
		memmove(t->held, rest.p, rest.n);
	t->n = rest.n;
	return t->ended || t->n < ADMIN_ROW_MAX;
}

/* False at the end of the stream, after a long silence, or when it is not our protocol. */
static bool
read_more(struct talk *t)
{
	struct pollfd wait = {.fd = t->fd, .events = POLLIN};
	int ready = poll(&wait, 1, t->patient ? -1 : REPLY_WAIT_MS);

	if (ready < 0 && errno == EINTR)
		return true;
	if (ready <= 0)
		return false;
	ssize_t n = recv(t->fd, t->held + t->n, READ_PIECE, 0);

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0)
		return false;
	t->n += (size_t)n;
	return take_lines(t);
}

int
cli_talk(const struct cli_call *call, const char *verb, const json_t *args, cli_on_row *on_row,
	 void *ctx, struct cli_answer *answer)
{
	struct talk t = {.call = call, .fd = -1, .on_row = on_row, .ctx = ctx, .answer = answer};
	struct buf line;

	*answer = (struct cli_answer){.text = "", .count = -1};
	t.patient = json_is_true(json_object_get(args, "follow"));
	buf_init_arena(&line, call->arena);
	admin_line_request(&line, verb, args);
	if (line.n >= ADMIN_REQUEST_MAX)
		return away(&t, ADMIN_USAGE, _("that is more than one request may hold"));
	if (open_socket(&t) == 0) {
		t.held = xmalloc(ADMIN_ROW_MAX + READ_PIECE);
		if (send_all(t.fd, buf_str(&line)))
			while (!t.ended && read_more(&t))
				;
		if (!t.ended)
			away(&t, ADMIN_AWAY,
			     _("server unreachable, try again (it went away before the end of its answer)"));
	}
	free(t.held);
	if (t.fd >= 0)
		close(t.fd);
	return answer->code;
}

int
cli_tell(const struct cli_call *call, const struct cli_answer *answer)
{
	const char *words = cli_exit_words(answer->code);

	if (answer->code == ADMIN_DONE || answer->code == ADMIN_MATCHED)
		return answer->code;
	if (answer->text[0] != '\0')
		words = cell_clean(call->arena, str_of(answer->text));
	else
		words = words ? _(words) : "";
	return cli_complain(call, answer->code, "%s", words);
}
