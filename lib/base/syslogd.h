/* syslogd.h - lines to the machine's log, without ever waiting for it. */
#ifndef BASE_SYSLOGD_H
#define BASE_SYSLOGD_H

#include <stdbool.h>
#include <stdint.h>

#define SYSLOGD_PATH "/dev/log"

/* syslog(3) waits for a daemon that hangs; who takes PowerMTA's bytes must
 * not. */
struct syslogd {
	const char *path;
	int fd; /* -1: not connected */
	bool stream; /* lines end with a zero byte */
};

/* Connects to the socket path, which must outlive s. Where nobody listens, each
 * line tries again. */
void syslogd_open(struct syslogd *s, const char *path);
void syslogd_close(struct syslogd *s);
/*
 * One line as syslog(3) writes it; priority: level and facility of <syslog.h>.
 * It is dropped when it is not taken at once.
 */
void syslogd_send(struct syslogd *s, int priority, const char *prog,
    int64_t now, const char *text);

#endif
