#include "drive_reload.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 17, ANSWER_S = 20 };

/* ---- Files ---- */

static char *
read_whole(const char *path)
{
	char *bytes = xmalloc(FILE_MAX);
	FILE *f = fopen(path, "rb");
	size_t n = f != NULL ? fread(bytes, 1, FILE_MAX - 1, f) : 0;

	if (n == 0 || n == FILE_MAX - 1)
		drive_fail("%s cannot be read", path);
	fclose(f);
	bytes[n] = '\0';
	return bytes;
}

static void
write_whole(const char *path, const char *text, const char *more)
{
	FILE *f = fopen(path, "wb");

	if (f == NULL || fputs(text, f) == EOF || fputs(more, f) == EOF || fclose(f) != 0)
		drive_fail("%s cannot be written", path);
}

/* The first FROM becomes TO; frees the old text. */
static char *
replaced(char *text, const char *from, const char *to)
{
	char *at = strstr(text, from);

	if (at == NULL)
		drive_fail("there is no \"%s\" to be replaced", from);
	size_t before = (size_t)(at - text), n = strlen(text) + strlen(to) + 1;
	char *out = xmalloc(n);
	snprintf(out, n, "%.*s%s%s", (int)before, text, to, at + strlen(from));
	free(text);
	return out;
}

/* fr: "Logement" -> fr: "logement" */
static void
make_small(char *text)
{
	for (char *at = strstr(text, "fr:"); at != NULL; at = strstr(at, "fr:")) {
		at += sizeof("fr:") - 1;
		at += strspn(at, " ");
		if (at[0] == '"')
			at[1] = (char)tolower((unsigned char)at[1]);
	}
}

/* ---- What can be wrong ---- */

static const struct {
	const char *file, *from, *to;
} faults[FAULTS] = {
	[FAULT_MENU] = {"needs.yaml", "go: after_category", "go: after_categorie"},
	[FAULT_DIALECT] = {"africastalking.yaml", "session: form.sessionId",
			   "sesion: form.sessionId"},
	[FAULT_CONFIG] = {"wasl.yaml", "", "listn: [\"127.0.0.1:1\"]\n"},
};

const char *
files_blamed(enum fault fault)
{
	return fault == FAULT_NONE ? "" : faults[fault].file;
}

/* Screens alone are written in another edition; words and messages stay. */
static bool
has_screens(const char *name)
{
	static const char *const others[] = {"lists.yaml", "lint.yaml", "sms.yaml",
					     "reminders.yaml"};

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (strcmp(name, others[i]) == 0)
			return false;
	return true;
}

static void
write_one(const char *from, const char *to, const char *name, enum edition edition,
	  enum fault fault)
{
	char path[400];

	snprintf(path, sizeof(path), "%s/%s", from, name);
	char *text = read_whole(path);
	if (edition == EDITION_SMALL && has_screens(name))
		make_small(text);
	if (fault != FAULT_NONE && strcmp(name, faults[fault].file) == 0)
		text = replaced(text, faults[fault].from, faults[fault].to);
	snprintf(path, sizeof(path), "%s/%s", to, name);
	write_whole(path, text, "");
	free(text);
}

static void
write_folder(const char *from, const char *to, enum edition edition, enum fault fault)
{
	DIR *d = opendir(from);
	const struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		size_t n = strlen(entry->d_name);

		if (n > 5 && strcmp(entry->d_name + n - 5, ".yaml") == 0)
			write_one(from, to, entry->d_name, edition, fault);
	}
	if (d == NULL || closedir(d) != 0)
		drive_fail("%s: %s", from, strerror(errno));
}

void
files_write(const struct files *f, enum edition edition, enum fault fault)
{
	write_folder(WASL_SOURCE_DIR "/menus", f->menus, edition, fault);
	write_folder(WASL_SOURCE_DIR "/contrib/dialects", f->dialects, EDITION_SHIPPED, fault);
	write_whole(f->folder->config, f->config,
		    fault == FAULT_CONFIG ? faults[FAULT_CONFIG].to : "");
}

void
files_new(struct files *f, const struct folder *folder)
{
	f->folder = folder;
	snprintf(f->menus, sizeof(f->menus), "%s/menus", folder->root);
	snprintf(f->dialects, sizeof(f->dialects), "%s/dialects", folder->root);
	if (mkdir(f->menus, 0700) != 0 || mkdir(f->dialects, 0700) != 0)
		drive_fail("%s: %s", folder->root, strerror(errno));
	f->config = read_whole(folder->config);
	f->config = replaced(f->config, WASL_SOURCE_DIR "/menus", f->menus);
	f->config = replaced(f->config, WASL_SOURCE_DIR "/contrib/dialects", f->dialects);
	files_write(f, EDITION_SHIPPED, FAULT_NONE);
}

void
files_free(struct files *f)
{
	free(f->config);
}

/* ---- What the gateway says of it ---- */

void
reloads_look(struct reloads *r)
{
	char line[1024];
	FILE *f = fopen(r->folder->log, "rb");

	if (f == NULL || fseek(f, r->read_to, SEEK_SET) != 0)
		drive_fail("%s cannot be read", r->folder->log);
	while (fgets(line, sizeof(line), f) != NULL && strchr(line, '\n') != NULL) {
		r->done += strstr(line, " reloaded menus=") != NULL;
		r->refused += strstr(line, " reload refused ") != NULL;
		r->read_to = ftell(f);
	}
	fclose(f);
}

int
reloads_ask(const struct reloads *r)
{
	static const char ask[] = "{\"v\":1,\"verb\":\"ctl reload\",\"args\":{}}\n";
	const struct timeval patience = {.tv_sec = ANSWER_S};
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if ((size_t)snprintf(at.sun_path, sizeof(at.sun_path), "%s/wasl.sock", r->folder->state) >=
		    sizeof(at.sun_path) ||
	    connect(fd, (const struct sockaddr *)&at, sizeof(at)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) != 0 ||
	    write(fd, ask, sizeof(ask) - 1) != (ssize_t)sizeof(ask) - 1)
		drive_fail("%s: %s", at.sun_path, strerror(errno));
	return fd;
}

void
reloads_answer(int fd, enum fault fault)
{
	char said[16384] = "";
	size_t n = 0;
	ssize_t got = 1;

	while (got > 0 && strstr(said, "\"end\"") == NULL && n < sizeof(said) - 1) {
		got = read(fd, said + n, sizeof(said) - 1 - n);
		n += got > 0 ? (size_t)got : 0;
		said[n] = '\0';
	}
	close(fd);
	const char *code = fault == FAULT_NONE ? "\"code\":0" : "\"code\":5";
	if (strstr(said, code) == NULL || strstr(said, files_blamed(fault)) == NULL)
		drive_fail("the answer to a reload with a fault in \"%s\": %s", files_blamed(fault),
			   said);
}

/* ---- Its size ---- */

size_t
size_memory(const struct child *c)
{
	char path[64];
	unsigned long pages = 0, resident = 0;

	snprintf(path, sizeof(path), "/proc/%ld/statm", (long)c->pid);
	FILE *f = fopen(path, "rb");
	if (f == NULL || fscanf(f, "%lu %lu", &pages, &resident) != 2)
		drive_fail("%s cannot be read", path);
	fclose(f);
	return resident * (size_t)sysconf(_SC_PAGESIZE);
}

int
size_files(const struct child *c)
{
	char path[64];
	int n = 0;

	snprintf(path, sizeof(path), "/proc/%ld/fd", (long)c->pid);
	DIR *d = opendir(path);
	if (d == NULL)
		return -1;
	for (const struct dirent *e = readdir(d); e != NULL; e = readdir(d))
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

/* ---- Pages ---- */

void
page_without_figures(struct str page, char out[PAGE_BYTES])
{
	size_t n = 0;

	for (size_t i = 0; i < page.n && n < PAGE_BYTES - 1; i++) {
		bool digit = page.p[i] >= '0' && page.p[i] <= '9';

		if (!digit)
			out[n++] = page.p[i];
		else if (n == 0 || out[n - 1] != '#')
			out[n++] = '#';
	}
	out[n] = '\0';
}

int64_t
page_number(struct str page)
{
	int64_t number = 0;

	while (page.n > 0 && (page.p[0] < '0' || page.p[0] > '9'))
		page = str_after(page, 1);
	if (!str_to_int(str_cut(&page, ' '), &number))
		drive_fail("no number was told");
	return number;
}
