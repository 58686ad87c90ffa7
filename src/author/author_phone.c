#include "author/author_int.h"
#include "base/clock.h"
#include "base/id.h"

/* A handset and the aggregator behind it: what is typed becomes that company's call. */

/* ---- Trace ---- */

static void
trace_text(struct author_phone *ph, const char *mark, struct str text)
{
	struct str rest = author_clean(author_party_mask(ph->party, text, ph->arena), ph->arena);

	while (rest.n > 0) {
		struct str line = str_cut(&rest, '\n');

		fprintf(ph->trace, "%s %.*s\n", mark, STR_ARG(line));
	}
}

/* Headers of a request stay out: there are the passwords in forms no mask knows. */
static void
trace_request(struct author_phone *ph, const struct wire_request *req)
{
	struct str tail = req->path, word = wire_method_word(req->method);

	if (ph->trace == NULL)
		return;
	(void)channel_tail(ph->party->channel, req->path, &tail);
	trace_text(ph, ">",
		   str_of(arena_printf(ph->arena, "%.*s %.*s%s%.*s", STR_ARG(word), STR_ARG(tail),
				       req->query.n > 0 ? "?" : "", STR_ARG(req->query))));
	trace_text(ph, ">", req->body);
}

static void
trace_answer(struct author_phone *ph, const struct wire_answer *got)
{
	if (ph->trace == NULL)
		return;
	fprintf(ph->trace, "< %d\n", got->status);
	for (size_t i = 0; i < got->n_headers; i++)
		trace_text(
			ph, "<",
			str_of(arena_printf(ph->arena, "%.*s: %.*s", STR_ARG(got->headers[i].name),
					    STR_ARG(got->headers[i].value))));
	trace_text(ph, "<", got->body);
}

/* ---- One exchange ---- */

struct str
author_phone_target(struct author_phone *ph, const struct wire_request *req)
{
	return author_party_target(ph->party, author_line_path(ph->line), CHANNEL_USSD, req,
				   ph->arena);
}

/* The answer is read only as HTTP. */
static enum author_away
exchange(struct author_phone *ph, const struct wire_request *req, struct wire_answer *got)
{
	int64_t from = clock_mono_ms();
	struct str target = author_phone_target(ph, req);

	trace_request(ph, req);
	ph->away = author_line_ask(ph->line, req, target, ph->arena, got);
	ph->took_ms = clock_mono_ms() - from;
	if (ph->away == AWAY_NOT)
		trace_answer(ph, got);
	return ph->away;
}

enum author_said
author_phone_read(struct author_phone *ph)
{
	struct channel *ch = ph->party->channel;
	const struct wire_answer *got = &ph->answer;

	if (channel_play_page(ch, got, ph->arena, &ph->page, &ph->go_on) == 0) {
		ph->open = ph->go_on;
		return SAYS_PAGE;
	}
	ph->open = false;
	return got->status == 200 ? SAYS_STRANGE : SAYS_STATUS;
}

static void
fill_play(struct author_phone *ph, enum channel_move move, struct str typed, struct play_ussd *play)
{
	*play = (struct play_ussd){
		.session = ph->session,
		.phone = ph->number,
		.move = move,
		.input = typed,
		.path = arena_str(ph->arena, buf_str(&ph->path)),
		.dialled = str_of(ph->dialled),
		.turn = str_of(arena_printf(ph->arena, "%u", ph->turns)),
		.network = str_of(ph->network),
	};
}

static bool
tell(struct author_phone *ph, enum channel_move move)
{
	struct play_ussd play;
	struct wire_request req;
	struct wire_answer got;

	fill_play(ph, move, STR_LIT(""), &play);
	return channel_play_ussd(ph->party->channel, &play, ph->arena, &req) == 0 &&
	       exchange(ph, &req, &got) == AWAY_NOT && got.status == 200;
}

/* Aggregators with a call of its own for the end make it after our last page too. */
static void
tell_the_end(struct author_phone *ph)
{
	int64_t took_ms = ph->took_ms;

	if (author_party_path(ph->party, CHANNEL_USSD_END, ph->arena).p != NULL)
		(void)tell(ph, MOVE_END);
	ph->took_ms = took_ms; /* the page's, which is shown */
	ph->away = AWAY_NOT;
}

enum author_said
author_phone_prepare(struct author_phone *ph, enum channel_move move, struct str typed)
{
	struct play_ussd play;

	ph->turns++;
	fill_play(ph, move, typed, &play);
	return channel_play_ussd(ph->party->channel, &play, ph->arena, &ph->request) == 0
		       ? SAYS_PAGE
		       : SAYS_UNABLE;
}

/* Sends what was prepared. */
enum author_said
author_phone_step(struct author_phone *ph)
{
	ph->asked = exchange(ph, &ph->request, &ph->answer) == AWAY_NOT;
	enum author_said says = ph->asked ? author_phone_read(ph) : SAYS_AWAY;
	if (says == SAYS_PAGE && !ph->go_on)
		tell_the_end(ph);
	return says;
}

static enum author_said
step(struct author_phone *ph, enum channel_move move, struct str typed)
{
	enum author_said says = author_phone_prepare(ph, move, typed);

	return says == SAYS_PAGE ? author_phone_step(ph) : says;
}

/* ---- What a hand does ---- */

static void
path_add(struct author_phone *ph, struct str piece)
{
	if (ph->pieces++ > 0)
		buf_add_str(&ph->path, ph->separator);
	buf_add_str(&ph->path, piece);
}

/* "*384*1234*1*2#" is the code "*384*1234#" with the answers 1 and 2. */
static void
path_in_advance(struct author_phone *ph)
{
	struct str code = str_of(channel_code(ph->party->channel)), dialled = str_of(ph->dialled);

	if (code.n > 0 && code.p[code.n - 1] == '#')
		code.n--;
	if (dialled.n > 0 && dialled.p[dialled.n - 1] == '#')
		dialled.n--;
	if (!str_starts(dialled, code) || dialled.n <= code.n || dialled.p[code.n] != '*')
		return;
	for (struct str rest = str_after(dialled, code.n + 1); rest.n > 0;)
		path_add(ph, str_cut(&rest, '*'));
}

enum author_said
author_phone_dial(struct author_phone *ph, const char *session)
{
	arena_reset(ph->arena);
	ph->asked = ph->open = false;
	ph->turns = ph->pieces = 0;
	ph->page = STR_NONE;
	buf_init_arena(&ph->path, ph->arena);
	ph->session = str_of(arena_strdup(ph->arena, session ? session : id_new().hex));
	ph->separator = author_party_separator(ph->party, ph->arena);
	path_in_advance(ph);
	return step(ph, MOVE_BEGIN, STR_NONE);
}

void
author_phone_type(struct author_phone *ph, struct str typed)
{
	path_add(ph, typed);
}

enum author_said
author_phone_answer(struct author_phone *ph, struct str typed)
{
	typed = arena_str(ph->arena, typed);
	if (typed.p == NULL)
		typed = STR_LIT("");
	path_add(ph, typed);
	return step(ph, MOVE_CONTINUE, typed);
}

enum author_said
author_phone_repeat(struct author_phone *ph, bool *same)
{
	struct wire_answer got;
	bool open = ph->open;

	*same = false;
	if (exchange(ph, &ph->request, &got) != AWAY_NOT)
		return SAYS_AWAY;
	*same = got.status == ph->answer.status && str_eq(got.body, ph->answer.body) &&
		str_eq(got.type, ph->answer.type);
	ph->answer = got;
	enum author_said says = author_phone_read(ph);
	ph->open = open && ph->open; /* a repeat brings no dropped session back */
	return says;
}

/* A gateway that has no word for a time-out calls it somebody leaving. */
bool
author_phone_drop(struct author_phone *ph, enum channel_move move)
{
	ph->open = false;
	return tell(ph, move) || (move == MOVE_TIMEOUT && tell(ph, MOVE_ABORT));
}
