-- stream.sql - where the reading stands, and what is counted on the way.

-- name: stream_get
SELECT id, road, pos, rows, resync, finished, ident, ident_bytes, chain,
	known, tail, header
FROM stream WHERE name = ?1;

-- name: stream_add
INSERT INTO stream (name, road, pos, rows, chain, known, resync, finished,
	ident, ident_bytes, tail, header, changed)
VALUES (?1, ?2, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', 0);

-- name: stream_ident
SELECT id, road, pos, rows, resync, finished, ident, ident_bytes, chain,
	known, tail
FROM stream WHERE ident = ?1 AND ident <> 0 AND ident_bytes = ?2
ORDER BY id LIMIT 1;

-- name: stream_keep
UPDATE stream SET pos = ?2, rows = ?3, resync = ?4, finished = ?5,
	ident = ?6, ident_bytes = ?7, header = coalesce(?8, header),
	changed = ?9, chain = ?10, known = ?11, tail = ?12
WHERE id = ?1 AND pos = ?13;

-- name: stream_rename
UPDATE stream SET name = ?2 WHERE id = ?1;

-- name: stream_list
SELECT name, id, road, pos, rows, resync, finished, ident, ident_bytes, chain,
	known, tail, changed
FROM stream ORDER BY id;

-- name: head_add
INSERT INTO stream_head (hash, stream) VALUES (?1, ?2) ON CONFLICT DO NOTHING;

-- name: head_rows
SELECT coalesce(max(s.rows), 0) FROM stream_head h
JOIN stream s ON s.id = h.stream
WHERE h.hash = ?1 AND h.stream <> ?2 AND s.road = ?3;

-- name: counter_put
INSERT INTO counter (bucket, provider, vmta, kind, road, n)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT DO UPDATE SET n = n + excluded.n;

-- name: tally_put
INSERT INTO tally (stream, tally, sub, n) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT DO UPDATE SET n = n + excluded.n;

-- name: tally_list
SELECT tally, sub, sum(n) FROM tally GROUP BY tally, sub ORDER BY tally, sub;

-- name: notice_put
INSERT INTO notice (kind, text, stream, first, last, n)
VALUES (?1, ?2, ?3, ?4, ?4, 1)
ON CONFLICT DO UPDATE SET last = excluded.last, n = n + 1;

-- name: notice_list
SELECT kind, text, min(first), max(last), sum(n) FROM notice
GROUP BY kind, text ORDER BY max(last), kind, text;
