-- incident.sql - storms and breakers.

-- name: incident_add
INSERT INTO incident (kind, state, provider, class, reply, covers, opened,
	last, peak, peak_n, text)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: incident_key_add
INSERT INTO incident_key (incident, provider, class, reply)
VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING;

-- name: incident_load
SELECT i.id, i.kind, i.state, i.provider, i.class, i.reply, i.covers,
	i.opened, i.last, i.peak, i.peak_n, k.provider, k.class, k.reply
FROM incident i JOIN incident_key k ON k.incident = i.id
ORDER BY i.id;

-- name: incident_keep
UPDATE incident SET last = ?2, peak = ?3, peak_n = ?4 WHERE id = ?1;

-- name: incident_state
UPDATE incident SET state = ?2 WHERE id = ?1;

-- name: incident_get
SELECT id, kind, state, provider, class, reply, covers, opened, last, peak,
	peak_n, text
FROM incident WHERE id = ?1;

-- name: incident_list
SELECT id, kind, state, provider, class, reply, covers, opened, last, peak,
	peak_n, text
FROM incident ORDER BY id DESC;

-- name: incident_note_add
INSERT INTO incident_note (incident, at, who, text) VALUES (?1, ?2, ?3, ?4);

-- name: incident_note_list
SELECT at, who, text FROM incident_note WHERE incident = ?1
ORDER BY at, rowid;

-- name: incident_held
SELECT e.address, e.class, coalesce(sc.text, '')
FROM evidence e LEFT JOIN word sc ON sc.id = e.scope
WHERE e.incident = ?1 AND e.state = 3 AND e.address > ?2
GROUP BY e.address, e.class, e.scope ORDER BY e.address LIMIT ?3;

-- name: incident_sums
SELECT count(DISTINCT CASE state WHEN 3 THEN address END),
	count(DISTINCT address)
FROM evidence WHERE incident = ?1;
