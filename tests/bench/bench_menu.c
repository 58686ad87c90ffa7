/*
 * How long menus take to load and lint, and in how much memory: those we ship,
 * and a generated tree over many files in the same four languages with the same
 * forbidden words. Processor time, as a desk is rarely alone on its machine.
 *
 *     bench_menu [NODES [FILES]]      5000 and 100; marks: 1 s, 64 MiB, shipped 50 ms
 */
#include "menu/menu.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { FILES_MAX = 250, SHIPPED_MS = 50, TREE_MS = 1000, MEMORY_KIB = 64 * 1024 };

static const char main_head[] =
	"wasl: 1\nid: bench\nlanguages: [ary, ary-Latn, ar, fr]\n"
	"start: n0\nspecial: {wrong: \"x\", busy: over, leave: over}\n"
	"vars:\n  name: {from: person.name}\n  n: {from: need.number}\n"
	"  category: {type: category}\n  note: {type: text, max: 60, private: true}\n"
	"  mood: {type: mood}\n  days: {type: int}\n"
	"nodes:\n  over: {end: \"x\"}\nparts:\n";

/* In the lengths of the real ones. */
#define TEXTS(more)                                                                            \
	"{ary: \"شنو خاصك هاد السيمانة " more "؟\", ary-Latn: \"Chno khassek had simana " more \
	"?\", ar: \"ما الذي تحتاجه " more "؟\", fr: \"De quoi avez-vous besoin " more "?\"}"
#define LABEL "{ary: \"حاجة أخرى\", ary-Latn: \"Chi 7aja khra\", ar: \"شيء آخر\", fr: \"Autre\"}"

static void
menu_write(struct buf *to, unsigned id, unsigned next)
{
	buf_printf(to, "  n%u:\n    menu: " TEXTS("{name}") "\n    options:\n", id);
	for (unsigned i = 0; i < 5; i++)
		buf_printf(to, "      - {say: " LABEL ", set: {category: work}, go: n%u}\n",
			   i == 0 ? next : id / 2);
	buf_adds(to, "      - {say: " LABEL ", key: \"0\", go: $back}\n");
}

static void
node_write(struct buf *to, unsigned id, unsigned next)
{
	switch (id % 5) {
	case 0:
	case 1:
		menu_write(to, id, next);
		break;
	case 2:
		buf_printf(to, "  n%u:\n    ask: " TEXTS("") "\n    input: {type: text, max: 60}\n",
			   id);
		buf_printf(to, "    into: note\n    none: {key: \"0\", go: n%u}\n    go: n%u\n",
			   id / 2, next);
		break;
	case 3:
		buf_printf(
			to,
			"  n%u:\n    branch:\n      - {when: days >= 3 and mood == good, go: n%u}\n"
			"      - {when: need.open, go: over}\n    else: n%u\n",
			id, id + 1 == next ? next : 0, next);
		break;
	default:
		buf_printf(to, "  n%u:\n    message: " TEXTS("{n}") "\n    go: n%u\n", id, next);
	}
}

static struct str
part_write(struct arena *a, unsigned first, unsigned end, unsigned nodes)
{
	struct buf text;

	buf_init_arena(&text, a);
	buf_adds(&text, "wasl: 1\nnodes:\n");
	for (unsigned id = first; id < end; id++)
		node_write(&text, id, id + 1 < nodes ? id + 1 : 0);
	return buf_str(&text);
}

static size_t
tree_write(struct arena *a, unsigned nodes, unsigned n_files, struct menu_file *files)
{
	struct buf head;

	buf_init_arena(&head, a);
	buf_adds(&head, main_head);
	for (unsigned i = 0; i < n_files; i++) {
		char *name = arena_printf(a, "part%u.yaml", i);

		files[i + 1] = (struct menu_file){
			name, part_write(a, nodes * i / n_files, nodes * (i + 1) / n_files, nodes)};
		buf_printf(&head, "  - %s\n", name);
	}
	files[0] = (struct menu_file){"main.yaml", buf_str(&head)};
	return n_files + 1;
}

/* The words we really look for. */
static struct str
lint_read(struct arena *a)
{
	FILE *f = fopen(WASL_SOURCE_DIR "/menus/lint.yaml", "r");
	char *text = arena_alloc(a, 65536);
	size_t n = f != NULL ? fread(text, 1, 65536, f) : 0;

	if (f != NULL)
		fclose(f);
	return (struct str){text, n};
}

static double
now_ms(void)
{
	struct timespec at;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
	return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static bool
say(const char *what, int rc, const struct menu_set *set, const struct err *err, double ms,
    double mark)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	if (rc != 0)
		err_print(err, stderr);
	printf("%s\t%zu nodes\t%.1f ms\tmark %.0f\t%ld KiB in all\tmark %d\n", what,
	       rc == 0 ? menu_node_count(set) : 0, ms, mark, used.ru_maxrss, MEMORY_KIB);
	return rc == 0 && ms <= mark && used.ru_maxrss <= MEMORY_KIB;
}

static bool
shipped(void)
{
	struct err *err = err_new();
	struct menu_set *set = NULL;
	double from = now_ms();
	int rc = menu_load(WASL_SOURCE_DIR "/menus", NULL, &set, err);
	bool good = say("shipped", rc, set, err, now_ms() - from, SHIPPED_MS);

	menu_drop(set);
	err_free(err);
	return good;
}

static bool
generated(unsigned nodes, unsigned n_files)
{
	struct menu_file files[FILES_MAX + 2];
	struct arena *a = arena_new(1 << 20);
	struct err *err = err_new();
	struct menu_set *set = NULL;
	size_t n = tree_write(a, nodes, n_files, files);

	files[n++] = (struct menu_file){"lint.yaml", lint_read(a)};
	double from = now_ms();
	int rc = menu_load_memory(files, n, NULL, &set, err);
	bool good = say("generated", rc, set, err, now_ms() - from, TREE_MS);
	menu_drop(set);
	err_free(err);
	arena_free(a);
	return good;
}

static unsigned
number(const char *text, unsigned most)
{
	int64_t n;

	return str_to_int(str_of(text), &n) && n > 0 && n <= most ? (unsigned)n : most;
}

int
main(int argc, char **argv)
{
	unsigned nodes = argc > 1 ? number(argv[1], 50000) : 5000;
	unsigned n_files = argc > 2 ? number(argv[2], FILES_MAX) : 100;
	bool good = shipped();

	return generated(nodes, n_files) && good ? EXIT_SUCCESS : EXIT_FAILURE;
}
