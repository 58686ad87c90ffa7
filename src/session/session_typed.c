#include "session/session_step_int.h"

enum { FOLDED_MAX = 2048 };

static void
set_vars(struct step *s, const struct menu_set_var *sets, size_t n)
{
	for (size_t i = 0; i < n; i++)
		s->st->vars[sets[i].var] = sets[i].word;
}

/* The page that says "the same is open already" speaks of that need. */
static void
note_same_need(struct step *s)
{
	const struct snap_need *same = session_same_need(s->w, s->st);

	if (same != NULL)
		s->st->need = same->number;
}

static void
set_lang(struct step *s, struct str tag)
{
	int lang = menu_lang_of(s->w->menus, tag);
	struct snapshot *snap = s->w->snap;

	CHECK(lang >= 0); /* the loader lets no option choose another */
	s->st->lang = (uint8_t)lang;
	s->st->flags |= SESSION_LANG;
	if (snap->person == 0)
		return;
	effect_add(&s->out->effects, EFFECT_LANG, snap->person)->word = tag;
	struct buf b;
	buf_init(&b, snap->lang, sizeof(snap->lang));
	buf_add_str(&b, tag);
}

/* Pages speak the person's language, unless the caller chose another in this call. */
void
step_speak_to_person(struct step *s)
{
	int lang = menu_lang_of(s->w->menus, str_of(s->w->snap->lang));

	if (s->st->flags & SESSION_LANG || lang < 0)
		set_lang(s, str_of(menu_lang_tag(s->w->menus, s->st->lang)));
	else
		s->st->lang = (uint8_t)lang;
}

static void
chosen(struct step *s, const struct menu_node *n, const struct menu_option *o)
{
	set_vars(s, o->sets, o->n_sets);
	if (o->n_sets > 0)
		note_same_need(s);
	if (n->kind == MENU_LANGUAGE)
		set_lang(s, o->answer);
	struct effect *answer =
		n->kind != MENU_LANGUAGE && o->answer.n > 0 ? step_answer(s, o->answer) : NULL;
	bool done = step_do_all(s, o->dos, o->n_dos);
	if (answer != NULL)
		step_settle_run(s, answer);
	step_go(s, done ? o->go : (struct menu_target){.kind = GO_NONE});
}

/* Turns a page of a node that takes several, or finds the option pressed. */
static enum menu_press
press(struct step *s, struct str folded, size_t *option)
{
	struct menu_values v;
	enum menu_press pressed;

	session_values(s->w, s->st, &v);
	pressed = menu_press(s->w->menus, s->st->node, s->st->lang, s->st->page, &v, s->w->limit,
			     folded, s->w->arena, option);
	if (pressed == PRESS_MORE)
		s->st->page++;
	else if (pressed == PRESS_PAGE_BACK)
		s->st->page--;
	step_settle_end(s);
	return pressed;
}

static void
typed_on_options(struct step *s, const struct menu_node *n, struct str folded)
{
	size_t option = 0;
	enum menu_press pressed = press(s, folded, &option);

	if (pressed == PRESS_OPTION)
		chosen(s, n, &n->options[option]);
	else if (pressed == PRESS_NOTHING)
		step_wrong(s);
}

/* True when the key turned a page of a long text. */
static bool
turned_page(struct step *s, struct str folded)
{
	size_t option;

	return step_page_count(s) > 1 && press(s, folded, &option) != PRESS_NOTHING;
}

static bool
has_watched_word(const struct menu_watch *watch, struct str folded)
{
	for (size_t i = 0; i < watch->n_words; i++)
		if (match_find(watch->words[i], folded, NULL))
			return true;
	return false;
}

/* A watched word leads elsewhere, the first that does, or only sets something on the way. */
static struct menu_target
watched(struct step *s, const struct menu_node *n, struct str folded)
{
	struct menu_target elsewhere = {.kind = GO_NONE};

	for (size_t i = 0; i < n->n_watches; i++) {
		const struct menu_watch *watch = &n->watches[i];

		if (!has_watched_word(watch, folded))
			continue;
		set_vars(s, watch->sets, watch->n_sets);
		if (elsewhere.kind == GO_NONE)
			elsewhere = watch->go;
	}
	return elsewhere.kind == GO_NONE ? n->go : elsewhere;
}

static void
ask_check(struct step *s, enum menu_check check, struct str digits)
{
	s->out->check = check;
	s->out->check_text = digits;
	s->out->secret_input = true;
}

/*
 * What digits are to be checked for on this page. A PIN page also takes an
 * enrolment code, where the menus have codes: a second person on this number
 * may be beginning.
 */
static enum menu_check
check_of(const struct step *s, const struct menu_node *n, struct str digits)
{
	bool codes = menu_special(s->w->menus)->enrolled != MENU_NO_NODE;

	if (digits.n == CODE_DIGITS)
		return codes && n->check != CHECK_NEW_PIN ? CHECK_ENROLMENT : CHECK_NOTHING;
	if (digits.n != PIN_DIGITS || n->check == CHECK_ENROLMENT)
		return CHECK_NOTHING;
	return n->check == CHECK_NEW_PIN && pin_trivial(digits) ? CHECK_NOTHING : n->check;
}

static void
typed_for_check(struct step *s, const struct menu_node *n, struct str folded)
{
	enum menu_check check = step_all_digits(folded) ? check_of(s, n, folded) : CHECK_NOTHING;

	s->out->secret_input = true;
	if (check == CHECK_NOTHING)
		step_wrong(s);
	else
		ask_check(s, check, folded);
}

/* Who shares a number with others is told apart by a PIN: "none" is no answer there. */
static bool
none_allowed(const struct step *s, const struct menu_node *n)
{
	const struct snapshot *snap = s->w->snap;

	if (n->check != CHECK_NEW_PIN)
		return true;
	for (unsigned i = 0; i < snap->n_persons; i++)
		if (snap->persons[i].person != s->st->person)
			return false;
	return true;
}

static void
typed_on_question(struct step *s, const struct menu_node *n, struct str typed, struct str folded)
{
	struct str value;

	if (n->none_key[0] != '\0' && str_is(folded, n->none_key) && none_allowed(s, n)) {
		if (n->into != MENU_NO_VAR)
			s->st->vars[n->into] = STR_NONE;
		step_go(s, n->none_go);
	} else if (n->check != CHECK_NOTHING) {
		typed_for_check(s, n, folded);
	} else if (step_read_input(s, n, typed, folded, &value)) {
		if (n->into != MENU_NO_VAR)
			s->st->vars[n->into] = value;
		step_go(s, watched(s, n, folded));
	} else {
		step_wrong(s);
	}
}

void
step_typed(struct step *s, struct str text)
{
	const struct menu_node *n = step_node(s);
	struct buf folded;

	buf_init(&folded, arena_alloc(s->w->arena, FOLDED_MAX), FOLDED_MAX);
	if (text_fold(text, &folded) != W_OK) {
		step_wrong(s);
		return;
	}
	if (n->n_options > 0)
		typed_on_options(s, n, buf_str(&folded));
	else if (turned_page(s, buf_str(&folded)))
		return;
	else if (n->kind == MENU_MESSAGE)
		step_go(s, n->go);
	else if (n->kind == MENU_END)
		step_go(s, (struct menu_target){GO_NODE, menu_special(s->w->menus)->leave});
	else
		typed_on_question(s, n, text, buf_str(&folded));
}
