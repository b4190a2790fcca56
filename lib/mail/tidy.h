/* tidy.h - a reply as one clean line, before its variable parts are found. */
#ifndef MAIL_TIDY_H
#define MAIL_TIDY_H

#include "base/str.h"

/*
 * Writes s to `to` (s.n bytes are enough) and returns its length: valid UTF-8
 * with a '?' for every byte that is none and for marks that break or turn a
 * line, each run of white space and control bytes one space, none at the
 * ends, and "550-5.1.1 " told once where each line of the reply repeats it.
 */
size_t tidy(struct str s, char *to);

#endif
