/*
 * What lies on the disk when a running gateway is told to read its files again:
 * one of two good sets, which differ in every French text, alone or with one
 * fault in one file.
 */
#ifndef WASL_TEST_DRIVE_RELOAD_H
#define WASL_TEST_DRIVE_RELOAD_H

#include "drive.h"

/* The same screens; the other ones begin with a small letter. */
enum edition { EDITION_SHIPPED, EDITION_SMALL, EDITIONS };
enum fault { FAULT_MENU, FAULT_DIALECT, FAULT_CONFIG, FAULTS, FAULT_NONE = FAULTS };

struct files {
	const struct folder *folder;
	char menus[160], dialects[160]; /* copies beside the state folder */
	char *config;                   /* of the folder, naming the copies */
};
/* Before the first start. */
void files_new(struct files *f, const struct folder *folder);
void files_free(struct files *f);
void files_write(const struct files *f, enum edition edition, enum fault fault);
/* A file that an answer about this fault must name. */
const char *files_blamed(enum fault fault);

/* ---- Asking for it, and what came of it ---- */

struct reloads {
	const struct folder *folder;
	long read_to; /* in the gateway's log */
	unsigned done, refused;
};
/* What the log has said since the last look is counted. */
void reloads_look(struct reloads *r);
/* "ctl reload" by the socket; the answer is read by reloads_answer. */
int reloads_ask(const struct reloads *r);
/* Ends the driver when it is not about this fault. Closes. */
void reloads_answer(int fd, enum fault fault);

/* ---- Pages ---- */

enum { PAGE_BYTES = 512 };
/* "Demande 2001" -> "Demande #" */
void page_without_figures(struct str page, char out[PAGE_BYTES]);
/* The first number on it; ends the driver when there is none. */
int64_t page_number(struct str page);

/* ---- The gateway's size ---- */

size_t size_memory(const struct child *c); /* resident, bytes */
/* -1: this login may not look. */
int size_files(const struct child *c);

#endif
