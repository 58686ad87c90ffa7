/*
 * The good menus beside the spoilt ones, loaded once for each test. For the
 * tests of menu/ that look at what a load gives.
 */
#ifndef WASL_TEST_MENU_BASE_H
#define WASL_TEST_MENU_BASE_H

#include "menu/menu.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static struct menu_set *set;

static inline int
setup(void **state)
{
	struct err *err = err_new();
	int rc = menu_load(WASL_SOURCE_DIR "/tests/data/menus-spoilt/base", NULL, &set, err);

	(void)state;
	err_print(err, stderr);
	err_free(err);
	return rc;
}

static inline int
teardown(void **state)
{
	(void)state;
	menu_drop(set);
	return 0;
}

static inline uint16_t
id(const char *name)
{
	uint16_t found = menu_find(set, str_of(name));

	assert_int_not_equal(found, MENU_NO_NODE);
	return found;
}

static inline const struct menu_node *
node(const char *name)
{
	return menu_node(set, id(name));
}

#endif
