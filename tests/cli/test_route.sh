#!/usr/bin/env bash
# shunt route as a program: desk.md 1.5, commands.md 1, 5 and 7. What it decides is in tests/golden/route.
# shellcheck source=tests/test_shell.bash disable=SC2154
. tests/test_shell.bash

cat >p.yaml <<'YAML'
shunt: 1
agents: [anna, bo]
teams: {a: {agents: [anna]}, b: {agents: [bo], assign: random}}
rules: [{rule: soon, when: channel == sms, to: [a, {team: b, after: 1s}]}]
otherwise: [b, {team: a, after: 1h}]
YAML
cat >log.ndjson <<'JSON'
{"at":"2026-03-02T09:00:00Z","event":"online","agent":"bo"}
{"id":"T1"}
JSON
t1='{"at":"2026-03-02T09:00:00Z","ticket":"T1","status":"assigned","team":"b","agent":"bo","rule":"otherwise","why":"random","priority":"normal"}'

# ---- arguments ----
status "route answers a file" 0 "$SHUNT" route --virtual-time p.yaml log.ndjson
is "route: decisions go to standard output" "$t1" "$out"
is "route: nothing else is said" "" "$err"
is "route reads standard input" "$t1" "$("$SHUNT" route --virtual-time p.yaml <log.ndjson)"
is "route takes - for standard input" "$t1" "$("$SHUNT" route p.yaml - --virtual-time <log.ndjson)"
"$SHUNT" compile --quiet p.yaml -o p.table
is "route takes a table" "$t1" "$("$SHUNT" route --virtual-time p.table log.ndjson)"
"$SHUNT" convert p.yaml --to dsl -o p.shunt
is "route takes the DSL" "$t1" "$("$SHUNT" route --virtual-time p.shunt log.ndjson)"
for wrong in "--seed -1" "--seed 18446744073709551616" "--seed 1x" "--seed=" "--keep 36501" "--keep -1" "--keep 1d"; do
    # shellcheck disable=SC2086 # words
    status "commands_1 $wrong is a usage error" 2 "$SHUNT" route $wrong --virtual-time p.yaml log.ndjson
    is "commands_1 $wrong answers nothing" "" "$out"
done
for right in "--seed 18446744073709551615" "--seed 0" "--keep 36500" "--keep 0"; do
    # shellcheck disable=SC2086
    status "$right is in range" 0 "$SHUNT" route $right --virtual-time p.yaml log.ndjson
done
status "a log that is not there" 2 "$SHUNT" route --virtual-time p.yaml nowhere.ndjson
like "a log that is not there is named" 'cannot read nowhere.ndjson' "$err"
status "a log that is a folder" 2 "$SHUNT" route --virtual-time p.yaml .
sed 's/\[anna\]/[ann]/' p.yaml >bad.yaml
status "a policy with an error" 1 "$SHUNT" route --virtual-time bad.yaml log.ndjson
is "a policy with an error answers nothing" "" "$out"

# ---- lines ----
status "commands_5 a bad line is answered and passed over" 1 "$SHUNT" route --virtual-time p.yaml <<'JSON'
nonsense
{"at":"2026-03-02T09:00:00Z","event":"online","agent":"bo"}

{"id":"T1","labels":7}
{"id":"T1"}
JSON
is "desk_7_3 lines are counted, blank ones too" \
    '{"error":{"line":1,"code":"not-json","message":"the line is not JSON"}}
{"error":{"line":4,"code":"bad-type","message":"`labels` is not a list of texts"}}
'"$t1" "$out"
{
    head -1 log.ndjson
    printf '{"id":"'
    head -c 1100000 /dev/zero | tr '\0' x
    printf '"}\r\n{"id":"T1"}'
} >long.ndjson
status "commands_5 a line past 1 MiB is a bad line" 1 "$SHUNT" route --virtual-time p.yaml long.ndjson
is "commands_5 after a long line it goes on, to one without an end" \
    '{"error":{"line":2,"code":"line-too-long","message":"the line is longer than 1 MiB"}}
'"$t1" "$out"
is "an empty log has no decisions" "" "$("$SHUNT" route --virtual-time p.yaml </dev/null)"

# ---- the same events, the same answers ----
{
    echo '{"at":"2026-03-02T09:00:00Z","event":"online","agent":"bo"}'
    echo '{"event":"online","agent":"anna"}'
    for i in $(seq 3000); do
        printf '{"id":"T%d","channel":"email","event_id":"e%d"}\n{"event":"close","ticket":"T%d"}\n' "$i" "$i" "$i"
    done
} >many.ndjson
sed 's/agents: \[bo\]/agents: [anna, bo]/' p.yaml >two.yaml
"$SHUNT" route --virtual-time two.yaml many.ndjson >once
"$SHUNT" route --virtual-time two.yaml - <many.ndjson | cmp -s - once
is "the same answers from standard input" 0 $?
is "every event was answered" 6000 "$(wc -l <once)"
is "both agents were drawn" 2 "$(grep -o '"agent":"[a-z]*"' once | sort -u | wc -l)"
"$SHUNT" route --virtual-time --seed 1 two.yaml many.ndjson | cmp -s - once
is "another seed draws other agents" 1 $?
cat many.ndjson many.ndjson >twice.ndjson
"$SHUNT" route --virtual-time two.yaml twice.ndjson >again
is "desk_7_4 a log sent twice answers as before, where there are event_ids" "$(grep -c . once) 3000" \
    "$(head -6000 again | cmp - once && grep -c . once) $(tail -n +6001 again | grep -c '"status":"assigned"')"

# ---- a pipe: each event at once ----
coproc desk { "$SHUNT" route p.yaml; }
in=${desk[1]} pid=$desk_PID
exec {from}<&"${desk[0]}" # the shell closes its own when the desk has ended
say() { printf '%s\n' "$1" >&"$in"; }
hear() { IFS= read -r -t 60 heard <&"$from" || heard="(nothing)"; }
before=$(date -u +%Y-%m-%dT%H:%M:%SZ)
say '{"event":"online","agent":"bo"}'
say '{"id":"T1"}'
hear
like "commands_5 one event gets its decision at once" '"ticket":"T1","status":"assigned"' "$heard"
at=${heard:7:20}
after=$(date -u +%Y-%m-%dT%H:%M:%SZ)
is "desk_1_1 the real time is filled in" "$before $at $after" "$(printf '%s\n' "$before" "$at" "$after" | sort | tr '\n' ' ' | sed 's/ $//')"
say '{"id":"S1","channel":"sms"}'
hear
like "desk_1_5 it waits for anna" '"ticket":"S1","status":"queued","team":"a"' "$heard"
printf '{"id":' >&"$in" # half a line is no reason to sleep on
hear
like "desk_1_5 the program wakes at the due time" '"ticket":"S1","status":"assigned","team":"b","agent":"bo".*"step":2' "$heard"
say '"T2"}'
hear
like "a line in two pieces is one" '"ticket":"T2","status":"assigned"' "$heard"
say '{"id":"T3","channel":"sms"}'
hear
exec {in}>&-
IFS= read -r -t 60 heard <&"$from"
is "desk_1_2 after the end of the input it ends, whatever is due" "" "$heard"
wait "$pid"
is "commands_1 and its status is fine" 0 $?
"$SHUNT" route --virtual-time two.yaml many.ndjson 2>err.txt | head -1 >/dev/null
is "commands_1 nobody reads: status 2, without a word" "2 " "${PIPESTATUS[0]} $(cat err.txt)"

# ---- figures ----
status "route writes figures" 0 "$SHUNT" route --virtual-time --figures f.json p.yaml log.ndjson
like "desk_8 the figures are there" '^\{"tickets":1,"from":"2026-03-02T09:00:00Z".*"agents":\[\{"agent":"anna","assigned":0,.*\{"agent":"bo","assigned":1,"share":1,' "$(cat f.json)"
like "desk_8 by team, status, channel, rule" '"team":"b","assigned":1,.*"status":\{"assigned":1,.*\{"tickets":1\}\],"rules":\[\{"rule":"soon","tickets":0\},\{"rule":"otherwise","tickets":1\}\]' "$(cat f.json)"
like "desk_8 by hour of the week" '"week":\[\{"hour":0,"tickets":0,.*\{"hour":9,"tickets":1,.*\{"hour":167,' "$(cat f.json)"
ln f.json held.json
"$SHUNT" route --virtual-time --figures f.json p.yaml /dev/null
is "the figures' file is replaced, not written over" "1 0" "$(grep -o '^{"tickets":[0-9]*' held.json f.json | sed 's/.*://' | tr '\n' ' ' | sed 's/ $//')"
status "figures that cannot be written" 2 "$SHUNT" route --virtual-time --figures nowhere/f.json p.yaml log.ndjson
is "figures that cannot be written do not take back the decisions" "$t1" "$out"
like "figures that cannot be written are named" 'cannot write nowhere/f.json' "$err"
"$SHUNT" route --virtual-time --figures bad.json p.yaml <<<'nonsense' >/dev/null
is "figures are written where lines were bad" "1 0" "$? $(sed 's/^{"tickets":\([0-9]*\).*/\1/' bad.json)"
