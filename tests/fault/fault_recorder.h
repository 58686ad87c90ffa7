/*
 * What the recorder hands to the platter: the files at the beginning, and what
 * happened to them since, in order.
 */
#ifndef WASL_TEST_FAULT_RECORDER_H
#define WASL_TEST_FAULT_RECORDER_H

#include "fault/fault_disk.h"
#include "fault/fault_vfs.h"

#include <stdio.h>

enum { RECORDING_NAMES = 8 };

struct log_entry {
	enum vfs_op op; /* VFS_OPEN: it may have made the file */
	size_t name;    /* in names */
	int flags;
	int64_t at;
	size_t n;
	uint8_t *p;  /* VFS_WRITE */
	bool folder; /* VFS_DELETE: the folder was synced too */
};

struct recording {
	struct image base;
	char names[RECORDING_NAMES][32];
	size_t n_names;
	struct log_entry *entries;
	size_t n;
};

/* Whole once the recorder has ended. */
const struct recording *recorder_recording(const struct recorder *r);

#endif
