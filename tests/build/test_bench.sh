#!/usr/bin/env bash
# The benchmarks build, and what they compare is right: decisions by the index and by the scan, interned and from strings, and those of
# a program that knows the drawn rules and not shunt. Their figures are nobody's test.
# shellcheck source=tests/test_shell.bash
. tests/test_shell.bash

if instrumented || [[ $BUILD == */* ]]; then
    echo "ok what is measured is the ordinary build"
    exit 0
fi
status "rules of 10 and 1,000: every way gives the same decisions" 0 "$top/$BUILD/bench/matching" quick 10 1000
like "a table of figures comes out" 'from strings' "$out"
status "hard cases, 1,000 rules" 0 "$top/$BUILD/bench/special" 1000
status "what prove and diff ask" 0 "$top/$BUILD/bench/proving" quick
status "a first look" 0 "$top/$BUILD/bench/bench" 100
