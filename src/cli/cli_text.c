#include "cli/cli_int.h"

#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>

/*
 * Without a UTF-8 LC_CTYPE libsmartcols prints bytes as \x.., so one is taken
 * when the environment has none (a bare SSH session).
 */
static void
need_utf8(void)
{
	setlocale(LC_CTYPE, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

/* $WASL_LOCALEDIR, or share/locale beside the folder of the program. */
static void
find_catalogue(const struct cli_io *io)
{
	const char *said = getenv("WASL_LOCALEDIR");
	char dir[PATH_MAX];
	const char *slash = io->self != NULL ? strrchr(io->self, '/') : NULL;

	if (said != NULL && said[0] != '\0')
		snprintf(dir, sizeof(dir), "%s", said);
	else if (slash != NULL)
		snprintf(dir, sizeof(dir), "%.*s/../share/locale", (int)(slash - io->self),
			 io->self);
	else
		snprintf(dir, sizeof(dir), "/usr/share/locale");
	bindtextdomain("wasl", dir);
	bind_textdomain_codeset("wasl", "UTF-8");
	textdomain("wasl");
}

void
cli_text_start(const struct cli_io *io, const char *lang)
{
	need_utf8();
	setlocale(LC_MESSAGES, "");
	if (lang != NULL) {
		/* gettext(3) looks at LANGUAGE in any locale but C. */
		setlocale(LC_MESSAGES, "C.UTF-8");
		setenv("LANGUAGE", lang, 1);
	}
	find_catalogue(io);
}
