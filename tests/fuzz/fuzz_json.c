/*
 * fuzz_json.c - any bytes as JSON: what is read can be asked by any path, and
 * what is written from it is JSON again, of one line.
 *
 * Input: a path up to the first newline, then the JSON.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wrap/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* Any bytes are taken for an answer, and make one line that is JSON. */
static void
check_written(struct str any)
{
	struct json *o = json_new_object();
	struct json *list = json_new_list();
	struct err e = { 0 };
	struct buf out = { 0 };
	struct json *again;

	json_text(o, "text", any);
	json_push_text(list, any);
	json_put(o, "list", list);
	must(json_print(o, &out, &e));
	must(str_chr(buf_str(&out), '\n') == out.n && json_valid(buf_str(&out)));
	for (size_t i = 0; i < out.n; i++)
		must((unsigned char)out.p[i] >= ' ' && out.p[i] != '\x7f');
	again = json_read(buf_str(&out));
	/* What is read has no NUL, what is written may. */
	must(again != NULL || str_chr(any, '\0') < any.n);
	must(again == NULL ||
	    str_eq(json_at(again, "text"), json_at(again, "list.0")));
	json_free(again);
	json_free(o);
	buf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = str_of((const char *)data, size);
	struct str line = { "", 0 };
	struct json *j;
	char path[256];
	int64_t n;

	(void)str_cut(&in, '\n', &line);
	if (!str_copy(line, path, sizeof path))
		return 0;
	j = json_read(in);
	if (j != NULL) {
		struct str s = json_at(j, path);
		static volatile unsigned sum;

		for (size_t i = 0; i < s.n; i++)
			sum = sum + (unsigned char)s.p[i];
		(void)json_number_at(j, path, &n);
	}
	(void)json_valid(in);
	json_free(j);
	check_written(in);
	return 0;
}
