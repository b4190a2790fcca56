/* scantime.h - recognises dates and times of day in text. */
#ifndef MAIL_SCANTIME_H
#define MAIL_SCANTIME_H

#include "base/str.h"

/*
 * The end of a date, a time of day, or both, in the forms that mail servers
 * write; 0 when none starts at s[at]. "Fri, 22 Sep 2023 01:01:01 +0000",
 * "2023-01-01T00:00:00.000Z", "2023/11/23 18:59:46 GMT", "Sep 22 01:01:01
 * 2023", "12:30".
 */
size_t scan_time(struct str s, size_t at);

#endif
