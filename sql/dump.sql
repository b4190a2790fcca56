-- dump.sql - the whole, in a fixed order, for comparing two databases: no
-- source, offset, number or wall time; names in place of numbers. Counters
-- take the larger of the two roads.

-- name: dump
SELECT line FROM (
SELECT 1 AS part, en.address AS a, coalesce(sc.text, 'global') AS b,
	en.class AS c, 0 AS d, 0 AS f, 'entry' || char(9) || en.address ||
	char(9) || coalesce(sc.text, 'global') || char(9) || en.class ||
	char(9) || en.state || char(9) || en.since || char(9) || en.until ||
	char(9) || coalesce(ru.text, '-') || char(9) || so.text || char(9) ||
	coalesce(re.text, '') || char(9) || (en.mark > 0) ||
	iif(en.subdomains > 0, char(9) || 'subdomains', '') AS line
FROM entry en
LEFT JOIN word sc ON sc.id = en.scope
LEFT JOIN word ru ON ru.id = en.rule
LEFT JOIN word so ON so.id = en.source
LEFT JOIN word re ON re.id = en.reason
UNION ALL
SELECT 2, e.address, '', e.time, e.kind, e.sub, 'evidence' || char(9) ||
	e.address || char(9) || e.time || char(9) || e.kind || char(9) ||
	e.sub || char(9) || e.class || char(9) || e.strength || char(9) ||
	e.state || char(9) || coalesce(ru.text, '-') || char(9) ||
	coalesce(pr.text, '') || char(9) || coalesce(vm.text, '') || char(9) ||
	coalesce(ip.text, '') || char(9) || coalesce(sc.text, '') || char(9) ||
	e.code || char(9) || e.status || char(9) || e.queued || char(9) ||
	coalesce(re.folded, '')
FROM evidence e
LEFT JOIN word ru ON ru.id = e.rule
LEFT JOIN word pr ON pr.id = e.provider
LEFT JOIN word vm ON vm.id = e.vmta
LEFT JOIN word ip ON ip.id = e.ip
LEFT JOIN word sc ON sc.id = e.scope
LEFT JOIN reply re ON re.id = e.reply
UNION ALL
SELECT 3, ch.address, coalesce(sc.text, 'global'), ch.class, ch.action,
	count(*), 'change' || char(9) || ch.address || char(9) ||
	coalesce(sc.text, 'global') || char(9) || ch.class || char(9) ||
	ch.action || char(9) || coalesce(wh.text, '') || char(9) || count(*)
FROM (SELECT address, scope, class, action, who FROM change
	UNION ALL
	SELECT en.address, en.scope, en.class, 1, r.who
	FROM change_run r
	JOIN entry en ON en.change BETWEEN r.first AND r.last
	WHERE NOT EXISTS (SELECT 1 FROM change c WHERE c.n = en.change)) ch
LEFT JOIN word sc ON sc.id = ch.scope
LEFT JOIN word wh ON wh.id = ch.who
GROUP BY ch.address, ch.scope, ch.class, ch.action, ch.who
UNION ALL
SELECT 4, coalesce(pr.text, ''), coalesce(vm.text, ''), co.bucket, co.kind,
	0, 'counter' || char(9) || co.bucket || char(9) ||
	coalesce(pr.text, '') || char(9) || coalesce(vm.text, '') || char(9) ||
	co.kind || char(9) || max(co.n)
FROM counter co
LEFT JOIN word pr ON pr.id = co.provider
LEFT JOIN word vm ON vm.id = co.vmta
GROUP BY co.bucket, co.provider, co.vmta, co.kind
UNION ALL
SELECT 5, coalesce(pr.text, ''), '', i.opened, i.class, i.kind,
	'incident' || char(9) || i.kind || char(9) || coalesce(pr.text, '') ||
	char(9) || i.class || char(9) || i.opened || char(9) || i.last ||
	char(9) || i.state
FROM incident i
LEFT JOIN word pr ON pr.id = CASE WHEN i.provider < 0
	THEN (SELECT id FROM word WHERE text = 'other') ELSE i.provider END
) ORDER BY part, a, b, c, d, f, line;
