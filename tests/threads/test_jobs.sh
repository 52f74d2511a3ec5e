#!/usr/bin/env bash
# shunt match --jobs: several threads give the bytes that one gives, in order, and end as it does.
# shellcheck source=tests/test_shell.bash
. tests/test_shell.bash

# Some batches' worth of the tickets that the city's policy ships with; some lines are bad, and the time is said now and then.
policy=$top/rules/boston311/policy.yaml
for i in 1 2 3 4 5; do
    awk -v i=$i '{ print } NR % 400 == i { print "{\"id\": nonsense" } NR % 300 == i { printf "{\"event\":\"tick\",\"at\":\"2026-0%d-01T00:00:%02dZ\"}\n", i, NR % 60 }' \
        "$top/rules/boston311/policy.ndjson"
done >tickets
"$SHUNT" compile --quiet "$policy" -o table 2>warnings
status "one thread answers, and says that lines were bad" 1 "$SHUNT" match table tickets
is "several batches of lines were read" yes "$([ "$(wc -c <tickets)" -gt $((4 * 262144)) ] && echo yes || wc -c <tickets)"
printf '%s\n' "$out" >one
for jobs in 2 4; do
    status "--jobs $jobs: the same status" 1 "$SHUNT" match --jobs $jobs table tickets
    is "--jobs $jobs: the same bytes" "$(cksum <one)" "$(printf '%s\n' "$out" | cksum)"
    is "--jobs $jobs: nothing else is said" "" "$err"
    status "--jobs $jobs, from a pipe" 1 bash -c '"$1" match --jobs "$2" table - < <(cat tickets)' - "$SHUNT" $jobs
    is "--jobs $jobs, from a pipe: the same bytes" "$(cksum <one)" "$(printf '%s\n' "$out" | cksum)"
done
# Fewer batches than threads: one line, and none.
for jobs in 4 16; do
    status "--jobs $jobs for one line" 0 "$SHUNT" match --jobs $jobs table - < <(head -n 1 tickets)
    is "--jobs $jobs for one line: its answer" "$(head -n 1 one)" "$out"
    status "--jobs $jobs for nothing" 0 "$SHUNT" match --jobs $jobs table /dev/null
    is "--jobs $jobs for nothing: nothing" "" "$out"
done
# What fails says what it says with one thread.
status "one thread, on a full disk" 2 bash -c '"$1" match table tickets >/dev/full' - "$SHUNT"
full=$err
status "--jobs 4, on a full disk" 2 bash -c '"$1" match --jobs 4 table tickets >/dev/full' - "$SHUNT"
is "--jobs 4, on a full disk: says the same" "$full" "$err"
status "one thread, of a folder" 2 "$SHUNT" match table .
folder=$err
status "--jobs 4, of a folder" 2 "$SHUNT" match --jobs 4 table .
is "--jobs 4, of a folder: says the same" "$folder" "$err"
# Whoever reads goes away: all threads stop.
status "--jobs 4, and the reader goes away" 2 bash -c '"$1" match --jobs 4 table tickets | head -n 1 >/dev/null; exit ${PIPESTATUS[0]}' - "$SHUNT"
