/* log.c - the program's log: syslog, stderr or a file, at a bounded rate. */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"

#define TEXT_MAX 1024 /* bytes of one message */
#define LINE_MAX_BYTES (TEXT_MAX + 256)

static const struct {
	const char *name;
	int priority; /* syslog's */
} LEVELS[] = {
	[LOG_AT_ERROR] = { "error", LOG_ERR },
	[LOG_AT_WARNING] = { "warning", LOG_WARNING },
	[LOG_AT_NOTICE] = { "notice", LOG_NOTICE },
	[LOG_AT_INFO] = { "info", LOG_INFO },
	[LOG_AT_DEBUG] = { "debug", LOG_DEBUG },
};

bool
log_open(struct log *l, const char *prog, const char *where,
    enum log_level level, struct err *e)
{
	*l = (struct log){ .prog = prog, .to = -1, .level = level };
	if (strcmp(where, "syslog") == 0) {
		syslogd_open(&l->syslogd, SYSLOGD_PATH);
		return true;
	}
	if (strcmp(where, "stderr") == 0) {
		l->to = STDERR_FILENO;
		return true;
	}
	/* Not blocking: a FIFO that nobody reads must not stop the program. */
	l->to = open(where,
	    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY |
		O_NONBLOCK,
	    0640);
	if (l->to < 0) {
		/* Not -1: a log that failed to open is not syslog's. */
		*l = (struct log){ 0 };
		return err_set(e, EX_IOERR,
		    "%s: cannot open the log: %s; "
		    "name 'syslog', 'stderr' or a file you may write",
		    where, strerror(errno));
	}
	l->owns = true;
	return true;
}

void
log_close(struct log *l)
{
	if (l->prog == NULL)
		return;
	if (l->owns)
		close(l->to);
	else if (l->to < 0)
		syslogd_close(&l->syslogd);
	*l = (struct log){ 0 };
}

bool
log_takes(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, 0) > 0;
}

bool
log_never_waits(const struct log *l)
{
	return !l->owns && !l->waits;
}

/* The row that counts kind. Once all are taken the last stands for the rest:
 * kinds are literals, so this is a guard, not a working state. */
static struct log_kind *
find_kind(struct log *l, const char *kind)
{
	for (size_t i = 0; i < LOG_KINDS; i++) {
		if (l->kinds[i].name == NULL)
			l->kinds[i].name = kind;
		if (strcmp(l->kinds[i].name, kind) == 0)
			return &l->kinds[i];
	}
	return &l->kinds[LOG_KINDS - 1];
}

/* Whether one more line may be told now; *missed: how many were not. */
static bool
may_tell(struct log *l, const char *kind, int64_t now, unsigned *missed)
{
	struct log_kind *k = find_kind(l, kind);

	if (k->minute != now / 60) {
		k->minute = now / 60;
		k->told = 0;
	}
	if (k->told >= LOG_PER_MINUTE) {
		k->kept_back++;
		return false;
	}
	k->told++;
	*missed = k->kept_back;
	k->kept_back = 0;
	return true;
}

/* One line of printable text in place: '?' for controls, "..." for a cut. */
static void
tidy(char *text, bool cut)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			text[i] = '?';
	if (cut && n >= 3)
		memcpy(text + n - 3, "...", 3);
}

static void
write_line(
    struct log *l, enum log_level level, int64_t now, const char *text)
{
	char line[LINE_MAX_BYTES];
	char when[CLOCK_TEXT];

	if (l->to < 0) {
		syslogd_send(&l->syslogd, LOG_MAIL | LEVELS[level].priority,
		    l->prog, now, text);
		return;
	}
	if (!l->owns && !l->waits && !log_takes(l->to))
		return;
	/* Nobody is left to tell when the log itself cannot be written. */
	if (number_print(line, sizeof line, "%s %.64s[%ld]: %s: %s\n",
		clock_text(now, when), l->prog, (long)getpid(),
		LEVELS[level].name, text))
		(void)file_write_all(l->to, str_from(line));
}

void
log_say(
    struct log *l, enum log_level level, const char *kind, const char *fmt, ...)
{
	char text[TEXT_MAX];
	char whole[TEXT_MAX + 128];
	int64_t now = clock_now();
	unsigned missed;
	va_list ap;
	int n;

	if (l == NULL || l->prog == NULL || level > l->level ||
	    !may_tell(l, kind, now, &missed))
		return;
	va_start(ap, fmt);
	n = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (n < 0)
		text[0] = '\0';
	tidy(text, n >= (int)sizeof text);
	if (missed == 0)
		(void)number_print(
		    whole, sizeof whole, "%.64s: %s", kind, text);
	else
		(void)number_print(whole, sizeof whole,
		    "%.64s: %s (%u more of this kind kept back)", kind, text,
		    missed);
	write_line(l, level, now, whole);
}

bool
log_level_of(struct str name, enum log_level *out)
{
	for (size_t i = 0; i < COUNT(LEVELS); i++) {
		if (str_eq(name, str_from(LEVELS[i].name))) {
			*out = (enum log_level)i;
			return true;
		}
	}
	return false;
}
