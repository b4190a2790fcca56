/* traces_out.c - the files of the state folder that hold an address, told. */
#include "traces_out.h"

#include "base/clock.h"
#include "base/quote.h"
#include "work/traces.h"

static bool
on_file(void *ctx, const struct trace *f, struct err *e)
{
	struct traces_out *t = ctx;
	struct json *o = json_new_object();
	char day[CLOCK_TEXT];

	t->n++;
	buf_adds(&t->text, f->hits > 0 ? "still in "
	    : "packed, so it may be in ");
	quote_add(&t->text, str_from(f->file));
	if (f->expires != 0)
		buf_addf(&t->text, ": until %.10s at the latest\n",
		    clock_text(f->expires, day));
	else
		buf_adds(&t->text, ": until you delete it\n");
	json_text(o, "file", str_from(f->file));
	/* Nobody looks into a packed one. */
	json_number_or_none(o, "hits", (int64_t)f->hits);
	json_time(o, "expires", f->expires);
	json_push(t->files, o);
	return buf_ok(&t->text, e);
}

static bool
on_line(void *ctx, const char *file, uint64_t offset, struct str line,
    struct err *e)
{
	struct traces_out *t = ctx;
	struct json *o = json_new_object();

	buf_adds(&t->text, "line: ");
	quote_add(&t->text, str_from(file));
	buf_addf(&t->text, " at %llu\n    ", (unsigned long long)offset);
	quote_add(&t->text, line);
	buf_addc(&t->text, '\n');
	json_text(o, "file", str_from(file));
	json_number(o, "offset", (int64_t)offset);
	json_text(o, "line", line);
	json_push(t->lines, o);
	return buf_ok(&t->text, e);
}

bool
traces_out_find(
    struct traces_out *t, const char *key, bool lines, struct err *e)
{
	t->files = json_new_list();
	t->lines = json_new_list();
	return traces_each(&t->app->config, str_from(key), on_file,
	    lines ? on_line : NULL, t, e);
}

struct json *
traces_out_take_files(struct traces_out *t)
{
	struct json *j = t->files;

	t->files = NULL;
	return j;
}

struct json *
traces_out_take_lines(struct traces_out *t)
{
	struct json *j = t->lines;

	t->lines = NULL;
	return j;
}

void
traces_out_release(struct traces_out *t)
{
	json_free(t->files);
	json_free(t->lines);
	buf_release(&t->text);
}
