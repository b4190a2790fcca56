/* profiles.h - the layouts of others' suppression lists: one row each, read by
 * export and import alike. */
#ifndef SUPPRESS_PROFILES_H
#define SUPPRESS_PROFILES_H

#include <stdio.h>

#include "base/err.h"
#include "verdict/class.h"

/* What stands in a column. */
enum profile_cell {
	CELL_NONE = 0, /* ends a list of columns */
	CELL_ACTION,   /* with a cursor only */
	CELL_ADDRESS,
	CELL_SCOPE,
	CELL_CLASS,
	CELL_WORD, /* their word for the class */
	CELL_REASON,
	CELL_SOURCE,
	CELL_SINCE,
	CELL_LAST_SEEN,
	CELL_UNTIL,
	CELL_PROVIDER,
	CELL_CODE,
	CELL_STATUS,
	CELL_DIAGNOSTIC,
	CELL_CHANGE,
	CELL_BELOW, /* yes: what is below the domain, too */
	CELL_TRUE, /* 1: the row counts; on import other values do not */
	CELL_COUNT
};

struct profile_column {
	enum profile_cell cell;
	const char *name;
};

/* Exported is the first word whose class is the entry's, else the first whose
 * class is of the same kind; imported the first that is the cell. A word with
 * '|' in it is several rows. */
struct profile_word {
	const char *word;
	enum class class;
};

/* A JSON document of up to `batch` entries a line; open NULL: no JSON. */
struct profile_json {
	const char *open, *close;
	unsigned batch;
	bool bare; /* addresses as strings, not objects */
};

enum profile_trait {
	PROFILE_HEADER = 1,   /* the first line names the columns */
	PROFILE_PLAIN = 2,    /* no CSV: the cell as it is, a line each */
	PROFILE_ALL = 4,      /* every entry a row, those of streams too */
	PROFILE_CHANGES = 8,  /* removals have a place */
	PROFILE_DOMAINS = 16, /* so have whole domains, as "@example.com" */
	PROFILE_HASH = 32,    /* a hash may stand for the address */
	PROFILE_WHOLE = 64,   /* replaces their list: a delta would empty it */
	PROFILE_ATOMS = 128,  /* only addresses without quotes and the like */
	PROFILE_TRIM = 256,   /* empty cells at the end go */
	PROFILE_CRLF = 512,
	PROFILE_MAIL_TIME = 1024, /* times as a mail's Date */
	PROFILE_ONLY_JSON = 2048
};

enum profile_kind {
	KIND_BOUNCE = 1,
	KIND_COMPLAINT = 2,
	KIND_OPTOUT = 4,
	KIND_MANUAL = 8
};

#define PROFILE_COLUMNS 16
#define PROFILE_WORDS 10

struct profile {
	const char *name;
	const char *tells;  /* whose list, in a few words */
	const char *source; /* where the layout is documented */
	const char *note;   /* what to know of it, or "" */
	bool verified;      /* the source gives the layout in full */
	unsigned traits;    /* enum profile_trait */
	unsigned kinds;     /* enum profile_kind that it takes; 0: all */
	struct profile_json json;
	const char *reload[4]; /* the command that makes them read the file */
	struct profile_column columns[PROFILE_COLUMNS];
	struct profile_column also[PROFILE_COLUMNS]; /* read, not written */
	struct profile_word words[PROFILE_WORDS];
};

/* By name; NULL: there is none. The first is "generic". */
const struct profile *profile_find(const char *name);
/* The same for the value of --profile: EX_USAGE names them all. */
const struct profile *profile_or(
    const char *command, const char *name, struct err *e);
const struct profile *profile_table(size_t *n);

bool profile_takes(const struct profile *p, enum class c);
bool profile_has(const struct profile *p, enum profile_cell cell);
/* Their word for a class, "" when they have none. */
const char *profile_word_of(const struct profile *p, enum class c);
/* Which entry of an address speaks for it there: the higher one. That is the
 * precedence of entries, save that no complaint may hide a word that stops more
 * mail, and no entry by hand, told as a bounce, a word that says more. */
int profile_rank(const struct profile *p, enum class c);
/* The class of their word; false: it is none of theirs. */
bool profile_class_of(const struct profile *p, struct str word, enum class *c);

/* All of them, for --profile help. */
bool profile_print(FILE *f, struct err *e);

#endif
