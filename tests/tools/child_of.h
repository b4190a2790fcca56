/* child_of.h - a process's first child. */
#ifndef CHILD_OF_H
#define CHILD_OF_H

#include <sys/types.h>

#include "base/file.h"
#include "base/number.h"

/* The children of pid, as the kernel tells them; 0: none. */
static inline pid_t
child_of(pid_t pid)
{
	char path[64];
	struct buf b = { 0 };
	struct err e = { 0 };
	uint64_t n = 0;
	struct str rest, word;

	if (number_print(path, sizeof path, "/proc/%ld/task/%ld/children",
		(long)pid, (long)pid) &&
	    file_read(path, 4096, &b, &e)) {
		rest = buf_str(&b);
		if (str_word(&rest, &word))
			(void)number_u64(word, 1, INT32_MAX, &n);
	}
	buf_release(&b);
	return (pid_t)n;
}

#endif
