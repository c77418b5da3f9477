# SPDX-License-Identifier: MIT
# The CSV file of tests/bench/run as tables for people: one for each group of rows and unit, with a column for each peer.
# A figure is the median, and in brackets what it lay between.
function figure(value) {
    return value >= 100 ? sprintf("%.0f", value) : value >= 10 ? sprintf("%.1f", value) : sprintf("%.3g", value)
}

function table(name,    i, j, line, rule) {
    line = "| " unit_of[name] " |"
    rule = "| --- |"
    for (j = 1; j <= peers[name]; j++) {
        line = line " " peer[name, j] " |"
        rule = rule " ---: |"
    }
    printf "\n## %s\n\nCommit %s\n\n%s\n%s\n", group_of[name], source[name], line, rule
    for (i = 1; i <= rows[name]; i++) {
        line = "| " row[name, i] " |"
        for (j = 1; j <= peers[name]; j++)
            line = line " " cell[name, row[name, i], peer[name, j]] " |"
        print line
    }
}

BEGIN {
    FS = ","
}

NR == 1 {
    next
}

NR == 2 {
    print "Medians, with the least and the most where it was measured more than once."
}

{
    slash = index($1, "/")
    group = substr($1, 1, slash - 1)
    label = substr($1, slash + 1)
    name = group "," $3
    if (!(name in group_of)) {
        order[++names] = name
        group_of[name] = group
        unit_of[name] = $3
        source[name] = $8 "; " $9
    }
    if (!((name, label) in seen_row)) {
        seen_row[name, label] = 1
        row[name, ++rows[name]] = label
    }
    if (!((name, $2) in seen_peer)) {
        seen_peer[name, $2] = 1
        peer[name, ++peers[name]] = $2
    }
    cell[name, label, $2] = figure($5) ($6 == $7 ? "" : " (" figure($6) " to " figure($7) ")")
}

END {
    for (n = 1; n <= names; n++)
        table(order[n])
}
