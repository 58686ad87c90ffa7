#include "daemon/daemon_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

/* What pthread_create asks of clone, and what would make it something else. */
#define OF_A_THREAD                                                                    \
	((uint64_t)(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | \
		    CLONE_SYSVSEM))
#define OF_NO_THREAD                                                                           \
	((uint64_t)(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | \
		    CLONE_NEWNET | CLONE_NEWCGROUP | CLONE_PTRACE | CLONE_VFORK | CLONE_PARENT))
#define TYPE_BITS UINT64_C(0xf)        /* of socket()'s type, without its flags */
#define INT_BITS  UINT64_C(0xffffffff) /* the kernel takes an int, however the rest was left */
#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

struct bound {
	unsigned arg;
	uint64_t mask, value; /* mask 0: anything */
};

/* Negative numbers stand for calls that only other architectures have. */
static int
add(scmp_filter_ctx list, uint32_t action, const char *call, struct bound first,
    struct bound second)
{
	const struct bound bounds[] = {first, second};
	struct scmp_arg_cmp args[ARRAY_LEN(bounds)];
	int number = seccomp_syscall_resolve_name(call);
	unsigned n = 0;

	for (size_t i = 0; i < ARRAY_LEN(bounds); i++)
		if (bounds[i].mask != 0)
			args[n++] = (struct scmp_arg_cmp){bounds[i].arg, SCMP_CMP_MASKED_EQ,
							  bounds[i].mask, bounds[i].value};
	return number < 0 ? 0 : seccomp_rule_add_array(list, action, number, n, args);
}

static int
add_all(scmp_filter_ctx list)
{
	const struct {
		const char *call;
		uint32_t action;
		struct bound first, second;
	} rows[] = {
#define CALL(name) {#name, SCMP_ACT_ALLOW, {0}, {0}},
#define BOUND(name, a, mask, value, a2, mask2, value2) \
	{#name, SCMP_ACT_ALLOW, {a, mask, value}, {a2, mask2, value2}},
#define ANSWERED(name, error, a, mask, value) {#name, SCMP_ACT_ERRNO(error), {a, mask, value}, {0}},
#include "daemon/daemon_sandbox_calls.def"
#undef CALL
#undef BOUND
#undef ANSWERED
	};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(rows); i++)
		rc = add(list, rows[i].action, rows[i].call, rows[i].first, rows[i].second);
	return rc;
}

int
sandbox_calls_close(void)
{
	static const struct {
		enum scmp_filter_attr name;
		uint32_t value;
	} settings[] = {
		{SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS},
		{SCMP_FLTATR_CTL_NNP, 1},
		{SCMP_FLTATR_CTL_TSYNC, 1},    /* the writer and the others too */
		{SCMP_FLTATR_CTL_OPTIMIZE, 2}, /* a tree, not a list of two hundred */
	};
	scmp_filter_ctx list = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int rc = list == NULL ? -ENOMEM : 0;

	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(settings); i++)
		rc = seccomp_attr_set(list, settings[i].name, settings[i].value);
	if (rc == 0)
		rc = add_all(list);
	if (rc == 0)
		rc = seccomp_load(list);
	if (list != NULL)
		seccomp_release(list);
	return rc == 0 ? W_OK : W_EIO;
}
