#include "daemon/daemon_sandbox.h"

#include "base/log.h"
#include "daemon/daemon_int.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#ifndef PR_SET_MDWE /* Linux 6.3 */
#define PR_SET_MDWE              65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

/* What is in force; all false until the boot steps have run. */
static struct {
	bool files, memory, calls;
	const char *off; /* why nothing is */
} now;
static char sentence[120] = "not yet";

const char *
sandbox_state(void)
{
	return sentence;
}

bool
sandbox_whole(void)
{
	return now.files && now.memory && now.calls;
}

bool
sandbox_built(void)
{
	return !SANITIZED;
}

static void
say(void)
{
	if (now.off != NULL)
		snprintf(sentence, sizeof(sentence), "off: %s", now.off);
	else
		snprintf(sentence, sizeof(sentence), "calls %s, files %s, code in memory %s",
			 now.calls ? "fenced" : "open",
			 now.files ? "fenced" : "open (this kernel has no Landlock)",
			 now.memory ? "fixed" : "fixed by the list of calls only");
}

static bool
switched_off(void)
{
	const char *word = getenv("WASL_SANDBOX");

	return word != NULL && strcmp(word, "off") == 0;
}

/* ---- What is fetched before the fence closes ---- */

/* Each word of a line of nsswitch.conf: "hosts: files mdns4_minimal [NOTFOUND=return] dns". */
static void
load_services(char *line)
{
	char *rest = NULL, name[64];

	for (char *word = strtok_r(line, " \t\n", &rest); word != NULL;
	     word = strtok_r(NULL, " \t\n", &rest)) {
		if (strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(word) ||
		    (size_t)snprintf(name, sizeof(name), "libnss_%s.so.2", word) >= sizeof(name))
			continue;
		/* Kept for good. One that is not installed is not missed by libc either. */
		(void)!dlopen(name, RTLD_NOW);
	}
}

/* libc loads them at the first look-up, and no code can be mapped by then. */
static void
load_name_services(void)
{
	char line[512];
	FILE *f = fopen("/etc/nsswitch.conf", "re");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "hosts:", 6) == 0 || strncmp(line, "passwd:", 7) == 0)
			load_services(strchr(line, ':') + 1);
	if (f != NULL)
		(void)fclose(f);
}

/* ---- Files ---- */

static void
allow_sockets(struct sandbox_fence *f, const struct conf *c)
{
	sandbox_fence_allow_beside(f, c->socket, SANDBOX_SOCKET);
	if (c->metrics.path != NULL)
		sandbox_fence_allow_beside(f, c->metrics.path, SANDBOX_SOCKET);
	for (size_t i = 0; i < c->listen.n; i++)
		if (c->listen.v[i].path != NULL)
			sandbox_fence_allow_beside(f, c->listen.v[i].path, SANDBOX_SOCKET);
}

/* Their folders: a secret is changed by putting another file in its place. */
static void
allow_secrets(struct sandbox_fence *f, const struct conf *c)
{
	for (size_t i = 0; i < c->n_channels; i++) {
		const struct conf_channel *ch = &c->channels[i];

		if (ch->path_secret_file != NULL && ch->path_secret_file[0] != '\0')
			sandbox_fence_allow_beside(f, ch->path_secret_file, SANDBOX_READ);
		for (size_t j = 0; j < ch->secrets.n; j++)
			sandbox_fence_allow_beside(f, ch->secrets.v[j].text, SANDBOX_READ);
	}
}

static void
allow_folders(struct sandbox_fence *f, const struct conf *c)
{
	const struct {
		const char *path;
		unsigned use;
	} folders[] = {
		{c->state, SANDBOX_READ | SANDBOX_LIST | SANDBOX_KEEP},
		{c->keys, SANDBOX_READ},
		{set_folder(c->menus, WASL_DATADIR "/menus"), SANDBOX_READ | SANDBOX_LIST},
		{set_folder(c->dialects, WASL_DATADIR "/dialects"), SANDBOX_READ | SANDBOX_LIST},
		{set_folder(c->migrations, WASL_DATADIR "/migrations"),
		 SANDBOX_READ | SANDBOX_LIST},
	};

	for (size_t i = 0; i < ARRAY_LEN(folders); i++)
		sandbox_fence_allow(f, folders[i].path, folders[i].use);
	sandbox_fence_allow_beside(f, c->file, SANDBOX_READ);
}

static int
fence_files(const struct conf *c, struct err *err)
{
	struct sandbox_fence *f = sandbox_fence_new();

	if (f == NULL) {
		log_warn("sandbox: this kernel has no Landlock: files are as open as the unit "
			 "leaves them");
		return W_OK;
	}
	allow_folders(f, c);
	allow_secrets(f, c);
	allow_sockets(f, c);
	sandbox_fence_allow_system(f);
	int rc = sandbox_fence_close(f);
	if (rc != W_OK)
		err_add(err, c->file, 0, 0, "the kernel has Landlock and refused its rules");
	now.files = rc == W_OK;
	return rc;
}

/* What Landlock refuses, access(2) does not see; what the modes refuse, it does. */
static bool
is_fenced_off(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd >= 0)
		close(fd);
	return fd < 0 && errno == EACCES && access(path, R_OK) == 0;
}

struct reaching {
	const struct conf *conf;
	struct err *err;
};

static void
reach(const struct reaching *r, const char *path, uint32_t line, const char *channel,
      const char *key)
{
	if (path == NULL || path[0] == '\0' || !is_fenced_off(path))
		return;
	err_add(r->err, r->conf->file, line, 0,
		"%s%s%s: the running gateway cannot reach a folder that it was not started with: "
		"that takes a restart",
		channel, channel[0] ? ": " : "", key);
}

/* What a reload reads again: folders, and the secrets of each channel. */
void
sandbox_reach(const struct conf *c, struct err *err)
{
	const struct reaching r = {c, err};

	if (!now.files)
		return;
	reach(&r, c->menus, 0, "", "menus");
	reach(&r, c->dialects, 0, "", "dialects");
	for (size_t i = 0; i < c->n_channels; i++) {
		const struct conf_channel *ch = &c->channels[i];

		reach(&r, ch->path_secret_file, ch->line, ch->name, "path_secret_file");
		for (size_t j = 0; j < ch->secrets.n; j++)
			reach(&r, ch->secrets.v[j].text, ch->secrets.v[j].line, ch->name,
			      ch->secrets.v[j].name);
	}
}

int
sandbox_start_files(struct daemon *d, struct err *err)
{
	now.off = SANITIZED        ? "this build has a sanitizer"
		  : switched_off() ? "WASL_SANDBOX says so"
				   : NULL;
	say();
	if (now.off != NULL)
		return W_OK;
	load_name_services();
	now.memory = prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) == 0;
	return fence_files(d->set->conf, err);
}

/* ---- Calls ---- */

int
sandbox_start_calls(struct daemon *d, struct err *err)
{
	if (now.off != NULL && !SANITIZED && !d->lab) {
		err_add(err, d->set->conf->state, 0, 0,
			"WASL_SANDBOX=off is for labs, and this state folder is none");
		return W_EDENIED;
	}
	if (now.off == NULL) {
		int rc = sandbox_calls_close();

		if (rc != W_OK) {
			err_add(err, d->config_file, 0, 0,
				"the kernel refused the list of system calls (seccomp)");
			return rc;
		}
		now.calls = true;
	}
	say();
	log_at(sandbox_whole() ? LOG_INFO : LOG_WARN, "sandbox: %s", sandbox_state());
	return W_OK;
}
