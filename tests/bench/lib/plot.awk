# SPDX-License-Identifier: MIT
# One plot, as SVG, of the CSV file of tests/bench/run: -v group= -v unit= choose its lines. Each row is a line of the plot, each
# peer a mark on it: at the median, with a line from the least to the most. Where the largest is more than fifty times the
# smallest, the axis is logarithmic.
function escape(text) {
    gsub(/&/, "\\&amp;", text)
    gsub(/</, "\\&lt;", text)
    gsub(/>/, "\\&gt;", text)
    return text
}

function figure(value) {
    return value >= 1000000 ? sprintf("%.4gM", value / 1000000) : value >= 100 ? sprintf("%.0f", value) : sprintf("%.3g", value)
}

function log10(value) {
    return log(value) / log(10)
}

function x_of(value) {
    if (!logarithmic)
        return left + value / axis_most * width
    if (value < axis_least)
        value = axis_least
    return left + (log10(value) - log10(axis_least)) / (log10(axis_most) - log10(axis_least)) * width
}

# 1, 2 or 5 times a power of ten, so that there are four to ten of them.
function step_for(most,    power) {
    power = 10 ^ int(log10(most) - (log10(most) < 0))
    return most / power >= 5 ? power : most / power >= 2 ? power / 2 : power / 5
}

function choose_axis(    step) {
    logarithmic = least > 0 && most / least > 50
    if (logarithmic) {
        axis_least = 10 ^ int(log10(least) - (log10(least) < 0))
        axis_most = axis_least
        while (axis_most < most)
            axis_most *= 10
    } else {
        if (most <= 0)
            most = 1
        step = step_for(most)
        axis_most = step
        while (axis_most < most)
            axis_most += step
        axis_step = step
    }
}

function grid_line(value,    x) {
    x = x_of(value)
    printf "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>\n", x, top, x, bottom
    printf "<text class=\"small\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>\n", x, bottom + 18, figure(value)
}

function draw_grid(    value) {
    if (logarithmic)
        for (value = axis_least; value <= axis_most * 1.01; value *= 10)
            grid_line(value)
    else
        for (value = 0; value <= axis_most * 1.0001; value += axis_step)
            grid_line(value)
}

# Told apart by their form as well as by their colour.
function mark(which, x, y) {
    if (which % 4 == 1)
        printf "<circle class=\"p%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/>\n", which, x, y
    else if (which % 4 == 2)
        printf "<rect class=\"p%d\" x=\"%.1f\" y=\"%.1f\" width=\"9\" height=\"9\"/>\n", which, x - 4.5, y - 4.5
    else if (which % 4 == 3)
        printf "<path class=\"p%d\" d=\"M%.1f %.1fl6 6l-6 6l-6 -6z\"/>\n", which, x, y - 6
    else
        printf "<path class=\"p%d\" d=\"M%.1f %.1fl6 10h-12z\"/>\n", which, x, y - 6
}

function draw_style(    light, dark, p, l, d) {
    split("#0b62a8 #c2570c #2e7d32 #8e3a9d #8a6d00 #5f6368", l, " ")
    split("#6cb6ff #ff9e57 #7bd088 #dba2e8 #e3c44b #b0b5ba", d, " ")
    for (p = 1; p <= 6; p++) {
        light = light sprintf(".p%d{fill:%s;stroke:%s}", p, l[p], l[p])
        dark = dark sprintf(".p%d{fill:%s;stroke:%s}", p, d[p], d[p])
    }
    printf "<style>text{font:13px sans-serif;fill:#1f2328}.title{font-weight:bold}.small{font-size:11px;fill:#59636e}"
    printf ".ground{fill:#fff}.grid{stroke:#d8dee4}.range{stroke-width:2}%s", light
    printf "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}.ground{fill:#0d1117}.grid{stroke:#30363d}%s}", dark
    print "</style>"
}

function draw_legend(    j, x) {
    x = 16
    for (j = 1; j <= peers; j++) {
        mark(j, x, 44)
        printf "<text class=\"small\" x=\"%.1f\" y=\"48\">%s</text>\n", x + 11, escape(peer[j])
        x += 34 + 6.5 * length(peer[j])
    }
}

function draw_row(i,    j, key, y) {
    y = top + (i - 0.5) * row_height
    printf "<text text-anchor=\"end\" x=\"%d\" y=\"%.1f\">%s</text>\n", left - 12, y + 4, escape(row[i])
    printf "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>\n", left, y, left + width, y
    for (j = 1; j <= peers; j++) {
        key = row[i] SUBSEP peer[j]
        if (!(key in middle))
            continue
        printf "<g><title>%s, %s: %s %s</title>\n", escape(row[i]), escape(peer[j]), figure(middle[key]), escape(unit)
        printf "<line class=\"range p%d\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", j, x_of(low[key]), y,
            x_of(high[key]), y
        mark(j, x_of(middle[key]), y)
        print "</g>"
    }
}

BEGIN {
    FS = ","
}

index($1, group "/") == 1 && $3 == unit {
    label = substr($1, length(group) + 2)
    if (!(label in seen_row)) {
        seen_row[label] = 1
        row[++rows] = label
        if (length(label) > longest)
            longest = length(label)
    }
    if (!($2 in seen_peer)) {
        seen_peer[$2] = 1
        peer[++peers] = $2
    }
    middle[label, $2] = $5
    low[label, $2] = $6
    high[label, $2] = $7
    if (least == "" || $6 < least)
        least = $6 + 0
    if (most == "" || $7 > most)
        most = $7 + 0
    source = $8 "; " $9
}

END {
    if (rows == 0)
        exit 1
    left = 30 + 7 * longest
    width = 520
    top = 62
    row_height = 26
    bottom = top + rows * row_height
    choose_axis()
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">\n", left + width + 40, bottom + 48
    draw_style()
    printf "<rect class=\"ground\" width=\"100%%\" height=\"100%%\"/>\n"
    printf "<text class=\"title\" x=\"12\" y=\"22\">%s: %s%s</text>\n", escape(group), escape(unit),
        logarithmic ? " (logarithmic)" : ""
    draw_legend()
    draw_grid()
    for (i = 1; i <= rows; i++)
        draw_row(i)
    printf "<text class=\"small\" x=\"12\" y=\"%d\">%s</text>\n", bottom + 40, escape(source)
    print "</svg>"
}
