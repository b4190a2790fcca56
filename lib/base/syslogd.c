/* syslogd.c - lines to the machine's log, without ever waiting for it. */
#include "base/syslogd.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/number.h"
#include "base/str.h"

#define LINE_BYTES 2048

static int
connect_to(const char *path, int type)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = -1, why;

	if (str_copy(str_from(path), to.sun_path, sizeof to.sun_path))
		fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&to, sizeof to) == 0)
		return fd;
	why = errno;
	close(fd);
	errno = why;
	return -1;
}

void
syslogd_open(struct syslogd *s, const char *path)
{
	*s = (struct syslogd){ .path = path,
		.fd = connect_to(path, SOCK_DGRAM) };
	if (s->fd >= 0 || errno != EPROTOTYPE)
		return;
	s->fd = connect_to(path, SOCK_STREAM);
	s->stream = true;
}

void
syslogd_close(struct syslogd *s)
{
	if (s->path != NULL && s->fd >= 0)
		close(s->fd);
	*s = (struct syslogd){ .fd = -1 };
}

/* Whether the line is dealt with; false: there may be a new daemon. */
static bool
send_line(struct syslogd *s, struct str line)
{
	size_t n = line.n + s->stream;
	ssize_t sent;

	if (s->fd < 0)
		return false;
	do
		sent = send(s->fd, line.p, n, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return errno == EAGAIN || errno == ENOBUFS ||
		    errno == EMSGSIZE;
	/* What follows would be taken for the rest of half a line. */
	if ((size_t)sent < n) {
		close(s->fd);
		s->fd = -1;
	}
	return true;
}

static bool
stamp(int64_t now, char out[32])
{
	time_t t = (time_t)now;
	struct tm tm;

	return localtime_r(&t, &tm) != NULL &&
	    strftime(out, 32, "%b %e %H:%M:%S", &tm) > 0;
}

void
syslogd_send(struct syslogd *s, int priority, const char *prog, int64_t now,
    const char *text)
{
	const char *path = s->path;
	char line[LINE_BYTES], when[32];

	if (path == NULL || !stamp(now, when) ||
	    !number_print(line, sizeof line, "<%d>%s %.64s[%ld]: %s", priority,
	        when, prog, (long)getpid(), text))
		return;
	if (send_line(s, str_from(line)))
		return;
	syslogd_close(s);
	syslogd_open(s, path);
	(void)send_line(s, str_from(line));
}
