/* gmime.c - GMime's functions, loaded when the first mail is read. */
#include "wrap/gmime.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "base/str.h"

/* The name that programs link which are built with gmime-3.0. */
#define LIBRARY "libgmime-3.0.so.0"

static const struct {
	const char *function;
	size_t field;
} CALLS[] = {
#define GMIME_ROW(field, function) { #function, offsetof(struct gmime, field) },
	GMIME_CALLS(GMIME_ROW)
#undef GMIME_ROW
};

/* GObject's functions are found as well: GMime is linked with it. */
static bool
find_calls(void *library, struct gmime *g)
{
	for (size_t i = 0; i < COUNT(CALLS); i++) {
		void *at = dlsym(library, CALLS[i].function);

		if (at == NULL)
			return false;
		memcpy((char *)g + CALLS[i].field, &at, sizeof at);
	}
	return true;
}

const struct gmime *
gmime_load(struct err *e)
{
	static struct gmime loaded;
	static bool is_loaded;
	void *library;

	if (is_loaded)
		return &loaded;
	/* Never closed: GObject's types stay for good. */
	library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (library == NULL || !find_calls(library, &loaded)) {
		const char *why = dlerror();

		err_set(e, EX_UNAVAILABLE,
		    "mails cannot be read: %.300s; install GMime 3 "
		    "(libgmime-3.0-0, gmime30)",
		    why != NULL ? why : LIBRARY " cannot be loaded");
		return NULL;
	}
	loaded.init();
	is_loaded = true;
	return &loaded;
}
