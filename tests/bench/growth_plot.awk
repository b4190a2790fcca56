# growth_plot.awk - growth.points as a picture (SVG): the cost of one at each
# size, through the cost of one at the first.
BEGIN {
	FS = "\t"
	width = 860; height = 460
	left = 60; right = 600; top = 56; bottom = 400
	split("#1b6ca8 #c4452d #2a8f4f #7b4fa3 #b7791f #4a5560", color, " ")
}
{
	if (!($1 in at)) {
		at[$1]
		size[++sizes] = $1
	}
	what = $2 ": " $3
	if (!(what in known)) {
		known[what]
		line[++lines] = what
		first[what] = $5
	}
	share[what, $1] = $5 / first[what]
	unit[what] = first[what] " " $4
	if (share[what, $1] > most)
		most = share[what, $1]
}
function x(n) {
	return sizes < 2 ? left : left + 10 + (right - left - 20) * \
		log(n / size[1]) / log(size[sizes] / size[1])
}
function y(v) {
	return bottom - (bottom - top) * v / ceiling
}
function text(px, py, anchor, fill, words) {
	printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">" \
		"%s</text>\n", px, py, anchor, fill, words
}
function stroke(x1, y1, x2, y2, tint, thick) {
	printf "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" " \
		"stroke=\"%s\" stroke-width=\"%s\"/>\n", x1, y1, x2, y2, tint,
		thick
}
function axes(    i, step, v) {
	step = most > 4 ? 1 : 0.5
	ceiling = step * (int(most / step) + 1)
	for (v = 0; v <= ceiling + 0.01; v += step) {
		stroke(left, y(v), right, y(v), v == 1 ? "#888" : "#ddd", 1)
		text(left - 8, y(v) + 4, "end", "#333", sprintf("%.1f", v))
	}
	for (i = 1; i <= sizes; i++) {
		stroke(x(size[i]), bottom, x(size[i]), bottom + 5, "#333", 1)
		text(x(size[i]), bottom + 20, "middle", "#333",
			size[i] / 1e6 " M")
	}
	text((left + right) / 2, bottom + 42, "middle", "#333",
		"rows of the file (2, 5), suppressions (9, 13, 16)")
}
# Where a line ends; names stand as high as that, but never in each other.
function ends(    i, j, t) {
	for (i = 1; i <= lines; i++) {
		for (j = 1; j <= sizes; j++)
			if ((line[i], size[j]) in share)
				last[i] = share[line[i], size[j]]
		by[i] = i
	}
	for (i = 2; i <= lines; i++)
		for (j = i; j > 1 && last[by[j]] > last[by[j - 1]]; j--) {
			t = by[j]; by[j] = by[j - 1]; by[j - 1] = t
		}
	for (i = 1; i <= lines; i++) {
		name[by[i]] = y(last[by[i]])
		if (i > 1 && name[by[i]] < name[by[i - 1]] + 34)
			name[by[i]] = name[by[i - 1]] + 34
	}
	t = name[by[lines]] - bottom + 16
	for (i = lines; i > 0 && t > 0; i--) {
		name[by[i]] -= t
		if (i > 1)
			t = name[by[i - 1]] + 34 - name[by[i]]
	}
}
function curve(i,    j, px, py, was, lx, ly) {
	for (j = 1; j <= sizes; j++) {
		if (!((line[i], size[j]) in share))
			continue
		px = x(size[j])
		py = y(share[line[i], size[j]])
		if (was)
			stroke(lx, ly, px, py, color[i], 2.5)
		printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>\n",
			px, py, color[i]
		lx = px; ly = py; was = 1
	}
	printf "<path d=\"M%.1f %.1fL%.1f %.1f\" fill=\"none\" stroke=\"%s\" " \
		"stroke-dasharray=\"2 4\"/>\n", lx + 6, ly, right + 16, name[i],
		color[i]
	text(right + 20, name[i], "start", color[i],
		line[i] sprintf(", %.2f times", last[i]))
	text(right + 20, name[i] + 15, "start", "#666",
		"1.0 is " unit[line[i]])
}
END {
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" " \
		"height=\"%d\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" " \
		"font-size=\"13\">\n<rect width=\"100%%\" height=\"100%%\" " \
		"fill=\"white\"/>\n", width, height, width, height
	printf "<text x=\"%d\" y=\"28\" font-size=\"17\" fill=\"#111\">How cost " \
		"grows: one at each size, through one at %g M</text>\n", left,
		size[1] / 1e6
	axes()
	ends()
	for (i = 1; i <= lines; i++)
		curve(i)
	print "</svg>"
}
