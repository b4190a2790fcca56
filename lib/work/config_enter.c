/* config_enter.c - enters the state folder as its owner. */
#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "work/config.h"

/* Root gives itself up for the owner of the folder; a root-owned folder (a
 * test, a container) is worked in as it is. */
static bool
become_owner(const char *path, const struct stat *st, struct err *e)
{
	if (geteuid() != 0 || st->st_uid == 0)
		return true;
	if (setgroups(1, &st->st_gid) == 0 && setgid(st->st_gid) == 0 &&
	    setuid(st->st_uid) == 0)
		return true;
	return err_set(e, EX_OSERR, "%s: cannot become its owner: %s; start "
	    "this as that user", path, strerror(errno));
}

bool
config_enter(const struct config *c, bool make, struct err *e)
{
	struct stat st;

	umask(027);
	/* mkdir() drops the set-group bit, which hands files to the group. */
	if (make && mkdir(c->state, 0750) == 0)
		(void)!chmod(c->state, 02750);
	else if (make && errno != EEXIST)
		return err_set(e, EX_OSERR, "%s: cannot make the folder: %s; "
		    "make it, owned by the user that PowerMTA runs as",
		    c->state, strerror(errno));
	if (stat(c->state, &st) != 0)
		return err_set(e, EX_NOINPUT, "%s: %s; name the folder with "
		    "--state or in [paths]", c->state, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return err_set(e, EX_CONFIG, "%s: this is no folder; name one",
		    c->state);
	if ((st.st_mode & S_IWOTH) != 0)
		return err_set(e, EX_CONFIG, "%s: everybody may write here; "
		    "chmod 2750 it, since what lies in it is trusted",
		    c->state);
	return become_owner(c->state, &st, e);
}
