/*
 * The life of an ask, from its request line to its end line. Rows wait in the
 * page until the job with the audit record has committed.
 */
#include "admin/admin_int.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"

#include <stdlib.h>

static void
ask_free(void *arg)
{
	struct ask *c = arg;

	admin_request_done(&c->request);
	timer_free(c->timer);
	free(c->seen);
	free(c->fresh);
	arena_free(c->page.arena);
	arena_free(c->scan);
	arena_free(c->arena);
	free(c);
}

static void
ask_finish(struct ask *c)
{
	struct admin *a = c->a;

	if (c->finished)
		return;
	c->finished = true;
	c->peer = NULL;
	if (c->timer != NULL)
		timer_stop(c->timer);
	loop_free_later(a->o.loop, ask_free, c);
	a->asks--;
	admin_settle(a);
}

void
ask_gone(struct ask *c)
{
	c->peer = NULL;
	if (!c->pending)
		ask_finish(c);
}

/* How many, but one to four of people could tell who. */
enum { SMALLEST_COUNT = 5 };

static bool
count_is_small(const struct ask *c)
{
	return c->relation == ADMIN_COUNTS && c->total > 0 && c->total < SMALLEST_COUNT;
}

static void
write_end(struct ask *c, enum admin_code code, const char *text)
{
	const struct civil_text now = civil_rfc3339(c->zone, clock_now());
	struct buf line;

	if (c->relation == ADMIN_COUNTS && code == ADMIN_DONE)
		text = count_is_small(c) ? "fewer than 5"
					 : arena_printf(c->arena, "%zu in all", c->total);
	buf_init_arena(&line, c->arena);
	admin_line_end(&line, code, text,
		       code == ADMIN_DONE && !count_is_small(c) ? (int64_t)c->total : -1, now.s);
	peer_write(c->peer, buf_str(&line));
}

void
ask_end(struct ask *c, enum admin_code code, const char *text)
{
	if (c->finished)
		return;
	log_info("admin %s staff=%lld role=%s code=%d rows=%zu", c->verb ? c->verb->words : "?",
		 (long long)c->staff.id, c->role < 0 ? "none" : admin_role_words[c->role],
		 (int)code, c->total);
	write_end(c, code, text);
	/* A reader that was cut for its full buffer has ended the ask by now. */
	if (c->peer != NULL && c->stop_after && code == ADMIN_DONE)
		peer_stop_when_drained(c->peer);
	else if (c->peer != NULL)
		peer_ask_ended(c->peer);
	ask_finish(c);
}

/* ---- Pages ---- */

static void
page_begin(struct ask *c)
{
	if (c->page.arena == NULL)
		c->page.arena = arena_new(16 * 1024);
	if (c->scan == NULL)
		c->scan = arena_new(0);
	arena_reset(c->page.arena);
	c->page = (struct page){.arena = c->page.arena, .after = c->page.after};
	buf_init_arena(&c->page.lines, c->page.arena);
	buf_init_arena(&c->page.ids, c->page.arena);
}

/* The same ref once for rows that follow each other. */
void
page_note(struct ask *c, struct str ref)
{
	struct str ids = buf_str(&c->page.ids);

	if (ref.n == 0 || (ids.n >= ref.n && str_eq(str_after(ids, ids.n - ref.n), ref) &&
			   (ids.n == ref.n || ids.p[ids.n - ref.n - 1] == ' ')))
		return;
	if (ids.n > 0)
		buf_addc(&c->page.ids, ' ');
	buf_add_str(&c->page.ids, ref);
}

void
page_add(struct ask *c, struct str ref, json_t *row)
{
	c->page.rows++;
	if (c->relation != ADMIN_COUNTS) {
		page_note(c, ref);
		admin_line_row(&c->page.lines, row);
	}
	json_decref(row);
}

static bool
page_full(const struct ask *c)
{
	return c->page.rows >= ADMIN_PAGE_ROWS || buf_str(&c->page.lines).n >= ADMIN_PAGE_BYTES ||
	       (c->limit > 0 && c->total + c->page.rows >= c->limit);
}

int
page_next(struct ask *c, int64_t key)
{
	c->page.looked_at++;
	c->page.after = key;
	arena_reset(c->scan);
	return page_full(c) ? 1 : 0;
}

void
page_listed(struct ask *c, int rc)
{
	c->page.rc = rc < 0 ? rc : W_OK;
	c->page.more = rc > 0 || c->page.looked_at >= ADMIN_PAGE_ROWS;
}

static void
on_reader_read(struct store_reader *r, void *arg)
{
	struct ask *c = arg;

	c->read(r, c);
}

static void
read_ended(struct ask *c)
{
	c->on_read(c);
	ask_show(c);
}

static void
on_reader_done(void *arg)
{
	struct ask *c = arg;

	c->pending = false;
	if (c->peer == NULL)
		ask_finish(c);
	else if (c->page.rc != W_OK)
		ask_end(c, ADMIN_FAILED,
			arena_printf(c->arena, "the store cannot be read (%s)",
				     w_err_word(c->page.rc)));
	else if (c->on_read != NULL)
		read_ended(c);
	else if (c->follow && c->timer != NULL && c->page.rows == 0 && !c->page.more)
		follow_wait(c);
	else
		ask_show(c);
}

static void
read_page(void *arg)
{
	struct ask *c = arg;

	if (c->a->closing)
		return;
	page_begin(c);
	c->filter.after = c->page.after;
	c->pending = true;
	store_read(c->a->o.store, on_reader_read, on_reader_done, c);
}

void
ask_read(struct ask *c, void (*read)(struct store_reader *r, struct ask *c))
{
	c->read = read;
	c->page.after = c->filter.after;
	read_page(c);
}

static void
page_send(struct ask *c)
{
	peer_write(c->peer, buf_str(&c->page.lines));
	if (c->finished)
		return;
	c->total += c->page.rows;
	if (c->read != NULL && c->page.more && (c->limit == 0 || c->total < c->limit))
		peer_when_drained(c->peer, read_page, c);
	else if (c->follow)
		follow_wait(c);
	else
		ask_end(c, c->end_code, c->end_text);
}

/* ---- Recording ---- */

static const struct {
	int rc;
	enum admin_code code;
	const char *text;
} failures[] = {
	{W_EFULL, ADMIN_AWAY,
	 "it cannot be recorded now, so nothing is shown or changed; try again"},
	{W_EIO, ADMIN_AWAY, "it cannot be recorded now, so nothing is shown or changed; try again"},
	{W_EEXIST, ADMIN_CONFLICT, "it was there already, or somebody was faster: look again"},
	{W_ETOOBIG, ADMIN_USAGE, "something in it is too long"},
};

static void
end_failed(struct ask *c, int rc)
{
	for (size_t i = 0; i < ARRAY_LEN(failures); i++)
		if (failures[i].rc == rc) {
			ask_end(c, failures[i].code, failures[i].text);
			return;
		}
	ask_end(c, ADMIN_FAILED, w_err_word(rc));
}

static void
on_committed(void *arg, int rc)
{
	struct ask *c = arg;

	c->pending = false;
	if (rc == W_OK && c->on_changed != NULL)
		c->on_changed(c);
	if (c->peer == NULL)
		ask_finish(c);
	else if (rc == W_OK)
		page_send(c);
	else
		end_failed(c, rc);
}

static void
on_denied(void *arg, int rc)
{
	struct ask *c = arg;

	c->pending = false;
	if (rc != W_OK)
		log_error("admin denied attempt not recorded: %s", w_err_word(rc));
	ask_end(c, c->end_code, c->end_text);
}

static void
put_record(struct ask *c, struct store_job *job, const char *result)
{
	const struct row_audit row = {
		.at = c->now,
		.staff = c->staff.id,
		.person = c->person.id,
		.role = str_of(c->role < 0 ? "none" : admin_role_words[c->role]),
		.verb = str_of(c->verb ? c->verb->words : "unknown"),
		.why = str_of(c->why),
		.ids = buf_str(&c->page.ids),
		.result = str_of(result),
	};

	put_audit(job, &row);
}

void
ask_change(struct ask *c, struct store_job *job)
{
	put_record(c, job, "changed");
	c->pending = true;
	store_submit(c->a->o.store, job, on_committed, c);
}

void
ask_show(struct ask *c)
{
	if (c->verb->record == ADMIN_QUIET) {
		page_send(c);
		return;
	}
	struct store_job *job = store_job_new(c->a->o.store);

	put_record(c, job, c->verb->record == ADMIN_SHOWN ? "shown" : "changed");
	c->pending = true;
	store_submit(c->a->o.store, job, on_committed, c);
}

void
ask_deny(struct ask *c, enum admin_code code, const char *text)
{
	struct store_job *job = store_job_new(c->a->o.store);

	metric_add(METRIC_ADMIN_DENIED, 1);
	page_begin(c);
	put_record(c, job, "denied");
	c->end_code = code;
	c->end_text = text;
	c->pending = true;
	store_submit(c->a->o.store, job, on_denied, c);
}

void
ask_none(struct ask *c)
{
	ask_deny(c, ADMIN_NONE, "no such person among yours");
}

void
ask_no_number(struct ask *c)
{
	ask_deny(c, ADMIN_NONE, "no such number among yours");
}

/* ---- Begin ---- */

static void (*const handlers[])(struct ask *) = {
#define VERB(handler, words, cw, sup, adm, aud, mgt, kept, row, sentence, ...) verb_##handler,
#include "admin/admin_verbs.def"
#undef VERB
};

static const char *
unknown_verb(struct ask *c)
{
	const char *near = admin_verb_nearest(c->request.verb);

	return near ? arena_printf(c->arena, "no verb of that name (maybe \"%s\"?)", near)
		    : "no verb of that name";
}

static const char *
not_on_the_list(struct ask *c)
{
	return arena_printf(c->arena,
			    "you are not on the staff list; ask an administrator for: "
			    "wasl staff add LOGIN (your uid is %lld)",
			    (long long)peer_uid(c->peer));
}

static const char *
role_refuses(struct ask *c)
{
	return arena_printf(c->arena, "your role does not allow \"%s\"", c->verb->words);
}

static void
ask_handle(struct ask *c)
{
	const char *wrong = args_read(c);

	if (wrong != NULL) {
		ask_end(c, ADMIN_USAGE, wrong);
		return;
	}
	args_filter(c);
	handlers[c->verb - admin_verbs](c);
}

static void
ask_check(struct ask *c)
{
	metric_add(METRIC_ADMIN_COMMANDS, 1);
	c->verb = admin_verb_find(c->request.verb);
	int rc = read_staff_uid(store_loop_reader(c->a->o.store), peer_uid(c->peer), c->arena,
				&c->staff);
	if (rc == W_ENOENT || (rc == W_OK && !c->staff.active)) {
		c->staff.id = 0;
		c->why = arena_printf(c->arena, "uid %lld", (long long)peer_uid(c->peer));
		ask_deny(c, ADMIN_DENIED, not_on_the_list(c));
	} else if (rc != W_OK) {
		ask_end(c, ADMIN_AWAY, "the staff list cannot be read");
	} else if (c->verb == NULL) {
		ask_end(c, ADMIN_USAGE, unknown_verb(c));
	} else if (!scope_role(c)) {
		ask_deny(c, ADMIN_DENIED, role_refuses(c));
	} else {
		ask_handle(c);
	}
}

void
ask_begin(struct peer *peer, struct str line)
{
	struct ask *c = xcalloc(1, sizeof(*c));
	const char *why;

	*c = (struct ask){.a = peer_admin(peer),
			  .peer = peer,
			  .arena = arena_new(0),
			  .now = clock_now(),
			  .role = -1,
			  .why = "",
			  .end_text = ""};
	c->zone = admin_zone(c->a);
	c->a->asks++;
	peer_take_ask(peer, c);
	page_begin(c);
	if (admin_request_read(line, &c->request, &why) == W_OK)
		ask_check(c);
	else
		ask_end(c, ADMIN_USAGE, why);
}
