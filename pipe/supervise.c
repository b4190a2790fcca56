/* supervise.c - keeps a worker alive, and learns at which record it died. */
#include "supervise.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/quote.h"

#define PAUSE_FIRST 100 /* ms; the first death of a while costs none */
#define PAUSE_MAX 30000
#define LIVED_WELL 60000 /* ms after which earlier deaths are forgotten */
#define DEATHS_TOLERATED 2 /* at one record */

void
supervise_init(
    struct supervise *s, struct shared *sh, worker_fn *run, void *ctx)
{
	*s = (struct supervise){ .sh = sh, .run = run, .ctx = ctx };
}

static int64_t
pause_after(unsigned deaths)
{
	int64_t ms = PAUSE_FIRST;

	if (deaths <= 1)
		return 0;
	for (unsigned i = 2; i < deaths && ms < PAUSE_MAX; i++)
		ms *= 2;
	return ms < PAUSE_MAX ? ms : PAUSE_MAX;
}

void
supervise_start(struct supervise *s, int64_t ticks)
{
	pid_t pid;

	if (s->pid != 0 || s->finished || s->held || ticks < s->next)
		return;
	atomic_store(&s->sh->at_size, 0);
	atomic_store(&s->sh->sleeping, false);
	pid = fork();
	if (pid == 0)
		_exit(s->run(s->ctx));
	if (pid > 0) {
		s->pid = pid;
		s->started = ticks;
		return;
	}
	s->deaths++;
	s->next = ticks + pause_after(s->deaths + 1);
	shared_note(s->sh, NOTE_WORKER, LOG_AT_ERROR,
	    "cannot start the worker: %s; records are kept in the journal, "
	    "free some memory or processes",
	    strerror(errno));
}

/* The worker died while it worked on a record: the second time there the
 * record is passed over. */
static void
judge_record(struct supervise *s)
{
	char shown[JOURNAL_NAME_MAX + 8];
	struct shared_record at = s->sh->at;

	at.name[sizeof at.name - 1] = '\0';
	if (at.pos == s->last.pos && strcmp(at.name, s->last.name) == 0) {
		s->at_last++;
	} else {
		s->last = at;
		s->at_last = 1;
	}
	if (s->at_last < DEATHS_TOLERATED)
		return;
	s->at_last = 0;
	shared_quarantine(s->sh, &at);
	shared_note(s->sh, NOTE_QUARANTINE, LOG_AT_ERROR,
	    "the worker died twice at byte %llu of stream %s; that record "
	    "goes to quarantine/ and is passed over: send it to the makers",
	    (unsigned long long)at.pos,
	    str_quote(str_from(at.name), shown, sizeof shown));
}

static void
note_death(struct supervise *s, int status)
{
	const char *where = atomic_load(&s->sh->at_size) > 0
	    ? "at a record"
	    : "between records";

	if (WIFSIGNALED(status))
		shared_note(s->sh, NOTE_WORKER, LOG_AT_ERROR,
		    "the worker died %s, by signal %d (%s); it is started "
		    "again, nothing is lost",
		    where, WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		shared_note(s->sh, NOTE_WORKER, LOG_AT_ERROR,
		    "the worker gave up %s, exit code %d; it is started "
		    "again, nothing is lost",
		    where, WEXITSTATUS(status));
}

void
supervise_reap(struct supervise *s, int64_t ticks)
{
	int status;
	pid_t got;

	if (s->pid == 0)
		return;
	do
		got = waitpid(s->pid, &status, WNOHANG);
	while (got < 0 && errno == EINTR);
	if (got == 0)
		return;
	s->pid = 0;
	s->next = ticks;
	if (got > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		/* Done, or it wants a new life with a stream's lock. */
		s->finished = atomic_load(&s->sh->done);
		return;
	}
	if (ticks - s->started > LIVED_WELL)
		s->deaths = 0;
	s->deaths++;
	s->next = ticks + pause_after(s->deaths);
	if (got > 0)
		note_death(s, status);
	if (got > 0 && atomic_load(&s->sh->at_size) > 0)
		judge_record(s);
}

int64_t
supervise_wait(const struct supervise *s, int64_t ticks)
{
	if (s->pid != 0 || s->finished || s->held)
		return -1;
	return s->next > ticks ? s->next - ticks : 0;
}

void
supervise_stop(struct supervise *s)
{
	int status;

	if (s->pid == 0)
		return;
	(void)kill(s->pid, SIGKILL);
	while (waitpid(s->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	s->pid = 0;
}
