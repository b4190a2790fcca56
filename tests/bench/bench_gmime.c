/* bench_gmime.c - only parses the mails that its arguments name, by GMime: the
 * floor under `pmta-suppress ingest` of the same mails. */
#include <fcntl.h>
#include <gmime/gmime.h>
#include <stdbool.h>
#include <stdio.h>

static bool
parse(const char *path)
{
	GMimeStream *s = g_mime_stream_fs_open(path, O_RDONLY, 0, NULL);
	GMimeParser *p;
	GMimeMessage *m;

	if (s == NULL)
		return false;
	p = g_mime_parser_new_with_stream(s);
	m = g_mime_parser_construct_message(p, NULL);
	if (m != NULL)
		g_object_unref(m);
	g_object_unref(p);
	g_object_unref(s);
	return m != NULL;
}

int
main(int argc, char **argv)
{
	int parsed = 0;

	g_mime_init();
	for (int i = 1; i < argc; i++)
		parsed += parse(argv[i]);
	printf("%d of %d mails parsed\n", parsed, argc - 1);
	g_mime_shutdown();
	return 0;
}
