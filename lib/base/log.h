/* log.h - the program's log: syslog, stderr or a file, at a bounded rate. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "base/syslogd.h"

enum log_level { LOG_AT_ERROR, LOG_AT_WARNING, LOG_AT_NOTICE, LOG_AT_INFO,
	LOG_AT_DEBUG };

#define LOG_KINDS 64      /* message kinds that are counted apart */
#define LOG_PER_MINUTE 10 /* lines of one kind a minute; the rest is counted */

struct log_kind {
	const char *name;  /* a literal, compared by text */
	int64_t minute;
	unsigned told, kept_back;
};

struct log {
	const char *prog;
	int to;            /* a descriptor, or -1: syslog */
	bool owns;         /* to is ours to close */
	bool waits;        /* for who reads stderr, as a command may */
	struct syslogd syslogd;
	enum log_level level;
	struct log_kind kinds[LOG_KINDS];
};

/*
 * where: "syslog" (facility mail), "stderr", or a file's path (appended,
 * mode 0640, O_NOFOLLOW). prog must outlive the log. A line that syslog, or
 * who reads stderr, does not take at once is dropped: no log makes the program
 * wait.
 */
bool log_open(struct log *l, const char *prog, const char *where,
    enum log_level level, struct err *e);
void log_close(struct log *l);

/* Whether fd takes a line at once. */
bool log_takes(int fd);
/* Whether no line can make the program wait, as a disk that hangs does. */
bool log_never_waits(const struct log *l);

/*
 * One line. kind is a short literal such as "row-too-long": at most
 * LOG_PER_MINUTE lines of one kind and minute, then, with the next that is
 * told, how many were kept back. Bytes of strangers go through str_quote()
 * first; any control byte left is replaced by '?'. NULL l: nothing happens.
 * A line: "2026-11-21T07:57:27Z prog[pid]: level: kind: text" (syslog: from
 * "kind:" on).
 */
void log_say(struct log *l, enum log_level level, const char *kind,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* "error", "warning", "notice", "info", "debug". */
bool log_level_of(struct str name, enum log_level *out);

#endif
