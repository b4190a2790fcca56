-- schema.sql - version 4. Steps to later versions stand in steps/.
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

-- One failure or complaint. address, time, kind and sub are its fingerprint:
-- the same fact by another road is the same row. address is a recipient's key
-- or "@domain". Rows stand as they came, so that what is new and what is old
-- lies together; an address's are found by its hash, the index of which is a
-- third as large as one of addresses: whoever looks there compares the address.
CREATE TABLE evidence (
	address TEXT NOT NULL,
	hash INTEGER NOT NULL,     -- XXH3 (64 bits, no seed) of address
	time INTEGER NOT NULL,
	kind INTEGER NOT NULL,     -- enum kind
	sub INTEGER NOT NULL,      -- feedback: its class, else 0
	class INTEGER NOT NULL,    -- enum class
	strength INTEGER NOT NULL, -- enum strength
	state INTEGER NOT NULL,    -- enum evidence_state
	marked INTEGER NOT NULL,   -- delivery that cleared it, or is noted; 0: none
	clears INTEGER NOT NULL,   -- 1: by a delivery, 2: by one with quiet after,
	                           -- 3: by none, yet its time is noted
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
	incident INTEGER NOT NULL DEFAULT 0, -- that holds it, or held it
	proof INTEGER NOT NULL DEFAULT 0,    -- enum trust, of a report
	was INTEGER NOT NULL DEFAULT 0       -- state before the bulk's
) STRICT;
CREATE UNIQUE INDEX evidence_key ON evidence (hash, time, kind, sub);
CREATE INDEX evidence_bulk ON evidence (bulk) WHERE bulk > 0;
CREATE INDEX evidence_incident ON evidence (incident) WHERE incident > 0;
CREATE INDEX evidence_time ON evidence (time);

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
	subdomains INTEGER NOT NULL DEFAULT 0, -- "@domain": what is below, too
	PRIMARY KEY (address, scope, class)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_until ON entry (until) WHERE until > 0 AND state = 0;
CREATE INDEX entry_incident ON entry (incident) WHERE incident > 0;
CREATE INDEX entry_subdomains ON entry (address) WHERE subdomains > 0;

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
	was_mark INTEGER NOT NULL,
	was_incident INTEGER NOT NULL DEFAULT 0,
	was_subdomains INTEGER NOT NULL DEFAULT 0
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

-- Rows that are no evidence (d, r, tq, rs), in each ten minutes.
CREATE TABLE counter (
	bucket INTEGER NOT NULL,   -- UTC second of its start
	provider INTEGER NOT NULL, -- word
	vmta INTEGER NOT NULL,     -- word
	kind INTEGER NOT NULL,     -- enum kind
	road INTEGER NOT NULL,     -- enum road: the pipe and a file tell the same
	n INTEGER NOT NULL,
	PRIMARY KEY (bucket, provider, vmta, kind, road)
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

-- Hashes of addresses that may have evidence to which a delivery matters: each
-- process keeps them in memory and reads on from the last n it knows.
CREATE TABLE soft (
	n INTEGER PRIMARY KEY AUTOINCREMENT,
	hash INTEGER NOT NULL
) STRICT;

-- The names of enum class, for the views.
CREATE TABLE class_name (
	class INTEGER PRIMARY KEY,
	name TEXT NOT NULL
) STRICT;
INSERT INTO class_name (class, name) VALUES
	(0, 'unknown'),
	(1, 'gone.mailbox'),
	(2, 'gone.syntax'),
	(3, 'gone.inactive'),
	(4, 'gone.moved'),
	(5, 'gone.domain'),
	(6, 'gone.nullmx'),
	(10, 'full.mailbox'),
	(11, 'full.system'),
	(15, 'refused.personal'),
	(16, 'refused.listexp'),
	(20, 'temp.greylist'),
	(21, 'temp.system'),
	(22, 'temp.network'),
	(23, 'temp.dns'),
	(24, 'temp.route'),
	(25, 'temp.expired'),
	(30, 'block.ip'),
	(31, 'block.reputation'),
	(32, 'block.content'),
	(33, 'block.attachment'),
	(34, 'block.virus'),
	(35, 'block.auth'),
	(36, 'block.ptr'),
	(37, 'block.rate'),
	(38, 'block.policy'),
	(39, 'block.relay'),
	(45, 'sender.address'),
	(46, 'sender.protocol'),
	(47, 'sender.size'),
	(48, 'sender.smtputf8'),
	(49, 'sender.tls'),
	(50, 'sender.login'),
	(51, 'sender.config'),
	(60, 'self.suppressed'),
	(61, 'self.deleted'),
	(62, 'self.nodelivery'),
	(65, 'dsn.delayed'),
	(66, 'dsn.relayed'),
	(70, 'auto.reply'),
	(71, 'auto.challenge'),
	(72, 'auto.subscribe'),
	(73, 'auto.unsubscribe'),
	(80, 'fbl.abuse'),
	(81, 'fbl.optout'),
	(82, 'fbl.fraud'),
	(83, 'fbl.virus'),
	(84, 'fbl.auth-failure'),
	(85, 'fbl.not-spam'),
	(90, 'delivered'),
	(91, 'received'),
	(95, 'manual');

-- One cause, many recipients: a storm, or a breaker that opened.
CREATE TABLE incident (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	kind INTEGER NOT NULL,     -- enum incident_kind
	state INTEGER NOT NULL,    -- enum incident_state
	provider INTEGER NOT NULL, -- word, 0: all
	class INTEGER NOT NULL,    -- of what opened it
	reply INTEGER NOT NULL,    -- of what opened it, 0: any
	covers INTEGER NOT NULL,   -- evidence from then on is held
	opened INTEGER NOT NULL,   -- event time, as all that follow
	last INTEGER NOT NULL,     -- when it was last over the line
	peak INTEGER NOT NULL,     -- the worst ten minutes
	peak_n INTEGER NOT NULL,   -- failures in them
	text TEXT NOT NULL         -- the arithmetic that opened it
) STRICT;

-- What an incident is about: provider 0 any, reply 0 any.
CREATE TABLE incident_key (
	incident INTEGER NOT NULL,
	provider INTEGER NOT NULL,
	class INTEGER NOT NULL,    -- enum class, or a share's group
	reply INTEGER NOT NULL,
	PRIMARY KEY (incident, provider, class, reply)
) STRICT, WITHOUT ROWID;

CREATE TABLE incident_note (
	incident INTEGER NOT NULL,
	at INTEGER NOT NULL,       -- wall clock
	who TEXT NOT NULL,
	text TEXT NOT NULL
) STRICT;
CREATE INDEX incident_note_of ON incident_note (incident);

-- The states that a person's word gave, by bulk: what an undo takes back.
CREATE TABLE incident_change (
	bulk INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	was INTEGER NOT NULL,      -- enum incident_state
	state INTEGER NOT NULL,
	PRIMARY KEY (bulk, incident)
) STRICT, WITHOUT ROWID;

-- Distinct recipients that fail, and attempts, in each ten minutes: what
-- storms and breakers are told by.
CREATE TABLE share (
	provider INTEGER NOT NULL, -- word, 0: all
	bucket INTEGER NOT NULL,   -- UTC second of its start
	class INTEGER NOT NULL,    -- enum class, or a share's group
	reply INTEGER NOT NULL,    -- 0: any
	n INTEGER NOT NULL,        -- recipients; of a group of attempts: rows
	accepted INTEGER NOT NULL, -- of those, who took mail lately
	PRIMARY KEY (provider, bucket, class, reply)
) STRICT, WITHOUT ROWID;

-- What the policy has listed lately, by event time: a storm withdraws it.
CREATE TABLE fresh (
	time INTEGER NOT NULL,
	address TEXT NOT NULL,
	scope INTEGER NOT NULL,
	class INTEGER NOT NULL,
	provider INTEGER NOT NULL,
	reply INTEGER NOT NULL,
	PRIMARY KEY (time, address, scope, class)
) STRICT, WITHOUT ROWID;

-- Single numbers: "horizon", the latest event time of our own rows worked on;
-- "horizon-reports", that of reports of others; "floor", before which rows are
-- no evidence any more.
CREATE TABLE level (
	name TEXT PRIMARY KEY,
	value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Addresses that were erased on request: '#' and a keyed hash stands in their
-- place in table entry, so that they stay blocked. secret holds the key.
CREATE TABLE erased (
	hash TEXT PRIMARY KEY,     -- '#' and 64 hex digits
	at INTEGER NOT NULL        -- wall clock
) STRICT, WITHOUT ROWID;
CREATE TABLE secret (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- For applications that open the database themselves: these columns stay.
-- until is NULL where there is no end.
CREATE VIEW suppressed_address (address, scope, class, since, until) AS
SELECT en.address, coalesce(sc.text, 'global'), cn.name, en.since,
	nullif(en.until, 0)
FROM entry en
JOIN class_name cn ON cn.class = en.class
LEFT JOIN word sc ON sc.id = en.scope
WHERE en.state = 0 AND substr(en.address, 1, 1) NOT IN ('@', '#')
	AND (en.until = 0
	OR en.until > CAST(strftime('%s', 'now') AS INTEGER));

CREATE VIEW suppressed_domain (domain, subdomains, scope, class, since, until)
AS
SELECT substr(en.address, 2), en.subdomains, coalesce(sc.text, 'global'),
	cn.name, en.since, nullif(en.until, 0)
FROM entry en
JOIN class_name cn ON cn.class = en.class
LEFT JOIN word sc ON sc.id = en.scope
WHERE en.state = 0 AND en.address >= '@' AND en.address < 'A'
	AND (en.until = 0
	OR en.until > CAST(strftime('%s', 'now') AS INTEGER));

PRAGMA application_id = 1347244885; -- "PMSU"
PRAGMA user_version = 4;
