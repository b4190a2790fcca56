/* intake.h - standard input: looks at its first bytes, moves bytes out. */
#ifndef PIPE_INTAKE_H
#define PIPE_INTAKE_H

#include "base/buf.h"
#include "shared.h"

#define INTAKE_PIPE (1 << 20) /* the pipe is widened to this, where allowed */
#define INTAKE_ROOM (1 << 20) /* bytes moved at once */
#define INTAKE_FEW 4096

/*
 * Bytes go from the pipe to the file inside the kernel: they leave the pipe
 * only when they are in the file, so kill -9 loses none. Where splice(2) is
 * refused (input is a file or a socket) they are read and written; what was
 * read and could not be written is held here for the next try.
 */
struct intake {
	int fd;
	bool copying; /* splice is refused */
	char *held; /* `room` bytes, once copying */
	size_t room;
	size_t from, to; /* of held: not yet written */
	char few[INTAKE_FEW]; /* held where there is no memory: it reads on */
	int broken; /* errno of a read that failed: that ended the input */
};

enum moved {
	MOVED_SOME,
	MOVED_NOTHING, /* none waits */
	MOVED_END, /* end of input */
	MOVED_REFUSED /* the file cannot be written, see errno */
};

void intake_init(struct intake *in, int fd);
void intake_release(struct intake *in);
/* Makes the pipe hold more, so that a pause of ours stalls nobody. */
void intake_widen(const struct intake *in);

/* At most room bytes to fd at offset `at`; *n of them went. Never waits for
 * input. */
enum moved intake_move(
    struct intake *in, int fd, uint64_t at, size_t room, size_t *n);
/* Reads and drops. */
enum moved intake_drop(struct intake *in, size_t *n);
/* Bytes that wait now. */
bool intake_waiting(const struct intake *in);

/* What the first bytes are, without taking them. last: no more have come for
 * a while, so these must do. */
enum sniffed intake_sniff(const struct intake *in, bool last);
/* The same of bytes. */
enum sniffed intake_sniff_bytes(struct str first, bool last);

#endif
