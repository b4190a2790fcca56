-- evidence.sql - one failure or complaint each.

-- name: evidence_add
INSERT INTO evidence (address, hash, time, kind, sub, class, strength, state,
	marked, clears, message, queued, scope, rule, provider, vmta, ip, cat,
	code, status, reply, bulk, stream, offset, length, incident, proof)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
	?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)
ON CONFLICT DO NOTHING;

-- No fewer than there are rows; 0: there are none.
-- name: evidence_last
SELECT coalesce(max(rowid), 0) FROM evidence;

-- Newest first; classes that never suppress are left out. The LIMIT tells
-- an address with very many rows, which is read day by day instead.
-- name: evidence_history
SELECT time, kind, class, strength, message, state, scope, rule, marked,
	proof
FROM evidence WHERE hash = hash_of(?1) AND address = ?1
ORDER BY time DESC, kind DESC, sub DESC LIMIT ?2;

-- name: evidence_before
SELECT coalesce(max(time), -1) FROM evidence
	WHERE hash = hash_of(?1) AND address = ?1 AND time < ?2;

-- The first rows of one day, of the kinds from ?4 to ?5, earliest first.
-- name: evidence_day
SELECT time, kind, class, strength, message, state, scope, rule, marked,
	proof
FROM evidence
WHERE hash = hash_of(?1) AND address = ?1 AND time >= ?2 AND time < ?3
	AND kind >= ?4 AND kind <= ?5
ORDER BY time, kind, sub LIMIT ?6;

-- How many rows of this class, and of this way (0 our own, 1 a report, 2 one
-- that proves itself), the day before ?3 has, up to ?5.
-- name: evidence_crowd
SELECT count(*) FROM (SELECT 1 FROM evidence
	WHERE hash = hash_of(?1) AND address = ?1
		AND time >= ?2 AND time < ?3 AND class = ?4 AND state <> 5
		AND (kind IN (6, 9)) * (1 + (proof = 1)) = ?6
	LIMIT ?5);

-- The same of those that count, or are held, and weigh as much.
-- name: evidence_alike
SELECT count(*) FROM (SELECT 1 FROM evidence
	WHERE hash = hash_of(?1) AND address = ?1
		AND time >= ?2 AND time < ?3 AND class = ?4
		AND kind = ?6 AND strength = ?7 AND proof = ?8
		AND state IN (0, 3)
	LIMIT ?5);

-- name: evidence_transient
SELECT class, strength, rule, code, status, reply
FROM evidence
WHERE hash = hash_of(?1) AND address = ?1
	AND time <= ?2 AND kind = 3 AND message = ?3
ORDER BY time DESC LIMIT 1;

-- All rows before a time, newest first, so that reading can end where earlier
-- deliveries were; the last column tells what a delivery may clear. Also what an
-- incident holds, which may count again, and what a bulk made void, which its
-- undo would let count or be held again.
-- name: evidence_clearable
SELECT time, kind, sub, clears, marked, state, was,
	(clears > 0 AND state IN (0, 1, 3)) OR (state = 3 AND kind IN (2, 3))
	OR (state = 2 AND bulk > 0 AND (clears > 0 OR
	(was = 3 AND kind IN (2, 3))))
FROM evidence WHERE hash = hash_of(?1) AND address = ?1 AND time < ?2
ORDER BY time DESC;

-- It stays void, and of its bulk, whose undo finds it cleared.
-- name: evidence_void_clear
UPDATE evidence SET was = 1, marked = ?5
WHERE hash = hash_of(?1) AND address = ?1
	AND time = ?2 AND kind = ?3 AND sub = ?4;

-- It is what it was, and of its bulk, whose undo finds it.
-- name: evidence_delivered
UPDATE evidence SET marked = ?5
WHERE hash = hash_of(?1) AND address = ?1
	AND time = ?2 AND kind = ?3 AND sub = ?4;

-- What an entry that counts behind ?2 can stand on; scope 0: any.
-- name: evidence_behind
SELECT class, state FROM evidence
WHERE hash = hash_of(?1) AND address = ?1
	AND time > ?2 AND (?3 = 0 OR scope = ?3)
ORDER BY time DESC;

-- Of no bulk any more: an undo of what was done before leaves it.
-- name: evidence_mark
UPDATE evidence SET was = state, state = ?5, marked = ?6, bulk = ?7
WHERE hash = hash_of(?1) AND address = ?1
	AND time = ?2 AND kind = ?3 AND sub = ?4;

-- name: evidence_mark_held
UPDATE evidence SET was = state, state = 3, incident = ?5, bulk = 0
WHERE hash = hash_of(?1) AND address = ?1
	AND time = ?2 AND kind = ?3 AND sub = ?4;

-- Also what an incident held before, and no person has released. Last, the
-- delivery that strong evidence noted.
-- name: evidence_in
SELECT time, kind, sub, class, provider, reply, proof,
	iif(clears = 3, marked, 0)
FROM evidence
WHERE hash = hash_of(?1) AND address = ?1 AND state = 0
	AND (time >= ?2 OR (incident > 0 AND bulk = 0));

-- Last, the delivery that a report noted.
-- name: evidence_of_state
SELECT time, kind, sub, class, incident, iif(clears = 2, marked, 0)
FROM evidence
WHERE hash = hash_of(?1) AND address = ?1 AND time < ?2 AND state = ?3;

-- name: evidence_of
SELECT time, kind, sub, class, scope, marked
FROM evidence
WHERE hash = hash_of(?1) AND address = ?1 AND time <= ?2 AND state IN (0, 3);

-- Reports (rb, f, mb, mf) that nothing proves and nobody doubts.
-- name: evidence_open
SELECT 1 FROM (SELECT kind, proof FROM evidence
	WHERE hash = hash_of(?1) AND address = ?1
	ORDER BY time DESC LIMIT 2000)
WHERE kind IN (6, 8, 9, 10) AND proof = 0 LIMIT 1;

-- name: evidence_trust
UPDATE evidence SET proof = ?5, state = ?6, clears = ?7
WHERE hash = hash_of(?1) AND address = ?1
	AND time = ?2 AND kind = ?3 AND sub = ?4;

-- All of it, clustered by address, in no order of these.
-- name: evidence_scan
SELECT address, time, kind, class, strength, scope FROM evidence
ORDER BY hash, address, time, kind, sub;

-- name: evidence_hashes
SELECT hash FROM evidence INDEXED BY evidence_key;

-- name: evidence_scan_one
SELECT address, time, kind, class, strength, scope FROM evidence
WHERE hash = hash_of(?1) AND address = ?1 ORDER BY time, kind, sub;

-- name: evidence_list
SELECT e.time, e.kind, e.sub, e.class, e.strength, e.state, e.marked,
	e.message, e.queued, e.code, e.status, e.bulk, e.stream, e.offset,
	e.length, ru.text, pr.text, vm.text, ip.text, sc.text, re.folded,
	re.sample, st.name, ca.text, e.incident, e.proof
FROM evidence e
LEFT JOIN word ru ON ru.id = e.rule
LEFT JOIN word pr ON pr.id = e.provider
LEFT JOIN word vm ON vm.id = e.vmta
LEFT JOIN word ip ON ip.id = e.ip
LEFT JOIN word sc ON sc.id = e.scope
LEFT JOIN reply re ON re.id = e.reply
LEFT JOIN stream st ON st.id = e.stream
LEFT JOIN word ca ON ca.id = e.cat
WHERE e.hash = hash_of(?1) AND e.address = ?1
ORDER BY e.time, e.kind, e.sub;
