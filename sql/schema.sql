-- schema.sql - version 1. Steps to later versions stand in steps/.
-- Times are UTC seconds since 1970. "word" numbers are ids of table word.

-- Names stored once: providers, vmtas, rules, scopes, sources, reasons.
CREATE TABLE word (
	id INTEGER PRIMARY KEY,
	text TEXT NOT NULL UNIQUE
) STRICT;

-- Folded replies, each with the first raw one seen.
CREATE TABLE reply (
	id INTEGER PRIMARY KEY,
	folded TEXT NOT NULL UNIQUE,
	sample TEXT NOT NULL
) STRICT;

-- One failure or complaint. The key is its fingerprint: the same fact by
-- another road is the same row. address is a recipient's key or "@domain".
CREATE TABLE evidence (
	address TEXT NOT NULL,
	time INTEGER NOT NULL,
	kind INTEGER NOT NULL,     -- enum kind
	sub INTEGER NOT NULL,      -- feedback: its class, else 0
	class INTEGER NOT NULL,    -- enum class
	strength INTEGER NOT NULL, -- enum strength
	state INTEGER NOT NULL,    -- enum evidence_state
	marked INTEGER NOT NULL,   -- event time of what set the state
	clears INTEGER NOT NULL,   -- 1: by a delivery, 2: by one with quiet after
	message INTEGER NOT NULL,  -- key of the message, 0: unknown
	queued INTEGER NOT NULL,
	scope INTEGER NOT NULL,    -- word: stream of mail it came from
	rule INTEGER NOT NULL,     -- word
	provider INTEGER NOT NULL, -- word
	vmta INTEGER NOT NULL,     -- word
	ip INTEGER NOT NULL,       -- word: ours
	cat INTEGER NOT NULL,      -- word: bounceCat, as the row gave it
	code INTEGER NOT NULL,
	status INTEGER NOT NULL,   -- 5.1.10 as 5001010
	reply INTEGER NOT NULL,    -- id of table reply
	bulk INTEGER NOT NULL,
	stream INTEGER NOT NULL,   -- where the raw bytes stand
	offset INTEGER NOT NULL,
	length INTEGER NOT NULL,
	PRIMARY KEY (address, time, kind, sub)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_bulk ON evidence (bulk) WHERE bulk > 0;

-- Who is suppressed, or was. until 0: no end. Evidence up to mark no longer
-- counts for this entry.
CREATE TABLE entry (
	address TEXT NOT NULL,
	scope INTEGER NOT NULL,    -- word, 0: global
	class INTEGER NOT NULL,
	state INTEGER NOT NULL,    -- enum entry_state
	since INTEGER NOT NULL,
	until INTEGER NOT NULL,
	rule INTEGER NOT NULL,     -- word
	source INTEGER NOT NULL,   -- word
	reason INTEGER NOT NULL,   -- word
	mark INTEGER NOT NULL,
	bulk INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	change INTEGER NOT NULL,   -- number of its last change
	PRIMARY KEY (address, scope, class)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_until ON entry (until) WHERE until > 0 AND state = 0;

-- Everything that was told outward, in order. Never changed, never reused.
-- prev leads back over the changes of one entry, from entry.change on.
CREATE TABLE change (
	n INTEGER PRIMARY KEY AUTOINCREMENT,
	at INTEGER NOT NULL,       -- wall clock
	action INTEGER NOT NULL,   -- 1 add, 2 change, 3 hold, 4 remove
	address TEXT NOT NULL,
	scope INTEGER NOT NULL,
	class INTEGER NOT NULL,
	who INTEGER NOT NULL,      -- word
	why INTEGER NOT NULL,      -- word
	bulk INTEGER NOT NULL,
	prev INTEGER NOT NULL,
	was_state INTEGER NOT NULL, -- what an undo brings back; -1: nothing
	was_since INTEGER NOT NULL,
	was_until INTEGER NOT NULL,
	was_rule INTEGER NOT NULL,
	was_source INTEGER NOT NULL,
	was_reason INTEGER NOT NULL,
	was_mark INTEGER NOT NULL
) STRICT;
CREATE INDEX change_bulk ON change (bulk) WHERE bulk > 0;

-- Adds of an import: the changes from first to last have no rows of their own
-- (entry.change, entry.reason and this row tell all of them) until their entry
-- changes again. Their order is that of the entries' keys.
CREATE TABLE change_run (
	first INTEGER PRIMARY KEY,
	last INTEGER NOT NULL,
	at INTEGER NOT NULL,       -- wall clock
	who INTEGER NOT NULL,      -- word
	bulk INTEGER NOT NULL
) STRICT;
CREATE INDEX change_run_bulk ON change_run (bulk);

-- One action of a person on one or many entries; an undo is one, too.
CREATE TABLE bulk (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	at INTEGER NOT NULL,
	what TEXT NOT NULL,
	who TEXT NOT NULL
) STRICT;

-- Where the reading of each stream and file stands.
CREATE TABLE stream (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	road INTEGER NOT NULL,
	pos INTEGER NOT NULL,
	rows INTEGER NOT NULL,
	chain INTEGER NOT NULL,    -- hash of the first rows
	known INTEGER NOT NULL,    -- first rows that an earlier stream had
	resync INTEGER NOT NULL,
	finished INTEGER NOT NULL,
	ident INTEGER NOT NULL,
	ident_bytes INTEGER NOT NULL,
	tail INTEGER NOT NULL,     -- hash of up to 4 KiB before pos; 0: none
	header TEXT NOT NULL,      -- header row in force
	changed INTEGER NOT NULL
) STRICT;
CREATE INDEX stream_ident ON stream (ident, ident_bytes) WHERE ident <> 0;

-- Chained hashes of each stream's first rows: the same rows given again.
CREATE TABLE stream_head (
	hash INTEGER NOT NULL,
	stream INTEGER NOT NULL,
	PRIMARY KEY (hash, stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
	bucket INTEGER NOT NULL,
	provider INTEGER NOT NULL,
	vmta INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	class INTEGER NOT NULL,
	reply INTEGER NOT NULL,
	road INTEGER NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (bucket, provider, vmta, kind, class, reply, road)
) STRICT, WITHOUT ROWID;

CREATE TABLE tally (
	stream INTEGER NOT NULL,
	tally INTEGER NOT NULL,
	sub INTEGER NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (stream, tally, sub)
) STRICT, WITHOUT ROWID;

CREATE TABLE notice (
	kind TEXT NOT NULL,
	text TEXT NOT NULL,
	stream INTEGER NOT NULL,
	first INTEGER NOT NULL,
	last INTEGER NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (kind, text, stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE cursor (
	name TEXT PRIMARY KEY,
	at INTEGER NOT NULL,       -- number of the last change exported
	pending INTEGER NOT NULL,  -- what an ack moves it to
	moved INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Hashes of addresses that may have evidence which a delivery clears: each
-- process keeps them in memory and reads on from the last n it knows.
CREATE TABLE soft (
	n INTEGER PRIMARY KEY AUTOINCREMENT,
	hash INTEGER NOT NULL
) STRICT;

PRAGMA application_id = 1347244885; -- "PMSU"
PRAGMA user_version = 1;
