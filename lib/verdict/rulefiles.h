/* rulefiles.h - the rule files of the site and of the package, in order. */
#ifndef VERDICT_RULEFILES_H
#define VERDICT_RULEFILES_H

#include "base/buf.h"

#define RULE_FILES_MAX 512

struct rule_file {
	char *name; /* path, or the name of a built-in file */
	unsigned number; /* the digits that its name begins with */
	bool site, builtin;
	struct str text; /* of bytes, or built in */
	struct buf bytes;
};

/* All zero is empty. */
struct rule_files {
	struct rule_file *of;
	size_t count, cap;
	struct rule_file providers;
};

/* Reads them, see rules_open(). False leaves f to be released. */
bool rule_files_find(struct rule_files *f, const char *site_dir,
    const char *shipped_dir, struct err *e);
void rule_files_release(struct rule_files *f);

#endif
