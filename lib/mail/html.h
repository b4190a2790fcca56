/* html.h - the readable text of HTML, as far as bounces use it. */
#ifndef MAIL_HTML_H
#define MAIL_HTML_H

#include "base/str.h"

/*
 * Takes tags, comments, scripts and styles out of p, in place, and undoes the
 * entities that bounces are written with: numbers, letters of western
 * languages, quotes; spaces that do not break become plain ones. Tags that end
 * a line of text become line ends; <user@example.com> stays. Returns the new
 * length.
 */
size_t html_text(char *p, size_t n);

#endif
