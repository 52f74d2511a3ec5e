#!/usr/bin/env bash
# A power cut (commands.md 7, docs/state-file.md): what was not synced is lost, in whole or in part, names too. After each
# such cut no answered event is lost, and the same events once more make the file what it would have been.
# shellcheck source=tests/test_shell.bash disable=SC2154
. tests/test_shell.bash
export LC_ALL=C
tools=$top/$BUILD/tests/fault
if sanitized; then
    echo "ok the disk is recorded in the plain build"
    exit 0
fi
cat >policy.yaml <<'YAML'
shunt: 1
labels: [refund]
agents: {anna: {}, bo: {}}
teams: {help: {agents: [anna, bo]}}
otherwise: help
YAML
sed 's/bo: {}/bo: {}, cleo: {}/' policy.yaml >next.yaml
for policy in policy next; do "$SHUNT" compile --quiet $policy.yaml -o $policy.table 2>/dev/null; done
# Each answers one line.
for i in $(seq 12); do
    printf '{"at":"2026-03-02T09:%02d:00Z","id":"T%d","event_id":"e%d","labels":["refund"],"note":"%0700d"}\n' "$i" "$i" "$i" 0
done >events.ndjson
log() { sqlite3 "$1" "SELECT 'e', seq, crc FROM event ORDER BY seq; SELECT 'p', id, after, crc FROM policy"; }

# cuts NAME STEP TABLE [BEFORE]: a run with TABLE, begun with the state BEFORE, cut at every STEPth operation
cuts() {
    local name=$1 step=$2 table=$3 all at seed answers events wrong='' runs=0
    rm -rf calm && mkdir calm
    if [ $# -gt 3 ]; then cp "$4" calm/desk.state; fi
    RECORD_FD=9 LD_PRELOAD=$tools/record_disk.so "$SHUNT" route "$table" --virtual-time --state calm/desk.state \
        <events.ndjson 9>record >calm.out
    "$SHUNT" route "$table" --virtual-time --state calm/desk.state events.ndjson >/dev/null
    log calm/desk.state >wanted
    all=$("$tools/power_cut" record 0 0)
    for at in $(seq 1 "$step" $((${all#* } + 1))); do
        for seed in 0 1 "$((at + 1))" "$((at + 2))"; do
            rm -rf image && mkdir image
            if [ $# -gt 3 ]; then cp "$4" image/desk.state; fi
            answers=$(cd image && "$tools/power_cut" ../record "$at" "$seed")
            answers=${answers% *}
            events=0
            if [ -e image/desk.state ]; then
                mkdir image/look && cp image/desk.state* image/look
                events=$(log image/look/desk.state 2>/dev/null | grep -c ^e)
            fi
            runs=$((runs + 1))
            if [ "$events" -lt "$answers" ]; then wrong="$wrong $at/$seed:lost"; fi
            "$SHUNT" route "$table" --virtual-time --state image/desk.state events.ndjson >/dev/null 2>err.txt ||
                wrong="$wrong $at/$seed:$(cat err.txt)"
            cmp -s wanted <(log image/desk.state) || wrong="$wrong $at/$seed:log"
        done
    done
    is "$name: nothing answered is lost, and it carries on" "" "$wrong"
    like "$name: it was cut" '^[1-9][0-9]+$' "$runs"
}
step=${SHUNT_FAULT_STEP:-17}
cuts "begun" "$step" policy.table
mv calm/desk.state before.state
sed 's/"T/"U/; s/"e\([0-9]\)/"f\1/; s/T09:/T10:/' events.ndjson >more.ndjson && mv more.ndjson events.ndjson
cuts "carried on" "$step" policy.table before.state
cuts "with the next policy" "$step" next.table before.state
