/*
 * A disk that can lose its power at any point, after the fact.
 *
 * Walk: recorder_begin keeps what a folder's databases hold and then, as the
 * fault VFS, writes down every later write, truncate, sync, creation and
 * deletion in order. A platter replays that log up to some point and knows for
 * each file what a sync has made certain and what was only asked for; a cut
 * lets chance decide about the latter, sector by sector, and gives the folder
 * as the next start would find it.
 *
 * What chance may do: a sector of an unsynced write arrives, does not, or ends
 * in the middle (so writes arrive in any order); a truncate arrives or not; a
 * file made or deleted since the last sync of its folder is there or not.
 * Bytes outside what was written stay, as SQLite's POWERSAFE_OVERWRITE asks.
 */
#ifndef WASL_TEST_FAULT_DISK_H
#define WASL_TEST_FAULT_DISK_H

#include "base/str.h"

/* ---- Chance that repeats ---- */

struct dice {
	uint64_t state;
};
uint64_t dice_roll(struct dice *d);
uint64_t dice_below(struct dice *d, uint64_t n);
bool dice_percent(struct dice *d, unsigned percent);

/* ---- A folder at rest ---- */

enum { IMAGE_FILES = 8 };
struct image_file {
	char name[32];
	uint8_t *p;
	size_t n;
};
struct image {
	struct image_file files[IMAGE_FILES];
	size_t n_files;
};
/* Databases, their logs and journals; no shared memory, lock or ballast. */
void image_read(struct image *image, const char *dir);
/* Puts the files there and takes any other database file away. */
void image_write(const struct image *image, const char *dir);
bool image_holds(const struct image *image, const char *name_start, const void *p, size_t n);
void image_done(struct image *image);

/* ---- The recorder ---- */

struct recorder;
/* Installs the fault VFS; no database of the folder is open. */
struct recorder *recorder_begin(const char *dir);
/* Removes it. */
void recorder_end(struct recorder *r);
void recorder_free(struct recorder *r);
/* Entries so far. Any thread. */
size_t recorder_length(struct recorder *r);

/* ---- The platter ---- */

struct platter;
/* At the start of the log, which it borrows. */
struct platter *platter_new(const struct recorder *r);
void platter_free(struct platter *p);
/* Replays up to an entry, which itself has not happened; never back. */
void platter_to(struct platter *p, size_t entry);
/* The power goes now. The platter itself stays as it is. */
void platter_cut(const struct platter *p, struct dice *d, struct image *out);

#endif
