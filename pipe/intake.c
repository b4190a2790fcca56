/* intake.c - standard input: looks at its first bytes, moves bytes out. */
#include "intake.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mail/message.h"
#include "mail/rows.h"

#define LOOK 4096 /* of the first bytes */
#define NAME_LOOK 256 /* no header field's name and no row's type is longer */

void
intake_init(struct intake *in, int fd)
{
	*in = (struct intake){ .fd = fd };
}

void
intake_release(struct intake *in)
{
	if (in->held != in->few)
		free(in->held);
	*in = (struct intake){ .fd = -1 };
}

void
intake_widen(const struct intake *in)
{
	int now = fcntl(in->fd, F_GETPIPE_SZ);

	/* Refused to a user whose pipes hold much already: half will do. */
	for (int n = INTAKE_PIPE; now > 0 && n > now; n /= 2)
		if (fcntl(in->fd, F_SETPIPE_SZ, n) >= 0)
			return;
}

bool
intake_waiting(const struct intake *in)
{
	struct pollfd p = { .fd = in->fd, .events = POLLIN };

	return in->to > in->from || (poll(&p, 1, 0) > 0 && p.revents != 0);
}

/* ---- moving ---- */

static enum moved
splice_to(struct intake *in, int fd, uint64_t at, size_t room, size_t *n)
{
	off_t to = (off_t)at;
	ssize_t k = splice(
	    in->fd, NULL, fd, &to, room, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);

	if (k > 0) {
		*n = (size_t)k;
		return MOVED_SOME;
	}
	if (k == 0)
		return MOVED_END;
	if (errno == EAGAIN || errno == EINTR)
		return MOVED_NOTHING;
	if (errno != EINVAL && errno != EBADF && errno != ESPIPE)
		return MOVED_REFUSED;
	in->copying = true;
	return MOVED_NOTHING;
}

/* Fills held from input. */
static enum moved
read_some(struct intake *in)
{
	ssize_t k;

	if (in->held == NULL) {
		in->held = malloc(INTAKE_ROOM);
		in->room = INTAKE_ROOM;
	}
	if (in->held == NULL) {
		in->held = in->few;
		in->room = sizeof in->few;
	}
	if (!intake_waiting(in))
		return MOVED_NOTHING;
	k = read(in->fd, in->held, in->room);
	if (k < 0 && (errno == EAGAIN || errno == EINTR))
		return MOVED_NOTHING;
	if (k < 0)
		in->broken = errno;
	if (k <= 0)
		return MOVED_END; /* closed, never there, or broken */
	in->from = 0;
	in->to = (size_t)k;
	return MOVED_SOME;
}

static enum moved
copy_to(struct intake *in, int fd, uint64_t at, size_t room, size_t *n)
{
	size_t left = in->to - in->from;
	ssize_t k;

	if (left == 0) {
		enum moved got = read_some(in);

		if (got != MOVED_SOME)
			return got;
		left = in->to;
	}
	k = pwrite(
	    fd, in->held + in->from, left < room ? left : room, (off_t)at);
	if (k < 0 && errno == EINTR)
		return MOVED_NOTHING;
	if (k <= 0) {
		errno = k == 0 ? ENOSPC : errno;
		return MOVED_REFUSED;
	}
	in->from += (size_t)k;
	*n = (size_t)k;
	return MOVED_SOME;
}

enum moved
intake_move(struct intake *in, int fd, uint64_t at, size_t room, size_t *n)
{
	*n = 0;
	if (room > INTAKE_ROOM)
		room = INTAKE_ROOM;
	if (!in->copying) {
		enum moved got = splice_to(in, fd, at, room, n);

		if (!in->copying)
			return got;
	}
	return copy_to(in, fd, at, room, n);
}

enum moved
intake_drop(struct intake *in, size_t *n)
{
	enum moved got = MOVED_SOME;

	if (in->to == in->from)
		got = read_some(in);
	*n = in->to - in->from;
	in->from = in->to = 0;
	return got;
}

/* ---- looking ---- */

/* Copies up to cap bytes that wait in a pipe, without taking them. */
static ssize_t
look_pipe(int fd, char *p, size_t cap)
{
	ssize_t n = -1;
	int copy[2];

	if (pipe2(copy, O_CLOEXEC | O_NONBLOCK) != 0)
		return -1;
	n = tee(fd, copy[1], cap, SPLICE_F_NONBLOCK);
	if (n > 0)
		n = read(copy[0], p, cap);
	close(copy[0]);
	close(copy[1]);
	return n;
}

static ssize_t
look(int fd, char *p, size_t cap)
{
	ssize_t n = look_pipe(fd, p, cap);

	if (n < 0 && errno == EINVAL)
		n = recv(fd, p, cap, MSG_PEEK | MSG_DONTWAIT);
	if (n < 0 && errno == ENOTSOCK)
		n = pread(fd, p, cap, lseek(fd, 0, SEEK_CUR));
	return n;
}

/* What may follow a mail's first line. */
static bool
is_second_line(struct str line)
{
	struct str text = str_trim(line);

	return text.n == 0 || ascii_is_space(line.p[0]) || message_starts(line);
}

enum sniffed
intake_sniff_bytes(struct str first, bool last)
{
	struct str text = str_trim(first);
	struct str rest = first;
	struct str line;
	bool whole;

	if (text.n > 0 && (text.p[0] == '{' || text.p[0] == '['))
		return SNIFFED_JSON;
	(void)str_cut(&rest, '\n', &line);
	if (rows_known_type(line).n > 0)
		return SNIFFED_ROWS;
	whole = str_chr(first, '\n') < first.n;
	if (!message_starts(first)) /* "Retu" may become "Return-Path:" */
		return whole || last || first.n >= NAME_LOOK ? SNIFFED_ROWS
							     : SNIFFED_NOT_YET;
	/* The midst of a row can look like a field; two lines can hardly. What
	 * stands below them a stranger wrote, and rows there are none. */
	line = str_sub(rest, 0, str_chr(rest, '\n'));
	if (rows_known_type(line).n > 0)
		return SNIFFED_ROWS;
	if (line.n == rest.n && !last)
		return SNIFFED_NOT_YET;
	return whole && is_second_line(line) ? SNIFFED_MESSAGE : SNIFFED_ROWS;
}

/* Whether what waits now is all that will ever come. */
static bool
nothing_follows(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLRDHUP };
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return true;
	return poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLRDHUP)) != 0;
}

enum sniffed
intake_sniff(const struct intake *in, bool last)
{
	bool all = last || nothing_follows(in->fd); /* before looking */
	char first[LOOK];
	ssize_t n = look(in->fd, first, sizeof first);

	if (n < 0 && errno == EAGAIN)
		return all ? SNIFFED_ROWS : SNIFFED_NOT_YET;
	if (n <= 0) /* its end, or a terminal */
		return SNIFFED_ROWS;
	return intake_sniff_bytes(
	    str_of(first, (size_t)n), all || (size_t)n == sizeof first);
}
