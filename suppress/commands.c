/* commands.c - the commands: what each is called, tells, needs and runs. */
#include <string.h>

#include "app.h"

static const char HELP_CHECK[] =
    "Tells for each ADDR, a line each, whether mail may go to it. A lone -\n"
    "reads addresses from standard input and answers line for line.\n"
    "  --stream NAME   mail of this stream: its own entries count as well\n"
    "  --json          one object a line\n"
    "  --quiet         only the exit code\n"
    "  --provider-key  also the mailbox it is delivered to: u.s.er+tag@gmail.com\n"
    "                  is user@gmail.com\n"
    "What an incident holds against an address suppresses nobody: the line says\n"
    "'held in incident N'.\n"
    "Exit: 0 one or more are suppressed, 1 none is, 65 one is no address;\n"
    "with -, 0 whatever the answers.\n"
    "Example: pmta-suppress check ada@example.com; [ $? -eq 1 ] && send-it\n";

static const char HELP_SCRUB[] =
    "Reads a mailing list, CSV or plain, gzipped or not (- is standard input),\n"
    "and writes the rows that may be mailed to standard output, as they came\n"
    "and in their order. What was left out is counted on standard error.\n"
    "  --column NAME|N    the column of addresses; found by its name if not\n"
    "                     said (email, address, recipient and so on)\n"
    "  --stream NAME      mail of this stream: its own entries count as well\n"
    "  --keep FILE        rows that may be mailed; whole or not at all\n"
    "  --drop FILE        the others, with class, scope and since before them\n"
    "                     (- is standard output, if --keep names a file)\n"
    "  --why              with --drop: rule, reason and entry as well\n"
    "  --dedupe           of rows with one address the first only\n"
    "  --provider-key     also by the mailbox it is delivered to, as check does\n"
    "  --invalid keep     rows without an address too; drop unless said\n"
    "  --hashed DIGEST    the column holds md5, sha1 or sha256 digests of\n"
    "                     trimmed, lower-cased addresses\n"
    "  --fail-if-dropped  exit 1 if not all rows were kept\n"
    "  --memory SIZE      for the suppressions (2G); past it as\n"
    "  --low-memory       2 bytes a suppression in place of 22\n"
    "  --json             what was counted as one object\n"
    "Exit: 0 the output is whole, whatever was left out.\n"
    "Example: pmta-suppress scrub list.csv --keep send.csv --drop not.csv\n";

static const char HELP_LIST[] =
    "Prints the entries in force; PATTERN is matched against the address\n"
    "('*' any run, '?' one character).\n"
    "  --class CLASS     a class, or a group such as gone (help classes)\n"
    "  --scope SCOPE     global or stream:NAME\n"
    "  --since WHEN      entries since then: 2026-11-21, or 7d ago\n"
    "  --provider NAME   who received, as the rules name it\n"
    "  --source SOURCE   policy, manual or import\n"
    "  --like PATTERN    the same as PATTERN\n"
    "  --limit N         at most so many\n"
    "  --all             also held, lifted and ended ones\n"
    "  --json            one object a line\n"
    "Example: pmta-suppress list --class gone --since 1d '*@example.com'\n";

static const char HELP_SHOW[] =
    "Explains one address, or @domain: its entries with the policy's\n"
    "arithmetic, each piece of evidence with the rule that judged it, its\n"
    "advice and the raw bytes as far as they are still there, and every\n"
    "change.\n"
    "  --json   one object\n"
    "Exit: 0 something is known of it, 1 nothing is.\n"
    "Example: pmta-suppress show ada@example.com\n";

static const char HELP_SUBJECT[] =
    "Everything that is held about an address, for the person who asks for\n"
    "it: what show tells, and every line of the journal and the quarantine in\n"
    "which it stands; of other files of the state folder, such as copies of\n"
    "the database, the name alone.\n"
    "  --json   one object\n"
    "Exit: 0 something is held, 1 nothing is.\n"
    "Example: pmta-suppress subject ada@example.com --json\n";

static const char HELP_ERASE[] =
    "Erases an address and its evidence; a keyed hash stays and still blocks\n"
    "it: check, scrub and import see it, new failures and complaints of it\n"
    "are counted and not kept. An address on no list is blocked, too. No undo\n"
    "brings it back. Files of the state folder that still hold it are named,\n"
    "with the day the journal drops them.\n"
    "  --dry-run   only tell what would go\n"
    "  --json      one object\n"
    "Example: pmta-suppress erase ada@example.com\n";

static const char HELP_ADD[] =
    "Lists addresses, or whole domains, by hand. A second time keeps the\n"
    "first date and takes the new words.\n"
    "  --reason TEXT   why; it is asked for later (needed)\n"
    "  --class CLASS   manual unless said (help classes)\n"
    "  --scope SCOPE   global unless said, or stream:NAME\n"
    "  --until WHEN    2026-11-21, or 30d from now; no end unless said\n"
    "  --subdomains    a domain and all below it; it stays so when it is\n"
    "                  added again, until it is removed\n"
    "  --force         also one that [never-suppress] names\n"
    "  --json          one object a line\n"
    "Example: pmta-suppress add ada@example.com --reason 'asked by phone'\n";

static const char HELP_REMOVE[] =
    "Lifts entries. Evidence up to now no longer counts for them, so no\n"
    "replay brings them back; new evidence does. Without --class all of the\n"
    "address's entries of the scope are lifted. Without addresses the options\n"
    "say which entries, of all scopes; try --dry-run first.\n"
    "  --reason TEXT    why (needed)\n"
    "  --class CLASS    only this class or group (help classes)\n"
    "  --scope SCOPE    global or stream:NAME; unless said global of an address\n"
    "                   and all without addresses\n"
    "  --stream NAME    the same as --scope stream:NAME\n"
    "  --consent TEXT   complaints, too: how the recipient took it back\n"
    "  --since WHEN     entries since then: 2026-11-21, or 7d ago\n"
    "  --until WHEN     entries since before then\n"
    "  --provider NAME  who received, as the rules name it\n"
    "  --rule NAME      the rule that decided\n"
    "  --reply-like PATTERN   the folded reply ('*' any run, '?' one byte)\n"
    "  --domain NAME    addresses in this domain\n"
    "  --like PATTERN   addresses that look so\n"
    "  --source SOURCE  policy, manual or import\n"
    "  --dry-run        without addresses: only tell what would be lifted\n"
    "  --json           one object a line\n"
    "Exit: 0 something was lifted, 1 nothing was.\n"
    "Example: pmta-suppress remove ada@example.com --reason 'new mailbox'\n";

static const char HELP_HOLD[] =
    "Holds entries: they stay, yet they suppress nobody until they are lifted\n"
    "or the hold is undone. PATTERN is matched against the address. Complaints\n"
    "are left out, and counted.\n"
    "  --reason TEXT    why (needed)\n"
    "  --class CLASS    this class or group (help classes)\n"
    "  --scope SCOPE    global or stream:NAME; all unless said\n"
    "  --stream NAME    the same as --scope stream:NAME\n"
    "  --consent TEXT   complaints, too: how the recipient took it back\n"
    "  --since WHEN     entries since then: 2026-11-21, or 7d ago\n"
    "  --until WHEN     entries since before then\n"
    "  --provider NAME  who received, as the rules name it\n"
    "  --rule NAME      the rule that decided\n"
    "  --reply-like PATTERN   the folded reply ('*' any run, '?' one byte)\n"
    "  --domain NAME    addresses in this domain\n"
    "  --like PATTERN   the same as PATTERN\n"
    "  --source SOURCE  policy, manual or import\n"
    "  --dry-run        only tell what would be held\n"
    "  --json           one object\n"
    "Exit: 0 something was chosen, 1 nothing was.\n"
    "Example: pmta-suppress hold --provider google --since 1h --reason odd\n";

static const char HELP_UNDO[] =
    "Takes back what one import, remove, hold, policy apply, undo, or release\n"
    "or discard of an incident did, by the number that it told. Entries that\n"
    "something else has changed since stay as they are, and so do those whose\n"
    "evidence a delivery has cleared since, so that the rest is not enough.\n"
    "  --list   the latest of them\n"
    "  --json   one object, with --list one a line\n"
    "Exit: 0 something was undone, 1 nothing was.\n"
    "Example: pmta-suppress undo --list\n";

static const char HELP_EXPIRE[] =
    "Ends the entries that have run out and tells it as changes. The pipe does\n"
    "the same every ten minutes; an entry that has run out suppresses nobody\n"
    "in between either.\n"
    "  --dry-run   only count them\n"
    "  --json      one object\n"
    "Example: pmta-suppress expire --dry-run\n";

static const char HELP_GC[] =
    "Deletes what is older than [retain] says, and segments of the journal\n"
    "past [journal] keep, in slices that leave the pipe its turn. Entries and\n"
    "their marks stay. Rows from before the floor that this raises never\n"
    "become evidence again. The space is used again; the file stays as large.\n"
    "  --dry-run   only count it, but for the journal\n"
    "  --json      one object\n"
    "Example: pmta-suppress gc --dry-run\n";

static const char HELP_IMPORT[] =
    "Adds the addresses of a CSV file (gzipped ones too; - is standard\n"
    "input). The column is found by its name: email, address, recipient and\n"
    "so on; columns class, reason, scope, since, until and subdomains count\n"
    "when there.\n"
    "A plain list, one address a line, needs no header; a file of JSON\n"
    "objects with those names is taken, too. Each bad line is told by number\n"
    "and cause, and then nothing is imported.\n"
    "  --profile NAME   whose file it is: their columns, and their words for\n"
    "                   the class (help profiles)\n"
    "  --column NAME|N  the column of addresses, if it has another name\n"
    "  --report FILE    what became of each line, as CSV: line, address,\n"
    "                   result (accepted, duplicate, invalid, erased), why\n"
    "  --dry-run        says what it would do\n"
    "  --skip-bad       imports the other lines all the same\n"
    "  --reason TEXT    of lines without one\n"
    "  --class CLASS    of lines without one; manual unless said\n"
    "  --max-errors N   bad lines that are printed (100)\n"
    "  --json           the sums as one object\n"
    "Exit: 0 done, 65 there were bad lines (without --skip-bad).\n"
    "Example: pmta-suppress import old-list.csv --reason 'former platform'\n";

static const char HELP_EXPORT[] =
    "Writes the entries in force as CSV (RFC 4180, UTF-8): address, scope,\n"
    "class, reason, source, since, last_seen, until, provider, code, status,\n"
    "diagnostic, change, subdomains (yes: what is below @domain, too).\n"
    "  --profile NAME       another layout, each address once (help profiles);\n"
    "                       what it has no place for is told and counted\n"
    "  --lost FILE          lists that: what, action, address, scope, class,\n"
    "                       since, until\n"
    "  --hash NAME          md5, sha1 or sha256 in hex of the address, without\n"
    "                       blanks around it and in lower case, in its place\n"
    "  --split-by WHAT DIR  a file a stream, class or provider in the folder\n"
    "  --output FILE        the file appears whole or not at all\n"
    "  --reload             with --profile powermta: run 'pmta reload' then\n"
    "  --since-cursor NAME  only what changed since NAME's last export, with\n"
    "                       a first column action: add, remove, change, hold.\n"
    "                       A new NAME starts with the whole list. With\n"
    "                       --output or --split-by NAME moves on by itself;\n"
    "                       else only with\n"
    "  --ack NAME[:NUMBER]  the reader has all up to NUMBER, which the export\n"
    "                       told in its last line on standard error\n"
    "  --class CLASS        a class, or a group such as gone (help classes);\n"
    "                       this and the next three not with a cursor\n"
    "  --scope SCOPE        global or stream:NAME\n"
    "  --since WHEN         entries since then: 2026-11-21, or 7d ago\n"
    "  --provider NAME      who received, as the rules name it\n"
    "  --raw                cells as they are: by default one that begins\n"
    "                       with = + - @ gets a ' before it, so that no\n"
    "                       spreadsheet runs it (@domain entries stay)\n"
    "  --json               one object a line\n"
    "Example: pmta-suppress export --since-cursor crm --output delta.csv\n";

static const char HELP_CHANGES[] =
    "Prints every change of the list in order, each with its number: add,\n"
    "change, hold or remove. Whom a hold names may be mailed again, as after\n"
    "a remove, until an add comes. Columns: change, at, action, address,\n"
    "scope, class, who, why, bulk. A reader keeps the number of the last\n"
    "whole line and goes on from there; it may see a change twice, never not\n"
    "at all.\n"
    "  --since N   those behind number N; 0, which is all, unless said\n"
    "  --follow    go on with new ones within a second, until SIGINT or\n"
    "              SIGTERM, or until nobody reads\n"
    "  --json      one object a line\n"
    "Example: pmta-suppress changes --since 12\n";

static const char HELP_INGEST[] =
    "Works on accounting files (gzipped ones too), raw mails, mbox files and\n"
    "Maildirs as the pipe would. Of a folder each file is taken. What the\n"
    "pipe or an earlier run has counted is not counted again; a file that\n"
    "was moved, packed or has grown is known again. A last row without a\n"
    "newline is left for later, unless the file is packed or was not\n"
    "written to for an hour.\n"
    "  --dry-run   prints what each event would lead to; needs no database\n"
    "  --json      one object a file; with --dry-run one an event\n"
    "Exit: 0 done, 66 a file could not be read (the others are done).\n"
    "Example: pmta-suppress ingest /var/log/pmta/acct-*.csv\n";

static const char HELP_CLASSIFY[] =
    "Says what a reply means: class, strength, who is at fault, the rule,\n"
    "what would follow, and what to do.\n"
    "  --dsn-status S   the status column, 5.1.1\n"
    "  --mta HOST       who replied\n"
    "  --rcpt ADDR      whom it was about\n"
    "  --orig ADDR      our envelope sender\n"
    "  --vmta-ip IP     our address\n"
    "  --batch          a reply a line on standard input, one line of\n"
    "                   class, decision and rule out for each\n"
    "  --flush          with --batch: each line at once\n"
    "  --json           one object (a line)\n"
    "Example: pmta-suppress classify '550 5.1.1 user unknown'\n";

static const char HELP_ANONYMISE[] =
    "Prints accounting rows for a bug report: local parts, domains, hosts, IP\n"
    "addresses, vmtas, jobs and ids are changed, each always to the same one,\n"
    "also in VERP addresses and in replies; codes, times and wording stay, and\n"
    "so do the domains and hosts of providers. Columns that are not known are\n"
    "replaced. Each row is judged before and after. Gzipped files, too; - is\n"
    "standard input. Look through it before you send it: words of a reply\n"
    "may be a name.\n"
    "  --key TEXT   the same pseudonyms each time; who has it can guess names.\n"
    "               Random unless said\n"
    "Example: pmta-suppress anonymise acct.csv >for-the-report.csv\n";

static const char HELP_RULES[] =
    "lint runs every sample of every rule and tells what is wrong; list names\n"
    "all rules in their order; explain tells which rules a reply meets, which\n"
    "one wins and why others do not.\n"
    "  --dsn-status S   explain: the status column, 5.1.1\n"
    "  --mta HOST       explain: who replied\n"
    "  --rcpt ADDR      explain: whom it was about\n"
    "  --orig ADDR      explain: our envelope sender\n"
    "  --vmta-ip IP     explain: our address\n"
    "  --json           objects instead of words\n"
    "Exit: 0 no error, 78 the rules have some.\n"
    "Example: pmta-suppress --rules ./rules rules lint\n";

static const char HELP_UNKNOWNS[] =
    "Replies that neither a rule nor a code could tell the class of, the most\n"
    "frequent first, each with a draft of a rule: save it in your rules.d, say\n"
    "its class, and run 'pmta-suppress rules lint'.\n"
    "  --since WHEN   since then: 2026-11-21, or 7d ago\n"
    "  --limit N      at most so many (20)\n"
    "  --json         one object a line\n"
    "Example: pmta-suppress unknowns --since 7d\n";

static const char HELP_DISAGREEMENTS[] =
    "Where PowerMTA's bounceCat and our verdict lead to different things, by\n"
    "volume, each with one sample. Names of your own are read from\n"
    "[bounce-categories].\n"
    "  --since WHEN   since then: 2026-11-21, or 7d ago\n"
    "  --limit N      at most so many (50)\n"
    "  --json         one object a line\n"
    "Example: pmta-suppress disagreements --since 7d\n";

static const char HELP_REPORT[] =
    "codes: who replied what, the most frequent first, each with its class,\n"
    "the advice of the rule, and our IPs and vmtas that it was said to: the\n"
    "table that an incident starts with. On a terminal replies are cut to its\n"
    "width. First and last are exact to 10 minutes.\n"
    "  --since WHEN      since then: 2026-11-21, or 7d ago (7d unless said)\n"
    "  --until WHEN      before then\n"
    "  --provider NAME   who received, as the rules name it\n"
    "  --vmta NAME       of this vmta alone\n"
    "  --limit N         at most so many (20)\n"
    "  --json            one object a line\n"
    "Example: pmta-suppress report codes --since 1d --provider microsoft\n";

static const char HELP_POLICY[] =
    "test: judges the evidence that is stored once more, by the [policy],\n"
    "[never-suppress] and [storm] of FILE, and tells who would be added,\n"
    "removed, get another end, be held or be let go, by class and by rule.\n"
    "Nothing is written, and [policy] mode of FILE is taken as enforce. Storms\n"
    "and breakers are replayed in a copy of the database in TMPDIR, by the\n"
    "settings in force and by FILE, with the deliveries that the journal still\n"
    "has; older ones that cleared nothing, or came by ingest, it does not know,\n"
    "nor a person's word on incidents; the page tells more. Not tried: rules,\n"
    "[trust] and stream-key, as raw rows of failures are not read again.\n"
    "Entries by hand and by import stay, as do held ones.\n"
    "'waiting' counts where the list differs from the present settings too,\n"
    "until the next evidence comes, or 'apply'.\n"
    "apply: lists who would be listed by the settings in force, and is not,\n"
    "since the policy only observed or was stricter when the evidence came;\n"
    "as one bulk, which undo takes back. Who is held, named in\n"
    "[never-suppress], or was lifted by a person stays as it is, and no\n"
    "breaker asks. Nobody is lifted. Always with --dry-run first.\n"
    "  --since WHEN   only who has evidence since then (all of it counts);\n"
    "                 storms from the begin of that day on\n"
    "  --samples N    test: addresses that each line names (3)\n"
    "  --dry-run      apply: tells how many it would list; also in observe\n"
    "  --json         one object\n"
    "Example: pmta-suppress policy test pmta-suppress.conf --since 30d\n";

static const char HELP_STATUS[] =
    "Tells what the database and the journal hold, what was read and what\n"
    "was not of use, how far the reading lags, and what an operator must\n"
    "know.\n"
    "  --json   one object\n"
    "Example: pmta-suppress status\n";

static const char HELP_INCIDENT[] =
    "Storms, breakers and faults of our own: many recipients, one cause. What\n"
    "an incident holds suppresses nobody until it fails again on a later day or\n"
    "you say so. 'list' tells those that go on or hold something, 'show N' all\n"
    "that is known of one. 'release N' applies what it holds, 'discard N' drops\n"
    "it; each is a bulk, which 'undo' takes back. 'note N TEXT' keeps a remark.\n"
    "  --all           list: also those that are over or settled\n"
    "  --reason TEXT   release, discard: why (needed)\n"
    "  --dry-run       release, discard: only tell what would follow\n"
    "  --json          one object (a line); not with note\n"
    "Exit: list: 0 one is open or holds something, 1 none; release, discard:\n"
    "0 something was held, 1 nothing was.\n"
    "Example: pmta-suppress incident list --all\n";

static const char HELP_VERP[] =
    "Proof of sending: tokens in the envelope sender and in a header field\n"
    "that nobody else can make, so that a report which carries one is about\n"
    "mail of ours. The manual page tells the form; INSTALL.md shows how an\n"
    "application makes them. 'key' makes, lists or retires the secrets,\n"
    "'sign' prints the local part and the header field for ADDR, 'verify'\n"
    "tells what a token, or an address with one, proves.\n"
    "  --stream NAME    sign: the stream of the mail\n"
    "  --message-id ID  sign: its Message-ID\n"
    "  --prefix NAME    sign: in place of the setting verp-prefix\n"
    "  --rcpt ADDR      verify: for this recipient\n"
    "  --leaked         key retire: it proves nothing, old tokens neither\n"
    "  --json           one object a line\n"
    "Exit: verify: 0 proved, 1 not.\n"
    "Example: pmta-suppress verp key new\n";

static const char HELP_DUMP[] =
    "Prints entries, evidence, changes and counters as text in a fixed\n"
    "order, so that two databases can be compared.\n"
    "Example: pmta-suppress dump | sha256sum\n";

static const char HELP_HELP[] =
    "Tells the options of one command; 'help classes' names the classes,\n"
    "'help profiles' the layouts of others' lists.\n"
    "Example: pmta-suppress help export\n";

static const struct cmd CMDS[] = {
	{ "check", "ADDR... | -", "may these be mailed? 0: suppressed, 1: not",
	    HELP_CHECK, NEEDS_READ, cmd_check },
	{ "scrub", "FILE | -", "which rows of a list may be mailed",
	    HELP_SCRUB, NEEDS_READ | NEEDS_RULES, cmd_scrub },
	{ "list", "[PATTERN]", "the entries in force", HELP_LIST, NEEDS_READ,
	    cmd_list },
	{ "show", "ADDR | @DOMAIN", "why: evidence, rules, raw bytes",
	    HELP_SHOW, NEEDS_READ | NEEDS_RULES, cmd_show },
	{ "subject", "ADDR", "everything held about a person's address",
	    HELP_SUBJECT, NEEDS_READ | NEEDS_RULES, cmd_subject },
	{ "erase", "ADDR", "the address goes, a keyed hash still blocks",
	    HELP_ERASE, NEEDS_WRITE, cmd_erase },
	{ "add", "ADDR|@DOMAIN... --reason TEXT", "list by hand", HELP_ADD,
	    NEEDS_WRITE | MAKES_STORE, cmd_add },
	{ "remove", "[ADDR|@DOMAIN...] --reason TEXT", "lift entries",
	    HELP_REMOVE, NEEDS_NOTHING, cmd_remove },
	{ "hold", "[PATTERN] --reason TEXT", "keep entries, yet let mail go",
	    HELP_HOLD, NEEDS_NOTHING, cmd_hold },
	{ "undo", "BULK | --list", "take back a remove, hold or import",
	    HELP_UNDO, NEEDS_NOTHING, cmd_undo },
	{ "expire", "", "end what has run out", HELP_EXPIRE, NEEDS_WRITE,
	    cmd_expire },
	{ "gc", "", "delete what is older than [retain] says", HELP_GC,
	    NEEDS_WRITE, cmd_gc },
	{ "import", "FILE | -", "add the addresses of a CSV file", HELP_IMPORT,
	    MAKES_STORE, cmd_import },
	{ "export", "", "the list, or its changes, as CSV", HELP_EXPORT,
	    NEEDS_NOTHING, cmd_export },
	{ "changes", "", "the numbered feed of adds and removals",
	    HELP_CHANGES, NEEDS_READ, cmd_changes },
	{ "ingest", "FILE...", "work on accounting files and raw mails",
	    HELP_INGEST, NEEDS_RULES | MAKES_STORE, cmd_ingest },
	{ "classify", "REPLY", "what a reply means and what to do",
	    HELP_CLASSIFY, NEEDS_RULES, cmd_classify },
	{ "anonymise", "FILE | -", "accounting rows for a bug report",
	    HELP_ANONYMISE, NEEDS_RULES, cmd_anonymise },
	{ "rules", "lint | list | explain REPLY", "the rules, and their tests",
	    HELP_RULES, NEEDS_RULES, cmd_rules },
	{ "unknowns", "", "replies no rule knows, with drafts of rules",
	    HELP_UNKNOWNS, NEEDS_READ, cmd_unknowns },
	{ "disagreements", "", "where bounceCat and we differ",
	    HELP_DISAGREEMENTS, NEEDS_READ, cmd_disagreements },
	{ "report", "codes", "who replied what, how often, to which of ours",
	    HELP_REPORT, NEEDS_READ | NEEDS_RULES, cmd_report },
	{ "policy", "test FILE | apply",
	    "who would be listed by other settings", HELP_POLICY, NEEDS_RULES,
	    cmd_policy },
	{ "status", "", "what is there, what was read, what lags", HELP_STATUS,
	    NEEDS_READ, cmd_status },
	{ "incident", "list | show N | release N | ...",
	    "storms: what is held, and your word on it", HELP_INCIDENT,
	    NEEDS_RULES, cmd_incident },
	{ "verp", "key | sign ADDR | verify TOKEN",
	    "tokens that prove what we sent", HELP_VERP, NEEDS_NOTHING,
	    cmd_verp },
	{ "dump", "", "the whole database as text", HELP_DUMP, NEEDS_READ,
	    cmd_dump },
	{ "help", "[COMMAND | classes | profiles]",
	    "this, or a command's options", HELP_HELP, NEEDS_NOTHING, cmd_help },
};

const struct cmd *
app_table(size_t *n)
{
	*n = COUNT(CMDS);
	return CMDS;
}

const struct cmd *
app_find(const char *name)
{
	for (size_t i = 0; i < COUNT(CMDS); i++)
		if (strcmp(CMDS[i].name, name) == 0)
			return &CMDS[i];
	return NULL;
}
