/* shared.c - the memory that the mover and its worker both see. */
#include "shared.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static const char *const KINDS[NOTE_COUNT] = {
	[NOTE_INPUT] = "input",
	[NOTE_JOURNAL] = "journal",
	[NOTE_SPARE] = "spare",
	[NOTE_DROPPED] = "dropped",
	[NOTE_WORKER] = "worker",
	[NOTE_QUARANTINE] = "quarantine",
};

struct shared *
shared_new(struct err *e)
{
	/* All zero, which is what every field starts with. */
	void *p = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p != MAP_FAILED)
		return p;
	err_set(e, EX_OSERR,
	    "no memory to share with the worker: %s; free some memory",
	    strerror(errno));
	return NULL;
}

void
shared_free(struct shared *sh)
{
	if (sh != NULL)
		munmap(sh, sizeof *sh);
}

/* ---- notes: a ring with one writer and one reader ---- */

void
shared_note(struct shared *sh, enum note_kind kind, enum log_level level,
    const char *fmt, ...)
{
	unsigned in = atomic_load(&sh->notes_in);
	unsigned waiting = in - atomic_load(&sh->notes_out);
	struct note *n = &sh->notes[in % SHARED_NOTES];
	va_list ap;

	if (waiting >= SHARED_NOTES)
		return;
	n->kind = kind;
	n->level = level;
	va_start(ap, fmt);
	if (vsnprintf(n->text, sizeof n->text, fmt, ap) < 0)
		n->text[0] = '\0';
	va_end(ap);
	if (waiting == SHARED_NOTES - 1)
		(void)snprintf(n->text, sizeof n->text,
		    "more happened than could be kept to tell");
	atomic_store(&sh->notes_in, in + 1);
}

bool
shared_take_note(struct shared *sh, struct note *out)
{
	unsigned at = atomic_load(&sh->notes_out);

	if (at == atomic_load(&sh->notes_in))
		return false;
	*out = sh->notes[at % SHARED_NOTES];
	atomic_store(&sh->notes_out, at + 1);
	return true;
}

void
shared_tell(struct shared *sh, struct log *l)
{
	struct note n;

	while (shared_take_note(sh, &n))
		log_say(l, n.level, KINDS[n.kind], "%s", n.text);
}

/* ---- records ---- */

void
shared_at(struct shared *sh, const char *stream, uint64_t pos, uint64_t size)
{
	if (size > 0) {
		sh->at.pos = pos;
		if (strcmp(sh->at.name, stream) != 0 &&
		    !str_copy(
			str_from(stream), sh->at.name, sizeof sh->at.name))
			size = 0;
	}
	/* Last, so that a death in between is a death at no record. */
	atomic_store_explicit(&sh->at_size, size, memory_order_release);
}

void
shared_quarantine(struct shared *sh, const struct shared_record *r)
{
	unsigned n = atomic_load(&sh->quarantined);

	sh->quarantine[n % SHARED_QUARANTINE] = *r;
	atomic_store(&sh->quarantined, n + 1);
}

bool
shared_is_poison(struct shared *sh, const char *stream, uint64_t pos)
{
	unsigned n = atomic_load(&sh->quarantined);

	for (unsigned i = n > SHARED_QUARANTINE ? n - SHARED_QUARANTINE : 0;
	     i < n; i++) {
		const struct shared_record *r =
		    &sh->quarantine[i % SHARED_QUARANTINE];

		if (r->pos == pos && strcmp(r->name, stream) == 0)
			return true;
	}
	return false;
}

const char *
shared_input(struct shared *sh)
{
	switch (atomic_load(&sh->input)) {
	case SNIFFED_ROWS:
		return "csv";
	case SNIFFED_JSON:
		return "json";
	case SNIFFED_MESSAGE:
		return "message";
	default:
		return "";
	}
}

/* ---- sums ---- */

const struct shared_sums *
shared_sums(struct shared *sh)
{
	return &sh->sums[atomic_load(&sh->sums_at) % 2];
}

void
shared_put_sums(struct shared *sh, const struct shared_sums *sums)
{
	unsigned next = atomic_load(&sh->sums_at) + 1;

	sh->sums[next % 2] = *sums;
	atomic_store(&sh->sums_at, next);
}
