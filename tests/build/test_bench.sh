#!/usr/bin/env bash
# The benchmarks build, and what they compare is right: decisions by index, scan and batch, those from strings, and those of
# a program that knows the drawn rules and not shunt. Their figures are nobody's test.
# shellcheck source=tests/test_shell.bash
. tests/test_shell.bash

if instrumented || [[ $BUILD == */* ]]; then
    echo "ok what is measured is the ordinary build"
    exit 0
fi
status "rules of 10 and 1,000: every way gives the same decisions" 0 "$top/$BUILD/bench/matching" quick 10 1000
like "a table of figures comes out" 'from strings' "$out"
echo "$out" >said
status "hard cases, 1,000 rules" 0 "$top/$BUILD/bench/special" 1000
echo "$out" >>said
status "what is to hold" 0 awk -f "$top/bench/limits.awk" said
held='(yes|no)$'
for row in 'plain, 10 rules: rule after rule / kept' 'mixed, 1000 rules: rule after rule / looked up once' \
    "plain, 1000 rules: compile / libyaml's events" 'every rule asks for one label: .*'; do
    like "  $row" "^$row .* at (least|most) .* $held" "$out"
done
is "  a figure that cannot be held is said not to be" no \
    "$(sed 's/^  plain scan \/ kept .*/  plain scan \/ kept                                  0.1             0.1/' said |
        awk -f "$top/bench/limits.awk" | awk '/^plain, 10 rules: rule after rule \/ kept/ { print $NF }')"
status "what prove and diff ask" 0 "$top/$BUILD/bench/proving" quick
status "a first look" 0 "$top/$BUILD/bench/bench" 100
