/* traces_out.h - the files of the state folder that hold an address, told. */
#ifndef SUPPRESS_TRACES_OUT_H
#define SUPPRESS_TRACES_OUT_H

#include "app.h"
#include "wrap/json.h"

struct traces_out {
	struct app *app;
	struct buf text;          /* a line a file, then the lines found */
	struct json *files, *lines;
	uint64_t n;               /* files */
};

/* lines: also what stands in them. Free with traces_out_release(). */
bool traces_out_find(
    struct traces_out *t, const char *key, bool lines, struct err *e);
/* The lists, now the caller's. */
struct json *traces_out_take_files(struct traces_out *t);
struct json *traces_out_take_lines(struct traces_out *t);
void traces_out_release(struct traces_out *t);

#endif
