#!/usr/bin/env bash
# shunt explain as a program: its arguments, what it refuses, and that it explains what route decides. What it says
# is in tests/golden/explain.
# shellcheck source=tests/test_shell.bash disable=SC2154
. tests/test_shell.bash

cat >p.yaml <<'YAML'
shunt: 1
timezone: Europe/Stockholm
labels: [refund]
agents: {anna: {}, bo: {}, vera: {role: viewer}}
teams: {a: {agents: [anna, bo]}}
rules: [{rule: r, when: labels has refund, to: a}]
otherwise: unassigned
YAML
at=--at=2026-11-23T10:15:00+01:00
echo '{"id":"T1","labels":["refund"]}' >ticket.json

# says NAME ARGUMENTS...: the line of the result, and the members asked
says() {
    # shellcheck disable=SC2068
    "$SHUNT" explain $@ 2>&1 | sed -n '/^Result/,$p' | grep -v priority
}
anna='Result: assigned to anna, team a (round-robin)
  a gives it by round-robin: anna gets it.
    anna  gets it: next in turn
    bo    not online; would need to go online'

# ---- the ticket and who is online ----
is "a ticket in a file" "$anna" "$(says p.yaml ticket.json $at --online anna)"
is "a ticket on standard input" "$anna" "$(says p.yaml $at --online anna <ticket.json)"
is "- is standard input" "$anna" "$(says p.yaml - $at --online anna <ticket.json)"
printf '\n{\n  "labels": [\n    "refund"\n  ]\n}\n' >lines.json
is "a ticket on several lines, without an id" "$anna" "$(says p.yaml lines.json $at --online anna)"
"$SHUNT" compile --quiet p.yaml -o p.table
is "a table" "$anna" "$(says p.table ticket.json $at --online anna)"
is "--online may be said again, with spaces" "$(says p.yaml ticket.json $at)" \
    "$(says p.yaml ticket.json $at --online anna --online=bo; echo '  Everybody is taken to be online here; --online says who is.')"
like "--online with nothing is nobody" 'queued, team a \(nobody-online\)' "$(says p.yaml ticket.json $at --online=)"
like "--at is when it comes" '^T1, Mon 2026-11-23 10:15 \(Europe/Stockholm\): it came$' "$("$SHUNT" explain p.yaml ticket.json $at)"
echo '{"at":"2026-11-22T10:15:00Z"}' >timed.json
like "else its own at" '^ticket, Sun 2026-11-22 11:15 ' "$("$SHUNT" explain p.yaml timed.json)"
like "--at counts before its own" '^ticket, Mon 2026-11-23 10:15 ' "$("$SHUNT" explain p.yaml timed.json $at)"
status "else the present" 0 "$SHUNT" explain p.yaml ticket.json

like "--quiet leaves out rules that do not match" '^  1 that does not match is left out$' \
    "$(echo '{}' | "$SHUNT" explain -q p.yaml $at)"
cat >names.yaml <<'YAML'
shunt: 1
fields: {"café": [x, y]}
agents: ["Karlsson, Anna"]
teams: {a: {agents: all}}
rules: [{rule: r, when: '"café" == x', to: a}]
otherwise: unassigned
YAML
like "a name with a comma in it" 'assigned to Karlsson, Anna' \
    "$(printf '{"cafe\u0301":"x"}' | "$SHUNT" explain names.yaml $at --online "Karlsson, Anna")"
like "names in another form of Unicode" '^  café: x$' "$(printf '{"cafe\u0301":"x"}' | "$SHUNT" explain names.yaml $at)"
printf '{"at":"2026-11-23T09:00:00Z","id":"T1","cafe\\u0301":"y"}\n{"event":"update","ticket":"T1","café":"x"}\n{"event":"reroute","ticket":"T1"}\n' >names.ndjson
like "are one with the first when they change" '"ticket":\{"id":"T1","café":"x"\},"rules"' \
    "$("$SHUNT" explain names.yaml --log names.ndjson --line 3 --json)"

# ---- stripped ----
"$SHUNT" compile --quiet --strip p.yaml -o bare.table
is "a stripped table knows no places" "  ✓ r decides
      ✓ labels has refund
      to a" "$("$SHUNT" explain bare.table ticket.json $at | sed -n '/^  ✓/,/^$/p' | sed '/^$/d')"
is "a stripped table's JSON has no places" 0 "$("$SHUNT" explain bare.table ticket.json $at --json | grep -c '"file"')"

# ---- what is shown of hostile tickets ----
printf '{"id":"T\\u001b[2J","labels":["re\\u202efund"]}' >hostile.json
like "control characters are shown, not sent" '^T\\u\{1b\}\[2J, ' "$("$SHUNT" explain p.yaml hostile.json $at)"
like "so is what turns the direction of writing" 're\\u\{202e\}fund' "$("$SHUNT" explain p.yaml hostile.json $at)"

# ---- what is wrong ----
for wrong in "--at today" "--seed x" "--keep 36501" "--line 0x --log log" "--line 3" "--ticket T1" "--log log --line 3" "--line 0 --log log" \
    "--line 18446744073709551616" "--at 9999-12-31T23:59:59-01:00" "--at 0000-01-01T00:00:00+01:00" "--seed -1"; do
    # shellcheck disable=SC2086 # words
    status "commands_1 $wrong is a usage error" 2 "$SHUNT" explain p.yaml ticket.json $wrong
    is "commands_1 $wrong answers nothing" "" "$out"
done
status "an agent that the policy does not have" 2 "$SHUNT" explain p.yaml ticket.json $at --online ana
is "is named, with the nearest" 'shunt explain: --online: the policy has no agent "ana"; did you mean "anna"?' "$err"
status "a viewer is not online" 2 "$SHUNT" explain p.yaml ticket.json $at --online vera
like "a viewer is named" 'vera is a viewer' "$err"
status "--why-not of nobody" 2 "$SHUNT" explain p.yaml ticket.json $at --why-not zoe
status "a ticket that is not there" 2 "$SHUNT" explain p.yaml nowhere.json
for wrong in '' 'nonsense' '[]' '{"id":"T1"}{"id":"T2"}' '{"event":"close","ticket":"T1"}' '{"labels":"refund"}' '{"id":7}' \
    '{"at":"noon"}' '{"labels":[],"labels":[]}'; do
    echo "$wrong" >wrong.json
    status "this is no ticket: $wrong" 1 "$SHUNT" explain p.yaml wrong.json $at
    is "and nothing is answered: $wrong" "" "$out"
    like "and that is said: $wrong" '^shunt explain: wrong.json: ' "$err"
done

# ---- a log ----
cat >log.ndjson <<'JSON'
{"at":"2026-11-23T09:00:00Z","event":"online","agent":"bo"}
{"id":"T1","labels":["refund"]}
{"event":"claim","ticket":"T1","agent":"anna"}
{"event":"close","ticket":"T1"}
JSON
status "a line that was refused" 1 "$SHUNT" explain p.yaml --log log.ndjson --line 3
is "is said to be" 'shunt explain: line 3 was refused: the ticket "T1" has an agent already' "$err"
status "a line that decided nothing" 1 "$SHUNT" explain p.yaml --log log.ndjson --line 1
status "a line that did nothing for the ticket" 1 "$SHUNT" explain p.yaml --log log.ndjson --ticket T9
is "a ticket that is not there" 'shunt explain: log.ndjson: there is no ticket "T9"' "$err"
status "a log that is not there" 2 "$SHUNT" explain p.yaml --log nowhere
is "a log on standard input" "$("$SHUNT" explain p.yaml --log log.ndjson)" "$("$SHUNT" explain p.yaml --log - <log.ndjson)"
status "the id of a ticket that is open in the log" 1 "$SHUNT" explain p.yaml ticket.json --log <(head -2 log.ndjson)
like "is refused" 'there is an open ticket "T1" already' "$err"
is "a ticket into a log comes at its end" "bo" \
    "$("$SHUNT" explain p.yaml ticket.json --log log.ndjson --json | sed 's/.*"decision":{"at":"2026-11-23T09:00:00Z".*"agent":"\([a-z]*\)".*/\1/')"

status "a line that has not come to the ticket" 1 "$SHUNT" explain p.yaml --log log.ndjson --ticket T1 --line 1
is "is told so" 'shunt explain: the ticket "T1" has not come by line 1' "$err"
{ head -2 log.ndjson; echo '{"event":"tick"}'; } >tick.ndjson
status "a line after the ticket's last" 1 "$SHUNT" explain p.yaml --log tick.ndjson --ticket T1 --line 3
is "is told where it was decided" \
    'shunt explain: line 3 did nothing for the ticket "T1", and nobody was asked about it; --line 2 is where it was last decided' "$err"
status "a log that decides nothing" 1 "$SHUNT" explain p.yaml --log <(head -1 log.ndjson)
like "is told so" 'nothing was decided there$' "$err"
status "commands_1 --online is about a ticket" 2 "$SHUNT" explain p.yaml --log log.ndjson --online anna
status "commands_1 --at is about a ticket" 2 "$SHUNT" explain p.yaml --log log.ndjson "$at"
status "commas and blanks between nobody" 0 "$SHUNT" explain p.yaml ticket.json $at --online " , anna ,,"
like "leave who is named" '^Result: assigned to anna' "$out"
head -c 1100000 /dev/zero | tr '\0' ' ' >long.json
status "a ticket longer than a line may be" 1 "$SHUNT" explain p.yaml long.json $at
is "is told its limit" "shunt explain: long.json: a ticket is at most 1 MiB long" "$err"
status "a ticket in a folder" 2 "$SHUNT" explain p.yaml . $at
sed 's/"id":"T1"/"event_id":"e1",&/; p' log.ndjson >again.ndjson
like "desk_7_4 an event that comes again explains nothing twice" '^1$' \
    "$("$SHUNT" explain p.yaml --log again.ndjson --ticket T1 | grep -c 'it came$')"
printf '%s\n' '{"id":"T1","event_id":7}' >number.ndjson
like "an event_id that is no text is a refused line" 'line 1 was refused' "$("$SHUNT" explain p.yaml --log number.ndjson --line 1 2>&1)"

# ---- explained is decided: every decision of route's, byte for byte and in order, on random policies and logs ----
# Events with an id are left out: route answers one that comes again, and there is nothing to explain about it.
gen=$top/$BUILD/tests/gen/gen
# Holidays are files beside a policy: those that name any are left to tests/desk. So are logs that jump years, of which
# explaining tells each attempt at each opening.
for seed in $(seq 1 14); do
    "$gen" --seed "$seed" --desk >random.yaml
    if grep -q holidays random.yaml; then continue; fi
    "$gen" --seed "$seed" --log 400 | grep -av '"event_id"' >random.ndjson
    read -ra options <<<"$("$gen" --seed "$seed" --route)"
    "$SHUNT" route "${options[@]}" random.yaml random.ndjson 2>/dev/null | grep -av '^{"error"' >decided
    if [ "$(wc -c <decided)" -gt 1000000 ]; then continue; fi
    "$SHUNT" explain "${options[@]:1}" random.yaml --log random.ndjson --json 2>/dev/null |
        sed 's/,"decision":{/\n{/g' | sed -n '1d; s/^\({.*}\),"says":.*/\1/p' >explained
    if [ -s decided ] && cmp -s decided explained; then
        echo "ok seed $seed: $(wc -l <decided) decisions are explained"
    else
        echo "not ok seed $seed: explained is not decided"
        diff decided explained | head -4
    fi
done

# ---- who is there for something else, and who is nowhere ----
cat >elsewhere.yaml <<'YAML'
shunt: 1
timezone: UTC
channels: [email, phone]
hours: {never: {}, day: {weekly: {mon-sun: 09:00-17:00}}}
agents: {anna: {}, bo: {hours: day, away: [2026-01-01..2026-12-31]}, cy: {hours: day}}
teams: {t: {agents: [anna], present: on-shift}, u: {agents: [bo, cy], present: on-shift}, v: {agents: [anna], hours: never}}
rules:
  - {rule: u, when: 'channel == email and not during day', to: u}
  - {rule: always, when: 'channel == phone and outside never and during day', to: [t, {team: v, after: 2h of never}]}
otherwise: t
YAML
printf '%s\n' '{"at":"2026-11-23T08:00:00Z","event":"online","agent":"anna","channels":["email"]}' '{"id":"T1","channel":"phone"}' \
    '{"id":"T2","channel":"email"}' '{"at":"2026-11-23T10:00:00Z","id":"T3","channel":"phone"}' >elsewhere.ndjson
said=$("$SHUNT" explain elsewhere.yaml --log elsewhere.ndjson)
like "an agent who is online for another channel" '^    anna  online, but not for phone; would need to go online for phone, or hours of their own$' "$said"
like "an agent who is away, until when" '^    bo  away until ' "$said"
like "a step that never falls due" '^  It would go to v next, but that never falls due: those hours do not open for so long.$' "$said"
like "a test about hours says when they change" '✓ during day .* day is open until 17:00$' "$said"
said=$("$SHUNT" explain elsewhere.yaml --log elsewhere.ndjson --json)
like "a step without a due time" '"steps_to_come":\[\{"to":"v"\}\]' "$said"
