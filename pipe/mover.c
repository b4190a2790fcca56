/* mover.c - the process that PowerMTA started: takes bytes, nothing else. */
#include "mover.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "handover.h"
#include "mail/message.h"
#include "stow.h"
#include "supervise.h"
#include "worker.h"

#define SNIFF_EVERY 10 /* ms between looks at first bytes that are few */
#define SNIFF_LONGEST 2000 /* ms, then the few must do */
#define DRAIN_LONGEST 1000 /* ms of taking what waits, after SIGTERM */
#define OPEN_LONGEST 10000 /* ms for the worker to try the database */

static volatile sig_atomic_t stop_asked;
static volatile sig_atomic_t child_changed;

struct mover {
	struct setup *setup;
	struct shared *sh;
	struct stow stow;
	struct supervise worker;
	int wake; /* eventfd */
	int life[2]; /* the worker reads its end when we die */
	sigset_t inside; /* signals let in while waiting */
	bool ended; /* input has come to its end */
	int64_t over; /* when nothing more was taken */
	int64_t sniffed_first; /* ticks, 0: not begun */
};

/* ---- signals ---- */

static void
on_signal(int number)
{
	if (number == SIGCHLD)
		child_changed = 1;
	else
		stop_asked = 1;
}

/* Signals come in only while we wait, so none is lost in between. */
static void
signals_set(struct mover *m)
{
	static const int TAKEN[] = { SIGTERM, SIGINT, SIGCHLD };
	struct sigaction act = { .sa_handler = on_signal };
	sigset_t taken;

	sigemptyset(&taken);
	for (size_t i = 0; i < COUNT(TAKEN); i++) {
		(void)sigaction(TAKEN[i], &act, NULL);
		sigaddset(&taken, TAKEN[i]);
	}
	sigprocmask(SIG_SETMASK, &taken, NULL);
	sigemptyset(&m->inside);
}

/* ---- beginning ---- */

static int
run_worker(void *ctx)
{
	struct mover *m = ctx;
	struct worker_args a = {
		.setup = m->setup,
		.sh = m->sh,
		.journal = m->stow.journal,
		.spare = &m->stow.spare,
		.wake = m->wake,
		.life = m->life[0],
	};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGCHLD, SIG_DFL);
	(void)signal(SIGALRM, SIG_DFL);
	sigprocmask(SIG_SETMASK, &m->inside, NULL);
	/* With the mover its pipe must die, so that PowerMTA notices. */
	if (null < 0 || dup2(null, STDIN_FILENO) < 0)
		close(STDIN_FILENO);
	if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
		close(STDOUT_FILENO);
	if (null >= 0)
		close(null);
	close(m->life[1]);
	segment_close(&m->stow.segment);
	return worker_run(&a);
}

static bool
mover_open(struct mover *m, struct setup *s, struct err *e)
{
	*m = (struct mover){ .setup = s, .wake = -1, .life = { -1, -1 } };
	m->sh = shared_new(e);
	if (m->sh == NULL)
		return false;
	m->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (m->wake < 0 || pipe2(m->life, O_CLOEXEC | O_NONBLOCK) != 0)
		return err_set(e, EX_OSERR,
		    "cannot make a pipe to the worker: %s; raise the limit "
		    "of open files",
		    strerror(errno));
	supervise_init(&m->worker, m->sh, run_worker, m);
	stow_open(&m->stow, s, m->sh);
	return true;
}

static void
mover_close(struct mover *m)
{
	stow_close(&m->stow);
	if (m->wake >= 0)
		close(m->wake);
	if (m->life[0] >= 0)
		close(m->life[0]);
	if (m->life[1] >= 0)
		close(m->life[1]);
	shared_free(m->sh);
}

/* ---- waiting ---- */

static int64_t
sooner(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

static void
mover_wake(struct mover *m)
{
	uint64_t one = 1;

	if (!atomic_exchange(&m->sh->sleeping, false))
		return;
	atomic_fetch_add(&m->sh->wakes, 1);
	/* Full is awake as well. */
	if (write(m->wake, &one, sizeof one) < 0)
		return;
}

/* Without a worker nobody else would tell why there is none. */
static void
tell_for_worker(struct mover *m)
{
	if (m->worker.pid == 0 && log_never_waits(&m->setup->log))
		shared_tell(m->sh, &m->setup->log);
}

/* Waits for input (if looked for), a signal, or what is due; at most longest
 * ms, -1: as long as it takes. Then sees to the worker and to the folder.
 * Whether input is there. */
static bool
mover_wait(struct mover *m, bool input, int64_t longest)
{
	struct pollfd p = { .fd = input ? m->stow.in.fd : -1,
		.events = POLLIN };
	int64_t ticks = clock_ticks();
	int64_t ms = sooner(longest,
	    sooner(
		supervise_wait(&m->worker, ticks), stow_wait(&m->stow, ticks)));
	struct timespec t = { .tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000 };

	if (input && m->stow.in.to > m->stow.in.from)
		t = (struct timespec){ 0 };
	p.revents = 0;
	if (ppoll(&p, 1, ms < 0 ? NULL : &t, &m->inside) < 0)
		p.revents = 0;
	ticks = clock_ticks();
	if (child_changed) {
		child_changed = 0;
		supervise_reap(&m->worker, ticks);
	}
	supervise_start(&m->worker, ticks);
	tell_for_worker(m);
	stow_mend(&m->stow, ticks);
	return p.revents != 0 || m->stow.in.to > m->stow.in.from;
}

/* ---- what comes in ---- */

static void
set_mode(struct mover *m, enum sniffed what)
{
	struct journal_info *info = &m->setup->info;

	bool message = what == SNIFFED_MESSAGE;

	atomic_store(&m->sh->input, (int)what);
	(void)str_copy(str_from(message ? JOURNAL_PART
					: shared_input(m->sh)),
	    info->input, sizeof info->input);
	if (message)
		m->stow.limit = MESSAGE_BYTES_MAX;
	if (what == SNIFFED_JSON)
		shared_note(m->sh, NOTE_INPUT, LOG_AT_ERROR,
		    "PowerMTA writes JSON to this pipe: rows are kept in the "
		    "journal and counted, not worked on; make it write CSV");
	stow_say_input(&m->stow);
}

/* Says what comes in, if the first bytes tell by now; last: they must. */
static bool
mover_sniff(struct mover *m, bool last)
{
	int64_t ticks = clock_ticks();
	enum sniffed what;

	if (atomic_load(&m->sh->input) != SNIFFED_NOT_YET)
		return true;
	if (m->sniffed_first == 0)
		m->sniffed_first = ticks;
	last |= ticks - m->sniffed_first >= SNIFF_LONGEST;
	what = intake_sniff(&m->stow.in, last);
	if (what == SNIFFED_NOT_YET)
		return false;
	set_mode(m, what);
	return true;
}

static void
mover_take(struct mover *m)
{
	switch (stow_take(&m->stow, clock_ticks())) {
	case MOVED_SOME:
		mover_wake(m);
		break;
	case MOVED_END:
		m->ended = true;
		break;
	default:
		break;
	}
}

static void
mover_loop(struct mover *m)
{
	bool known = true;

	while (!m->ended && !stop_asked) {
		/* Bytes that tell too little would end every wait at once. */
		if (!mover_wait(m, known, known ? -1 : SNIFF_EVERY) && known)
			continue;
		known = mover_sniff(m, false);
		if (known)
			mover_take(m);
	}
}

/* The writer does not stop, and what is in the pipe goes with us. */
static void
tell_left_behind(struct mover *m)
{
	int n = 0;

	if (m->ended || atomic_load(&m->sh->input) == SNIFFED_MESSAGE ||
	    ioctl(m->stow.in.fd, FIONREAD, &n) != 0 || n <= 0)
		return;
	shared_note(m->sh, NOTE_DROPPED, LOG_AT_ERROR,
	    "%d bytes still waited on input when it was closed, by the signal "
	    "to stop; give the acct-file of this time to 'pmta-suppress "
	    "ingest'",
	    n);
}

/* SIGTERM: what waits in the pipe has been written for us. */
static void
mover_drain(struct mover *m)
{
	int64_t until = clock_ticks() + DRAIN_LONGEST;

	while (
	    !m->ended && clock_ticks() < until && intake_waiting(&m->stow.in)) {
		(void)mover_sniff(m, true);
		mover_take(m);
		stow_mend(&m->stow, clock_ticks());
	}
	tell_left_behind(m);
}

/* ---- the end ---- */

/* From here on a writer is told that nobody reads. */
static void
close_input(struct mover *m)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (null < 0 || dup2(null, m->stow.in.fd) < 0)
		close(m->stow.in.fd);
	if (null >= 0)
		close(null);
}

/* Until the worker is done, or too long; what is still in memory is written
 * to the folder if it can be by then. */
static void
wait_for_worker(struct mover *m)
{
	int64_t until = clock_ticks() + m->setup->config.drain_timeout * 1000;

	atomic_store(&m->sh->eof, true);
	atomic_store(&m->sh->sleeping, true);
	mover_wake(m);
	m->worker.held = false;
	while (!m->worker.finished) {
		int64_t left = until - clock_ticks();

		if (left <= 0)
			break;
		(void)mover_wait(m, false, left);
	}
	supervise_stop(&m->worker);
}

static void
tell_the_rest(struct mover *m)
{
	uint64_t head = atomic_load(&m->sh->head);
	uint64_t disk = atomic_load(&m->sh->disk);
	uint64_t worked = atomic_load(&m->sh->worked);
	uint64_t dropped = atomic_load(&m->sh->dropped) -
	    atomic_load(&m->sh->dropped_told);
	char from[CLOCK_TEXT], to[CLOCK_TEXT];

	if (!m->worker.finished && disk > worked)
		shared_note(m->sh, NOTE_WORKER, LOG_AT_WARNING,
		    "%llu bytes were not worked on within %lld s; they wait "
		    "in the journal, the next start works on them",
		    (unsigned long long)(disk - worked),
		    (long long)m->setup->config.drain_timeout);
	/* A message comes again. */
	if (!m->worker.finished && head > disk && head > worked &&
	    atomic_load(&m->sh->input) != SNIFFED_MESSAGE)
		shared_note(m->sh, NOTE_DROPPED, LOG_AT_ERROR,
		    "%llu bytes that came between %s and %s could neither be "
		    "worked on nor written to %.200s and are lost; give the "
		    "acct-file of that time to 'pmta-suppress ingest'",
		    (unsigned long long)(head -
			(disk > worked ? disk : worked)),
		    clock_text(m->stow.since, from),
		    clock_text(m->over, to), m->setup->journal);
	if (dropped > 0)
		shared_note(m->sh, NOTE_DROPPED, LOG_AT_ERROR,
		    "%llu bytes of records were dropped between %s and %s; "
		    "give the acct-file of that time to 'pmta-suppress "
		    "ingest'",
		    (unsigned long long)dropped,
		    clock_text(atomic_load(&m->sh->drop_first), from),
		    clock_text(atomic_load(&m->sh->drop_last), to));
	shared_tell(m->sh, &m->setup->log);
}

/*
 * A message that is on the disk is left to the worker of a pipe that lives.
 * False: it is for a worker of our own, as before.
 */
static bool
hand_over(struct mover *m)
{
	struct stow *s = &m->stow;
	struct err e = { 0 };
	bool left;
	int to;

	if (!m->worker.held || s->journal == NULL || s->lock < 0)
		return false;
	to = handover_find(m->setup, journal_fd(s->journal));
	if (to < 0)
		return false;
	close(s->lock);
	s->lock = -1;
	left = handover_leave(to, m->setup->name);
	close(to);
	if (left)
		return true;
	/* Who has adopted it by now works on it as well. */
	return !journal_claim(s->journal, m->setup->name, &s->lock, &e) ||
	    s->lock < 0;
}

/* Whether all of it was taken. */
static bool
is_whole(const struct mover *m)
{
	return m->ended && m->stow.in.broken == 0 &&
	    atomic_load(&m->sh->dropped) == 0;
}

/* Of a message PowerMTA is told that it is not kept: it has another try. */
static int
refuse_message(const struct mover *m, struct err *e)
{
	int broken = m->stow.in.broken;

	if (broken != 0)
		err_set(e, EX_TEMPFAIL,
		    "standard input cannot be read: %s; the message is not "
		    "taken, it will come again",
		    strerror(broken));
	else
		err_set(e, EX_TEMPFAIL,
		    m->ended ? "the message could be neither journaled nor "
			       "worked on; see the log, it will come again"
			     : "stopped before the message's end; it will "
			       "come again");
	return EX_TEMPFAIL;
}

static int
mover_finish(struct mover *m, struct err *e)
{
	bool message = atomic_load(&m->sh->input) == SNIFFED_MESSAGE;
	struct err trouble = { 0 };
	bool synced;

	close_input(m);
	m->over = clock_now();
	if (message && !is_whole(m)) {
		supervise_stop(&m->worker);
		stow_forget(&m->stow);
		shared_tell(m->sh, &m->setup->log);
		return refuse_message(m, e);
	}
	synced = stow_finish(&m->stow, &trouble) && stow_all_on_disk(&m->stow);
	if (trouble.code != 0)
		shared_note(
		    m->sh, NOTE_JOURNAL, LOG_AT_ERROR, "%s", trouble.text);
	if (message && synced && hand_over(m)) {
		shared_tell(m->sh, &m->setup->log);
		return EX_OK;
	}
	wait_for_worker(m);
	/* Memory may have come into the folder meanwhile. */
	(void)stow_finish(&m->stow, &trouble);
	tell_the_rest(m);
	if (!message || synced || m->worker.finished)
		return EX_OK;
	stow_forget(&m->stow);
	shared_tell(m->sh, &m->setup->log);
	return refuse_message(m, e);
}

/* ---- the whole ---- */

/* Without a journal the database must be there: the worker tries it. */
static bool
wait_for_database(struct mover *m)
{
	int64_t until = clock_ticks() + OPEN_LONGEST;

	while (atomic_load(&m->sh->database) == DATABASE_UNKNOWN &&
	    clock_ticks() < until && !stop_asked)
		(void)mover_wait(m, false, SNIFF_EVERY);
	return atomic_load(&m->sh->database) != DATABASE_FAILED;
}

static bool
mover_start(struct mover *m, struct err *e)
{
	struct err home = { 0 };
	bool ok;

	signals_set(m);
	intake_widen(&m->stow.in);
	ok = stow_home(&m->stow, &home);
	if (!ok)
		shared_note(m->sh, NOTE_JOURNAL, LOG_AT_ERROR, "%s", home.text);
	/* Another's worker may take a message; that is seen at its end. */
	m->worker.held =
	    ok && atomic_load(&m->sh->input) == SNIFFED_MESSAGE;
	supervise_start(&m->worker, clock_ticks());
	if (ok || wait_for_database(m))
		return true;
	supervise_stop(&m->worker);
	return err_set(e, EX_TEMPFAIL,
	    "neither journal nor database can be opened, so nothing was "
	    "taken: %.300s",
	    home.text);
}

static void
set_input_option(struct mover *m)
{
	struct str input = str_from(m->setup->options.input);

	if (str_eq(input, STR("csv")))
		set_mode(m, SNIFFED_ROWS);
	else if (str_eq(input, STR("json")))
		set_mode(m, SNIFFED_JSON);
	else if (str_eq(input, STR("message")))
		set_mode(m, SNIFFED_MESSAGE);
}

int
mover_run(struct setup *s, struct err *e)
{
	struct mover m;
	int answer = EX_TEMPFAIL;

	if (!mover_open(&m, s, e))
		goto out;
	set_input_option(&m);
	if (!mover_start(&m, e))
		goto out;
	mover_loop(&m);
	if (!m.ended)
		mover_drain(&m);
	answer = mover_finish(&m, e);
out:
	mover_close(&m);
	return answer;
}
