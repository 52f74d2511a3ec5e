# What the figures of a whole run are to hold, and whether they do: awk -f limits.awk OUTPUT
#
# OUTPUT is what the programs of bench/run printed; rows are found by the words at their beginning. A row of the tables is
# known by those of the row above it, too, where it is set in.

function table_row(line,    label, depth, i) {
    label = substr(line, 1, 46)
    match(label, /^ */)
    depth = RLENGTH / 2
    gsub(/^ +| +$/, "", label)
    above[depth] = label
    for (i = 1; i <= columns; i++) {
        value = substr(line, 47 + 16 * (i - 1), 16) + 0
        figure[table, label, rules[i]] = value
        if (depth > 0) figure[table, above[depth - 1] ": " label, rules[i]] = value
    }
}

function heading(what) {
    printf "\n%-66s %-8s %7s %9s\n", what, "", "limit", "here"
}

function row(what, is, word, limit) {
    if (is == "" || is == 0)
        printf "%-66s %-8s %7s %9s  not measured\n", what, word, limit, "-"
    else
        printf "%-66s %-8s %7s %9.*f  %s\n", what, word, limit, is < 10 ? 2 : is < 100 ? 1 : 0, is,
            (word == "at most" ? is <= limit : is >= limit) ? "yes" : "no"
}

# Of one of the two tables of `matching`.
function matching(t, name,    n, i, at_least) {
    split("10 1 1000 57 10000 340 100000 1500", at_least, " ")
    for (i = 1; i < 8; i += 2) {
        n = at_least[i]
        row(name ", " n " rules: rule after rule / kept", figure[t, "plain scan / kept", n], "at least", at_least[i + 1])
        row(name ", " n " rules: rule after rule / looked up once", figure[t, "plain scan / looked up once", n], "at least",
            at_least[i + 1])
    }
    row(name ", 100,000 rules / 1,000, looked up once", figure[t, "looked up once / the same at 1,000 rules", 100000], "at most", 3)
    row(name ", the same in portable C", figure[t, "looked up once / the same at 1,000 rules: in portable C", 100000], "at most", 4)
    row(name ", 100,000 rules / 1,000, from strings", figure[t, "from strings / the same at 1,000 rules", 100000], "at most", 3)
    row(name ", 100,000 rules: bytes a rule", figure[t, "bytes a rule, rule names apart", 100000], "at most", 56)
    for (n = 1000; n <= 10000; n *= 10)
        row(name ", " n " rules: compile / libyaml's events", figure[t, "YAML / events", n], "at most", 2.5)
    row(name ", 100000 rules: the same by the clock", figure[t, "YAML / events, by the clock", 100000], "at most", 2.5)
    yaml = figure[t, "YAML / events", 100000]
    row(name ", 100,000 rules: the DSL / YAML", yaml ? figure[t, "DSL / events", 100000] / yaml : 0, "at most", 1)
    row(name ", 100,000 rules: open / read()", figure[t, "open / read", 100000], "at most", 10)
}

# Of tickets that have a struct each, which matching leaves in no cache: a batch is for many. And what two threads take
# together: where two processors are one core's, more than one of them would.
function strictly(t, name) {
    row(name ", 100,000 rules / 1,000, kept", figure[t, "kept / the same at 1,000 rules", 100000], "at most", 3)
    row(name ", the same in portable C", figure[t, "kept / the same at 1,000 rules: in portable C", 100000], "at most", 4)
    row(name ", 100000 rules: compile, both threads / libyaml's events", figure[t, "YAML / events", 100000], "at most", 2.5)
}

/^rules  / { table++; columns = NF - 1; for (i = 2; i <= NF; i++) rules[i - 1] = $i; in_table = 1; next }
/^$/ { in_table = 0 }
in_table { table_row($0); next }

/^one label for all rules/ { one_label = 1 }
/^  plain scan \/ looked up once/ && one_label { hot = $7 }
/ of the floor$/ && /^shunt match, 1,000/ { match_floor = $(NF - 3) }
/ of the floor$/ && /^shunt route/ { route_floor = $(NF - 3) }
/ of lines read in blocks$/ { if (!match_blocks) match_blocks = $(NF - 5); else route_blocks = $(NF - 5) }
/ of one job$/ && /two jobs/ { jobs = $(NF - 3) }
/ of an empty program$/ { empty = $(NF - 4) }
/^  memory at most/ { if (!memory) memory = $4; else memory_dsl = $4 }

END {
    heading("what is to hold")
    matching(1, "plain")
    matching(2, "mixed")
    row("every rule asks for one label: rule after rule / looked up once", hot, "at least", 20)
    row("shunt match / parsing, the file loaded", match_floor, "at most", 3)
    row("shunt route / parsing, the file loaded", route_floor, "at most", 6)
    row("two jobs / one, by the clock", jobs, "at most", 0.6)
    row("shunt match of one ticket / an empty program", empty, "at most", 2)
    row("shunt compile, memory / the file, YAML", memory, "at most", 10)
    row("shunt compile, memory / the file, DSL", memory_dsl, "at most", 10)
    heading("the same limits, measured more strictly")
    strictly(1, "plain")
    strictly(2, "mixed")
    row("shunt match / parsing, read in blocks", match_blocks, "at most", 3)
    row("shunt route / parsing, read in blocks", route_blocks, "at most", 6)
}
