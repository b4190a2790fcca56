/* quoted.h - lines of a text that somebody else wrote. */
#ifndef MAIL_QUOTED_H
#define MAIL_QUOTED_H

#include "base/str.h"

/*
 * Takes the lines out of p, in place, that an answer quotes with '>'. Not
 * quoted are what a client said in a session (">>> RCPT To:"), ">From " of an
 * mbox, and lines one after another that hold nothing but addresses: MDaemon
 * lists its recipients so. Returns the new length.
 */
size_t quoted_drop(char *p, size_t n);

#endif
