/*
 * The reference: evhttp as it comes, one loop, which answers every request with
 * the same page. Says its port on the first line; ends with its parent.
 */
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static const char page[] =
	"CON Bonjour. Comment allez-vous cette semaine ?\n1. Bien\n2. Comme ci comme ca\n"
	"3. Pas bien\n4. J'ai besoin d'aide\n8. Urgent\n0. Retour, ou 9 pour la suite de la page";

static void
on_request(struct evhttp_request *req, void *arg)
{
	struct evbuffer *body = evhttp_request_get_output_buffer(req);

	(void)arg;
	evhttp_add_header(evhttp_request_get_output_headers(req), "Content-Type", "text/plain");
	evbuffer_add(body, page, sizeof(page) - 1);
	evhttp_send_reply(req, 200, "OK", NULL);
}

int
main(void)
{
	struct event_base *base = event_base_new();
	struct evhttp *http = evhttp_new(base);
	struct evhttp_bound_socket *at = evhttp_bind_socket_with_handle(http, "127.0.0.1", 0);
	struct sockaddr_in name;
	socklen_t size = sizeof(name);

	if (at == NULL ||
	    getsockname(evhttp_bound_socket_get_fd(at), (struct sockaddr *)&name, &size) != 0)
		return EXIT_FAILURE;
	evhttp_set_gencb(http, on_request, NULL);
	printf("%u\n", ntohs(name.sin_port));
	fflush(stdout);
	event_base_dispatch(base);
	return EXIT_SUCCESS;
}
