# SPDX-License-Identifier: MIT
# Samples (row, peer, unit, value, set apart by tabs) become a CSV file: one line for each row, peer and unit, in the order
# in which they first came. Needs -v commit= and -v machine=, without commas.
function swap(values, i, j,    kept) {
    kept = values[i]
    values[i] = values[j]
    values[j] = kept
}

function sort(values, n,    i, j) {
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && values[j - 1] > values[j]; j--)
            swap(values, j - 1, j)
}

function median(values, n) {
    return n % 2 == 1 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
}

BEGIN {
    FS = "\t"
    print "row,peer,unit,n,median,min,max,commit,machine"
}

NF != 4 || $4 !~ /^[0-9]+(\.[0-9]+)?$/ {
    printf "ropp: not a sample: %s\n", $0 | "cat >&2"
    failed = 1
    exit
}

{
    key = $1 "," $2 "," $3
    if (!(key in count))
        order[++keys] = key
    sample[key, ++count[key]] = $4
}

END {
    if (failed)
        exit 1
    for (k = 1; k <= keys; k++) {
        key = order[k]
        n = count[key]
        for (i = 1; i <= n; i++)
            values[i] = sample[key, i] + 0
        sort(values, n)
        printf "%s,%d,%.10g,%.10g,%.10g,%s,%s\n", key, n, median(values, n), values[1], values[n], commit, machine
    }
}
