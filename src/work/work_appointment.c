#include "work/work.h"

bool
appointment_is_open(struct str status)
{
	static const char *const open[] = {"planned", "confirmed", "move_requested"};

	for (size_t i = 0; i < ARRAY_LEN(open); i++)
		if (str_is(status, open[i]))
			return true;
	return false;
}
