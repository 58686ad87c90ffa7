/* Inside the drivers' common part. */
#ifndef WASL_TEST_DRIVE_INT_H
#define WASL_TEST_DRIVE_INT_H

#include "drive.h"

/* Whose log a failure shows. */
void say_about(const struct child *c);

#endif
