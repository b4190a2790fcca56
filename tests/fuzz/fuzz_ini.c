/* fuzz_ini.c - any bytes as a settings file, a rule file, providers.conf: a
 * first byte says which. What is refused is refused with a place. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/ini.h"
#include "verdict/rulebook.h"
#include "work/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
told_with_a_place(bool ok, const struct err *e, const char *place)
{
	if (ok != (e->code == 0))
		abort();
	if (!ok && e->code == EX_CONFIG &&
	    strncmp(e->text, place, strlen(place)) != 0)
		abort();
}

/* The reader takes a path: a file in memory has one. */
static void
as_settings(struct str text)
{
	int fd = memfd_create("conf", MFD_CLOEXEC);
	struct config_where where = { 0 };
	struct err e = { 0 };
	struct config c;
	char path[64];

	if (fd < 0 || !file_write_all(fd, text))
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	where.file = path;
	told_with_a_place(config_load(&c, &where, &e), &e, path);
	close(fd);
}

static void
as_rules(struct str text)
{
	struct providers *p = providers_open(STR("[google]\nmx = .g\n"), "p",
	    &(struct err){ 0 });
	struct rule_book book = { 0 };
	struct err e = { 0 };

	if (p == NULL)
		abort();
	told_with_a_place(book_read(&book, p, text, "f.rules", &e), &e,
	    "f.rules:");
	book_release(&book);
	providers_close(p);
}

static void
as_providers(struct str text)
{
	struct err e = { 0 };
	struct providers *p = providers_open(text, "p.conf", &e);

	told_with_a_place(p != NULL, &e, "p.conf:");
	if (p != NULL)
		provider_find(p, STR("mx.g.example"), STR("a.example"));
	providers_close(p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);

	if (size == 0)
		return 0;
	text = str_skip(text, 1);
	if (data[0] % 3 == 0)
		as_settings(text);
	else if (data[0] % 3 == 1)
		as_rules(text);
	else
		as_providers(text);
	return 0;
}
