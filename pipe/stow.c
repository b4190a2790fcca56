/* stow.c - puts input away: in a segment, else in memory, else nowhere. */
#include "stow.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/number.h"

#define TRY_EVERY 1000 /* ms, of the folder and of the segment's being there */
#define FLUSH_ONCE (1u << 20) /* bytes from memory between looks at input */
#define CHUNK 65536

void
stow_open(struct stow *s, const struct setup *setup, struct shared *sh)
{
	uint64_t max = (uint64_t)setup->config.spare_bytes;
	struct err e = { 0 };

	*s = (struct stow){ .setup = setup, .sh = sh, .lock = -1 };
	segment_init(&s->segment);
	intake_init(&s->in, STDIN_FILENO);
	if (!spare_open(&s->spare, sh, max, &e))
		shared_note(sh, NOTE_SPARE, LOG_AT_ERROR, "%s", e.text);
}

static void
leave_home(struct stow *s)
{
	segment_close(&s->segment);
	if (s->lock >= 0)
		close(s->lock);
	s->lock = -1;
	journal_close(s->journal);
	s->journal = NULL;
}

void
stow_close(struct stow *s)
{
	if (s->sh == NULL)
		return;
	leave_home(s);
	spare_close(&s->spare);
	intake_release(&s->in);
	*s = (struct stow){ 0 };
}

/* ---- the folder ---- */

static bool
is_deleted(int fd)
{
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 && st.st_nlink == 0;
}

bool
stow_home(struct stow *s, struct err *e)
{
	if (s->journal != NULL &&
	    (is_deleted(journal_fd(s->journal)) || is_deleted(s->lock)))
		leave_home(s);
	if (s->journal == NULL)
		s->journal = journal_open(s->setup->journal, true, e);
	if (s->journal == NULL)
		return false;
	if (s->lock >= 0)
		return true;
	if (!journal_claim_new(
		s->journal, s->setup->name, &s->setup->info, &s->lock, e))
		return false;
	/* The worker lives on without the lock until it sees this. */
	atomic_fetch_add(&s->sh->home, 1);
	return true;
}

void
stow_say_input(struct stow *s)
{
	struct err e = { 0 };

	/* The first bytes will tell again if need be. */
	if (s->lock >= 0)
		(void)journal_say_input(s->lock, s->setup->info.input, &e);
}

static void
forget_part(struct stow *s, const char *fmt, uint64_t base)
{
	char file[JOURNAL_NAME_MAX + 32];

	if (s->journal != NULL &&
	    snprintf(file, sizeof file, "%s.%016llx.%s", s->setup->name,
		(unsigned long long)base, fmt) < (int)sizeof file)
		(void)unlinkat(journal_fd(s->journal), file, 0);
}

/* An empty segment is of no use to anybody. */
static void
close_segment(struct stow *s)
{
	bool empty = s->segment.fd >= 0 && s->segment.size == 0;
	uint64_t base = s->segment.base;

	segment_close(&s->segment);
	if (!empty)
		return;
	forget_part(s, "seg", base);
	forget_part(s, "gap", base);
}

/* A message is in one segment. */
static uint64_t
segment_max(const struct stow *s)
{
	uint64_t max = (uint64_t)s->setup->config.segment_bytes;

	return max > s->limit ? max : s->limit;
}

/* A segment that has room, at position pos. */
static bool
need_segment(struct stow *s, uint64_t pos, bool gap, struct err *e)
{
	if (s->segment.fd >= 0 && s->segment.size < segment_max(s) && !gap)
		return true;
	close_segment(s);
	/* What memory holds has come before. */
	if (s->to == TO_SEGMENT)
		s->since = clock_now();
	return stow_home(s, e) &&
	    segment_open(&s->segment, s->journal, s->setup->name, pos, gap, e);
}

static size_t
segment_room(const struct stow *s)
{
	return (size_t)(segment_max(s) - s->segment.size);
}

/* ---- memory instead ---- */

static void
turn_to_spare(struct stow *s, int64_t ticks, const char *why)
{
	uint64_t head = atomic_load(&s->sh->head);

	close_segment(s);
	spare_begin(&s->spare, head, s->gap);
	s->gap = false;
	s->to = TO_SPARE;
	s->since = clock_now();
	s->next_try = ticks + TRY_EVERY;
	shared_note(s->sh, NOTE_SPARE, LOG_AT_ERROR,
	    "%s; records are kept in %llu MiB of memory until it can be "
	    "written",
	    why, (unsigned long long)(s->spare.max >> 20));
}

static void
turn_to_nowhere(struct stow *s)
{
	s->to = TO_NOWHERE;
	shared_note(s->sh, NOTE_DROPPED, LOG_AT_ERROR,
	    "%s cannot be written and the memory for records is full: they "
	    "are dropped from now on; make room, then give the acct-file of "
	    "this time to 'pmta-suppress ingest'",
	    s->setup->journal);
}

/*
 * The file was deleted while we wrote it: what the worker may not have read
 * yet goes to memory, and from there to a new file.
 */
static void
rescue_segment(struct stow *s, int64_t ticks)
{
	uint64_t worked = atomic_load(&s->sh->worked);
	uint64_t pos = worked > s->segment.base ? worked : s->segment.base;
	uint64_t head = atomic_load(&s->sh->head);
	struct segment old = s->segment;
	int64_t since = s->since;
	char chunk[CHUNK];
	ssize_t n = 1;

	segment_init(&s->segment);
	leave_home(s);
	turn_to_spare(s, ticks, "the journal's files were deleted");
	s->since = since;
	if (s->spare.fd >= 0 && pos < head && head - pos <= s->spare.max) {
		atomic_store(&s->sh->disk, pos);
		spare_begin(&s->spare, pos, false);
	}
	while (atomic_load(&s->sh->disk) < head && n > 0 && pos < head) {
		n = pread(old.fd, chunk, sizeof chunk, (off_t)(pos - old.base));
		if (n <= 0 ||
		    pwrite(s->spare.fd, chunk, (size_t)n,
			(off_t)atomic_load(&s->sh->spare_size)) != n)
			break;
		spare_grown(&s->spare, (size_t)n);
		pos += (uint64_t)n;
	}
	segment_close(&old);
}

/* ---- taking ---- */

static void
count_dropped(struct stow *s, size_t n)
{
	int64_t now = clock_now();

	if (n == 0)
		return;
	if (atomic_load(&s->sh->dropped) == atomic_load(&s->sh->dropped_told))
		atomic_store(&s->sh->drop_first, now);
	atomic_store(&s->sh->drop_last, now);
	atomic_fetch_add(&s->sh->dropped, n);
	s->gap = true;
}

static void
count_taken(struct stow *s, size_t n, bool on_disk)
{
	uint64_t head = atomic_load(&s->sh->head) + n;

	if (on_disk)
		atomic_store(&s->sh->disk, head);
	atomic_store(&s->sh->head, head);
	atomic_fetch_add(&s->sh->moves, 1);
}

/* No more of a message than is kept. */
static size_t
within_limit(const struct stow *s, size_t room)
{
	uint64_t left = s->limit - atomic_load(&s->sh->head);

	return s->limit > 0 && left < room ? (size_t)left : room;
}

static enum moved
take_to_segment(struct stow *s, int64_t ticks)
{
	uint64_t head = atomic_load(&s->sh->head);
	struct err e = { 0 };
	enum moved got;
	char why[256];
	size_t n;

	if (!need_segment(s, head, s->gap, &e)) {
		turn_to_spare(s, ticks, e.text);
		return MOVED_REFUSED;
	}
	got = intake_move(&s->in, s->segment.fd, s->segment.size,
	    within_limit(s, segment_room(s)), &n);
	if (got == MOVED_SOME) {
		s->gap = false;
		s->segment.size += n;
		count_taken(s, n, true);
	} else if (got == MOVED_REFUSED && errno == EFBIG &&
	    s->segment.size > 0) {
		close_segment(s); /* files may not be as large as ours */
	} else if (got == MOVED_REFUSED) {
		(void)number_print(why, sizeof why,
		    "%.100s: cannot write the journal: %.50s; make room",
		    s->setup->journal, strerror(errno));
		turn_to_spare(s, ticks, why);
	}
	return got;
}

/*
 * Memory is full of rows: those that are in the database go. The journal will
 * not have them, as the database had not had them, were they dropped. Only by
 * the half: what stays is copied.
 */
static bool
make_room(struct stow *s)
{
	uint64_t disk = atomic_load(&s->sh->disk);
	uint64_t worked = atomic_load(&s->sh->worked);
	uint64_t upto = worked > disk ? worked : disk;

	if (s->limit > 0 || !spare_drop(&s->spare, upto))
		return false;
	if (upto > disk) {
		close_segment(s);
		atomic_store(&s->sh->disk, upto);
	}
	return true;
}

static enum moved
take_to_spare(struct stow *s)
{
	uint64_t room = spare_room(&s->spare);
	enum moved got;
	size_t n;

	if (room == 0 && make_room(s))
		room = spare_room(&s->spare);
	if (room == 0) {
		turn_to_nowhere(s);
		return MOVED_REFUSED;
	}
	got = intake_move(&s->in, s->spare.fd, atomic_load(&s->sh->spare_size),
	    within_limit(s, room > INTAKE_ROOM ? INTAKE_ROOM : (size_t)room),
	    &n);
	if (got == MOVED_SOME) {
		spare_grown(&s->spare, n);
		count_taken(s, n, false);
	} else if (got == MOVED_REFUSED) {
		turn_to_nowhere(s);
	}
	return got;
}

static enum moved
take_to_nowhere(struct stow *s, bool counted)
{
	size_t n;
	enum moved got = intake_drop(&s->in, &n);

	if (counted)
		count_dropped(s, n);
	return got;
}

/* A folder that was moved away is written on; who starts next looks for it
 * at its path. */
static void
look_at_folder(struct stow *s)
{
	struct stat ours, there;
	bool moved = s->journal != NULL &&
	    fstat(journal_fd(s->journal), &ours) == 0 &&
	    (stat(s->setup->journal, &there) != 0 ||
		ours.st_ino != there.st_ino || ours.st_dev != there.st_dev);

	if (moved && !s->moved)
		shared_note(s->sh, NOTE_JOURNAL, LOG_AT_ERROR,
		    "%s was moved away while it is written; put it back "
		    "before the program is started again",
		    s->setup->journal);
	s->moved = moved;
}

enum moved
stow_take(struct stow *s, int64_t ticks)
{
	if (s->limit > 0 && atomic_load(&s->sh->head) >= s->limit)
		return take_to_nowhere(s, false);
	if (s->to == TO_SEGMENT && ticks >= s->next_look) {
		s->next_look = ticks + TRY_EVERY;
		look_at_folder(s);
		if (segment_is_gone(&s->segment))
			rescue_segment(s, ticks);
	}
	switch (s->to) {
	case TO_SEGMENT:
		return take_to_segment(s, ticks);
	case TO_SPARE:
		return take_to_spare(s);
	default:
		return take_to_nowhere(s, true);
	}
}

/* ---- mending ---- */

/* Some of what memory holds to segments. *end: that was all. */
static bool
flush_some(struct stow *s, bool *end, struct err *e)
{
	uint64_t base = atomic_load(&s->sh->spare_base);
	uint64_t stop = base + atomic_load(&s->sh->spare_size);
	uint64_t pos = atomic_load(&s->sh->disk);

	*end = false;
	for (size_t done = 0, n; done < FLUSH_ONCE; done += n) {
		bool gap = pos == base && s->segment.fd < 0 &&
		    atomic_load(&s->sh->spare_gap);

		*end = pos == stop;
		if (*end)
			return true;
		if (!need_segment(s, pos, gap, e))
			return false;
		if (!spare_flush(
			&s->spare, pos, &s->segment, segment_room(s), &n))
			return err_set(e, EX_IOERR,
			    "%s: cannot write: %s; make room",
			    s->setup->journal, strerror(errno));
		pos += n;
		atomic_store(&s->sh->disk, pos);
	}
	return true;
}

static void
turn_to_segment(struct stow *s)
{
	uint64_t dropped = atomic_load(&s->sh->dropped);

	/* Nothing has come behind the gap yet that would tell of it. */
	s->gap |= atomic_load(&s->sh->spare_size) == 0 &&
	    atomic_load(&s->sh->spare_gap);
	spare_empty(&s->spare);
	if (s->gap)
		close_segment(s);
	s->to = TO_SEGMENT;
	s->next_try = 0;
	shared_note(s->sh, NOTE_SPARE, LOG_AT_NOTICE,
	    "%s can be written again and has what memory held%s; %llu bytes "
	    "were dropped since the start",
	    s->setup->journal, s->gap ? ", but records are missing" : "",
	    (unsigned long long)dropped);
}

void
stow_mend(struct stow *s, int64_t ticks)
{
	struct err e = { 0 };
	bool end = false;

	if (s->to == TO_SEGMENT || ticks < s->next_try)
		return;
	if (stow_home(s, &e) && flush_some(s, &end, &e)) {
		s->next_try = ticks; /* at once again, while it works */
		if (end)
			turn_to_segment(s);
		return;
	}
	close_segment(s);
	s->next_try = ticks + TRY_EVERY;
}

int64_t
stow_wait(const struct stow *s, int64_t ticks)
{
	if (s->to == TO_SEGMENT)
		return -1;
	return s->next_try > ticks ? s->next_try - ticks : 0;
}

/* ---- the end ---- */

bool
stow_all_on_disk(const struct stow *s)
{
	return atomic_load(&s->sh->disk) == atomic_load(&s->sh->head);
}

static bool
sync_fd(int fd, struct err *e)
{
	return fd < 0 || fdatasync(fd) == 0 ||
	    err_set(e, EX_IOERR, "%s", strerror(errno));
}

/* The end of a message has come, so who finds it may work on it. */
static bool
say_whole(struct stow *s, struct err *e)
{
	return s->limit == 0 || s->lock < 0 ||
	    journal_say_input(s->lock, shared_input(s->sh), e);
}

/* All segments: the last second may have filled several, and nobody else comes
 * by any more. Of the last one our descriptor has seen every error. */
static bool
sync_all(struct stow *s, struct err *e)
{
	struct journal_reader *r =
	    journal_reader_open(s->journal, s->setup->name, e);
	/* The stream's file has a message's envelope. */
	bool ok = r != NULL && journal_sync(r, e) &&
	    sync_fd(s->segment.fd, e) && say_whole(s, e) &&
	    sync_fd(s->lock, e);

	journal_reader_close(r);
	return ok;
}

bool
stow_finish(struct stow *s, struct err *e)
{
	struct err why = { 0 };
	bool ok;

	/* Nobody but we can read it any more. */
	if (segment_is_gone(&s->segment))
		rescue_segment(s, clock_ticks());
	ok = s->journal == NULL || atomic_load(&s->sh->disk) == 0 ||
	    sync_all(s, &why);
	if (!ok)
		err_set(e, EX_IOERR,
		    "%s: cannot sync the last records to the disk: %.200s; "
		    "look after the disk, and give the acct-file of this time "
		    "to 'pmta-suppress ingest'",
		    s->setup->journal, why.text);
	close_segment(s);
	return ok;
}

void
stow_forget(struct stow *s)
{
	struct err e = { 0 };

	segment_close(&s->segment);
	if (s->journal != NULL &&
	    !journal_forget(s->journal, s->setup->name, &e))
		shared_note(s->sh, NOTE_JOURNAL, LOG_AT_ERROR, "%s", e.text);
}
