/*
 * Names that nobody can guess and that tell nothing.
 */
#ifndef WASL_BASE_ID_H
#define WASL_BASE_ID_H

#include "base/check.h"

/* Kernel random bytes; aborts when the kernel has none to give. */
void id_random(void *out, size_t n);

/* 128 random bits as 32 hex digits and a NUL. */
struct id_text {
	char hex[33];
};
struct id_text id_new(void);

#endif
