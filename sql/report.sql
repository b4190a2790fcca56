-- report.sql - what replies come, by volume.

-- name: report_unknowns
SELECT re.folded, re.sample, coalesce(pr.text, ''), sum(co.n) AS n,
	min(co.bucket), max(co.bucket)
FROM counter co
JOIN reply re ON re.id = co.reply
LEFT JOIN word pr ON pr.id = co.provider
WHERE co.class = 0 AND co.bucket >= ?1
GROUP BY co.reply, co.provider
ORDER BY n DESC, re.folded
LIMIT ?2;

-- name: report_categories
SELECT ca.text, e.class, coalesce(re.folded, ''), coalesce(re.sample, ''),
	coalesce(ru.text, ''), count(*) AS n
FROM evidence e
JOIN word ca ON ca.id = e.cat
LEFT JOIN reply re ON re.id = e.reply
LEFT JOIN word ru ON ru.id = e.rule
WHERE e.time >= ?1
GROUP BY e.cat, e.class, e.reply, e.rule
ORDER BY n DESC, ca.text, e.class;

-- Failures by who replied what; complaints have no reply.
-- name: report_codes
SELECT coalesce(pr.text, ''), coalesce(re.folded, ''),
	coalesce(re.sample, ''), g.class, g.n, g.first, g.last, g.provider,
	g.reply
FROM (SELECT provider, reply, class, sum(n) AS n, min(bucket) AS first,
		max(bucket) AS last
	FROM counter
	WHERE bucket >= ?1 AND bucket < ?2 AND kind IN (2, 3, 6, 9)
		AND (?3 = 0 OR provider = ?3) AND (?4 = 0 OR vmta = ?4)
	GROUP BY provider, reply, class
	ORDER BY n DESC, last DESC, provider, reply, class LIMIT ?5) g
LEFT JOIN word pr ON pr.id = g.provider
LEFT JOIN reply re ON re.id = g.reply
ORDER BY g.n DESC, g.last DESC, g.provider, g.reply, g.class;

-- name: report_touched
SELECT coalesce(vm.text, ''), coalesce(ip.text, ''), coalesce(ru.text, ''),
	t.code, t.status
FROM touched t
LEFT JOIN word vm ON vm.id = t.vmta
LEFT JOIN word ip ON ip.id = t.ip
LEFT JOIN word ru ON ru.id = t.rule
WHERE t.provider = ?1 AND t.reply = ?2 AND t.class = ?3 AND t.last >= ?4
	AND t.first < ?5 AND (?6 = 0 OR t.vmta = ?6)
ORDER BY t.last DESC, t.vmta, t.ip LIMIT ?7;

-- name: touched_put
INSERT INTO touched (provider, reply, class, vmta, ip, rule, code, status,
	first, last)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT DO UPDATE SET
	rule = iif(excluded.last >= last, excluded.rule, rule),
	code = iif(excluded.last >= last, excluded.code, code),
	status = iif(excluded.last >= last, excluded.status, status),
	first = min(first, excluded.first), last = max(last, excluded.last);
