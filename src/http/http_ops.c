#include "http/http.h"

#include "base/metric.h"

#include <stdlib.h>

/* A front of its own, so that probes are answered while the public one is full. */

struct http_ops {
	struct http_front *front;
	http_ready *ready;
	void *ctx;
};

static const struct http_limits ops_limits = {
	.headers_bytes = 4096,
	.headers = 32,
	.body = 0,
	.header_ms = 3000,
	.request_ms = 3000,
	.reply_ms = 3000,
	.idle_ms = 75000,
	.requests_per_connection = 1000,
	.connections = 32,
	.reserved = 0,
	.per_address = 32,
};

static void
answer_text(struct http_request *req, int status, struct str body)
{
	http_answer(req, &(struct wire_answer){.status = status,
					       .type = STR_LIT("text/plain; charset=utf-8"),
					       .body = body});
}

static void
on_healthz(struct http_ops *ops, struct http_request *req)
{
	(void)ops;
	answer_text(req, 200, STR_LIT("ok"));
}

static void
on_readyz(struct http_ops *ops, struct http_request *req)
{
	struct str why = STR_NONE;

	if (ops->ready == NULL || ops->ready(ops->ctx, &why))
		answer_text(req, 200, STR_LIT("ready"));
	else
		answer_text(req, 503, why.n > 0 ? why : STR_LIT("not ready"));
}

static void
on_metrics(struct http_ops *ops, struct http_request *req)
{
	struct buf text;

	(void)ops;
	buf_init_arena(&text, req->arena);
	metric_print(&text);
	refusal_print(&text);
	http_answer(req, &(struct wire_answer){.status = 200,
					       .type = STR_LIT("text/plain; version=0.0.4"),
					       .body = buf_str(&text)});
}

static void
on_request(struct http_request *req, void *ctx)
{
	static const struct {
		const char *path;
		void (*on)(struct http_ops *, struct http_request *);
	} routes[] = {
		{"/healthz", on_healthz},
		{"/readyz", on_readyz},
		{"/metrics", on_metrics},
	};

	if (req->wire.method == WIRE_GET)
		for (size_t i = 0; i < ARRAY_LEN(routes); i++)
			if (str_is(req->wire.path, routes[i].path)) {
				routes[i].on(ctx, req);
				return;
			}
	http_answer_status(req, 404);
}

int
http_ops_new(struct loop *l, const struct conf_listen *listen, http_ready *ready, void *ctx,
	     struct http_ops **out, struct err *err)
{
	struct http_ops *ops = xcalloc(1, sizeof(*ops));
	struct http_options options = {.listen = listen, .n_listen = 1, .limits = ops_limits};

	ops->ready = ready;
	ops->ctx = ctx;
	int rc = http_front_new(l, &options, on_request, ops, &ops->front, err);
	if (rc == 0)
		*out = ops;
	else
		free(ops);
	return rc;
}

void
http_ops_free(struct http_ops *ops)
{
	if (ops == NULL)
		return;
	http_front_free(ops->front);
	free(ops);
}

uint16_t
http_ops_port(const struct http_ops *ops)
{
	return http_front_port(ops->front, 0);
}
