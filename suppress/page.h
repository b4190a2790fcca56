/* page.h - text laid out to the width of the terminal. */
#ifndef SUPPRESS_PAGE_H
#define SUPPRESS_PAGE_H

#include "base/buf.h"

/* Columns of the terminal that standard output is, else what COLUMNS says;
 * 0: neither, and nothing is to be cut. */
size_t page_width(void);

/* One line: indent, then s (quoted), cut with "..." to the width. */
void page_cut(struct buf *b, size_t indent, struct str s, size_t width);

/* s (quoted) in as many lines as it takes, broken between words. */
void page_wrap(struct buf *b, size_t indent, struct str s, size_t width);

#endif
