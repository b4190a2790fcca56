-- 003-hash.sql - from version 3: evidence is found by the hash of its address.
-- Tells the same as schema.sql.
CREATE TABLE evidence_4 (
	address TEXT NOT NULL,
	hash INTEGER NOT NULL,     -- XXH3 (64 bits, no seed) of address
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
	incident INTEGER NOT NULL DEFAULT 0, -- that holds it, or held it
	proof INTEGER NOT NULL DEFAULT 0,    -- enum proof, of a report
	was INTEGER NOT NULL DEFAULT 0       -- state before the bulk's
) STRICT;
INSERT INTO evidence_4 (address, hash, time, kind, sub, class, strength, state,
	marked, clears, message, queued, scope, rule, provider, vmta, ip, cat,
	code, status, reply, bulk, stream, offset, length, incident, proof, was)
SELECT address, hash_of(address), time, kind, sub, class, strength, state,
	marked, clears, message, queued, scope, rule, provider, vmta, ip, cat,
	code, status, reply, bulk, stream, offset, length, incident, proof, was
FROM evidence ORDER BY rowid;
DROP TABLE evidence;
ALTER TABLE evidence_4 RENAME TO evidence;
CREATE UNIQUE INDEX evidence_key ON evidence (hash, time, kind, sub);
CREATE INDEX evidence_bulk ON evidence (bulk) WHERE bulk > 0;
CREATE INDEX evidence_incident ON evidence (incident) WHERE incident > 0;
CREATE INDEX evidence_time ON evidence (time);

PRAGMA user_version = 4;
