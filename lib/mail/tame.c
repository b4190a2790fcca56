/* tame.c - makes a raw mail harmless before a MIME parser reads it. */
#include "mail/tame.h"

struct tame {
	size_t fields, dashes; /* seen so far in the whole mail */
	size_t parsed; /* fields the parser takes apart, this block */
	size_t used, cap; /* bytes of the current field */
	bool in_field;
};

/* What GMime takes apart while it parses: addresses and parameters. */
static bool
is_parsed(struct str name)
{
	static const char *const NAMES[] = { "To", "Cc", "Bcc", "From",
		"Sender", "Reply-To", "Resent-To", "Resent-Cc", "Resent-Bcc",
		"Resent-From", "Resent-Sender", "Content-Type",
		"Content-Disposition", "Content-Id", "Message-Id",
		"Content-Transfer-Encoding", "Content-Md5", "Date" };

	for (size_t i = 0; i < COUNT(NAMES); i++)
		if (str_ieq(name, str_from(NAMES[i])))
			return true;
	return false;
}

/* The field name that a line begins with; empty when it begins with none. */
static struct str
field_name(struct str line)
{
	size_t n = 0;

	/* Bytes above 0x7f too: the parser may be less strict than RFC 5322. */
	while (n < line.n && (unsigned char)line.p[n] > ' ' && line.p[n] != ':')
		n++;
	if (n == 0 || str_chr(str_trim(str_skip(line, n)), ':') != 0)
		return STR("");
	return str_trim(str_skip(line, n)).n == 0 ? STR("") : str_of(line.p, n);
}

static bool
starts_field(struct tame *t, struct str name)
{
	t->in_field = true;
	t->used = 0;
	t->cap = TAME_FIELD_BYTES;
	if (is_parsed(name)) {
		t->cap = TAME_PARSED_BYTES;
		if (++t->parsed > TAME_PARSED_COUNT)
			t->cap = 0;
	}
	return ++t->fields <= TAME_FIELDS_MAX;
}

/* Adds what is left of the cap; a field cut at its very start goes whole. */
static void
add_line(struct tame *t, struct str line, struct buf *out)
{
	size_t room = t->cap - t->used;

	if (!t->in_field) {
		buf_add(out, line);
		buf_addc(out, '\n');
		return;
	}
	line = str_sub(line, 0, room);
	t->used += line.n;
	if (line.n == 0)
		return;
	buf_add(out, line);
	buf_addc(out, '\n');
}

/* False: the mail ends here. */
static bool
take_line(struct tame *t, struct str line, struct buf *out)
{
	struct str name;

	if (line.n == 0) {
		t->in_field = false;
		t->parsed = 0;
		buf_addc(out, '\n');
		return true;
	}
	if (line.p[0] == ' ' || line.p[0] == '\t') {
		add_line(t, line, out);
		return true;
	}
	t->in_field = false;
	if (str_starts(line, STR("--"))) {
		t->parsed = 0;
		if (++t->dashes > TAME_DASHES_MAX)
			return false;
	} else if ((name = field_name(line)).n > 0 && !starts_field(t, name)) {
		return false;
	}
	add_line(t, line, out);
	return true;
}

static void
add_without_nuls(struct str mail, struct buf *out)
{
	struct str run;

	while (str_cut(&mail, '\0', &run))
		buf_add(out, run);
}

void
tame_mail(struct str mail, struct buf *out)
{
	struct tame t = { 0 };
	struct buf clean = { 0 };
	struct str rest, line;
	char end;
	bool begun = false;

	add_without_nuls(mail, &clean);
	out->failed = out->failed || clean.failed;
	rest = buf_str(&clean);
	end = str_chr(rest, '\n') < rest.n ? '\n' : '\r';
	while (str_cut(&rest, end, &line)) {
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		if (!begun &&
		    (str_trim(line).n == 0 || str_starts(line, STR("From "))))
			continue;
		begun = true;
		if (!take_line(&t, line, out))
			break;
	}
	buf_release(&clean);
}
