/* scrub_sums.c - what scrub counted, as words or as JSON. */
#include "scrub_sums.h"

#include <inttypes.h>

#include "mail/address.h"
#include "out.h"

const char *
scrub_cause_name(int cause)
{
	switch (cause) {
	case CAUSE_ROW:
		return "row";
	case CAUSE_DIGEST:
		return "digest";
	default:
		return address_cause_name((enum address_cause)cause);
	}
}

/* The three lists of counts, each with what its numbers are called. */
struct part {
	const char *word, *key; /* in text, in JSON */
	const uint64_t *n;
	size_t count;
};
enum { PART_CLASS, PART_PROVIDER, PART_CAUSE };

static const char *
name_of(size_t part, size_t i, const struct providers *p)
{
	return part == PART_CLASS ? class_name((enum class)i)
	    : part == PART_PROVIDER ? provider_name(p, (unsigned)i)
				    : scrub_cause_name((int)i);
}

static void
print_words(const struct scrub_sums *s, const struct part *parts,
    const char *file, const struct providers *p)
{
	fprintf(stderr, "pmta-suppress: %s: %" PRIu64 " rows: %" PRIu64
	    " kept, %" PRIu64 " suppressed, %" PRIu64 " invalid (%s), %" PRIu64
	    " twice\n", file, s->rows, s->kept, s->suppressed, s->invalid,
	    s->invalid_kept ? "kept" : "dropped", s->twice);
	for (size_t k = 0; k <= PART_CAUSE; k++)
		for (size_t i = 0; i < parts[k].count; i++)
			if (parts[k].n[i] > 0)
				fprintf(stderr, "  %s %s: %" PRIu64 "\n",
				    parts[k].word, name_of(k, i, p),
				    parts[k].n[i]);
}

static bool
print_json(const struct scrub_sums *s, const struct part *parts,
    const char *file, const struct providers *p, struct err *e)
{
	struct json *o = json_new_object();

	json_text(o, "file", str_from(file));
	json_number(o, "rows", (int64_t)s->rows);
	json_number(o, "kept", (int64_t)s->kept);
	json_number(o, "suppressed", (int64_t)s->suppressed);
	json_number(o, "invalid", (int64_t)s->invalid);
	json_bool(o, "invalid_kept", s->invalid_kept);
	json_number(o, "twice", (int64_t)s->twice);
	json_number(o, "empty_lines", (int64_t)s->empty);
	for (size_t k = 0; k <= PART_CAUSE; k++) {
		struct json *of = json_new_object();

		for (size_t i = 0; i < parts[k].count; i++)
			if (parts[k].n[i] > 0)
				json_number(of, name_of(k, i, p),
				    (int64_t)parts[k].n[i]);
		json_put(o, parts[k].key, of);
	}
	return out_json(stderr, o, e);
}

bool
scrub_sums_print(const struct scrub_sums *s, const char *file,
    const struct providers *p, bool json, struct err *e)
{
	const struct part parts[] = {
		{ "class", "classes", s->class, COUNT(s->class) },
		{ "provider", "providers", s->provider, provider_count(p) },
		{ "invalid", "causes", s->cause, COUNT(s->cause) },
	};

	if (json)
		return print_json(s, parts, file, p, e);
	print_words(s, parts, file, p);
	return true;
}
