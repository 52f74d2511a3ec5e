#!/usr/bin/env bash
# What the program shows of the rarer things that a policy, a file's name, a table or a desk may hold.
# shellcheck source=tests/test_shell.bash disable=SC2154
. tests/test_shell.bash

cat >all.yaml <<'YAML'
shunt: 1
timezone: America/St_Johns
include: [people.yaml]
labels: [refund, bug]
fields: {plan: [free, pro]}
hours:
  office: {weekly: {mon-fri: 09:00-17:00}}
  west: {timezone: Africa/Casablanca, weekly: {mon-fri: 09:00-17:00}}
  south: {timezone: America/Santiago, weekly: {mon-fri: 09:00-17:00}}
presence: day
auto_assign: off
rules:
  - {rule: both, when: 'labels has all (refund, bug)', require: {skills: [swedish, refunds]}, to: [t, {unassigned: true, after: 36h}]}
  - {rule: anna, when: plan == pro, to: [{agent: anna}, {unassigned: true, after: 0s}]}
  - {rule: nobody, when: labels has bug, to: unassigned}
otherwise: t
YAML
cat >people.yaml <<'YAML'
shunt: 1
agents:
  anna: {skills: [swedish, refunds], channels: []}
  bo: {channels: [email], hours: office}
teams:
  t: {agents: [anna, bo], hours: {email: west, other: south}}
  empty: {agents: []}
  everybody: {agents: all, assign: {email: round-robin, other: random}, rotation: global}
YAML

# ---- dump ----
status "a policy of two files" 0 "$SHUNT" compile --quiet all.yaml -o all.table
status "dump" 0 "$SHUNT" dump all.table
like "dump: every source" '^sources +all.yaml, people.yaml$' "$out"
like "dump: presence" '^  presence +day$' "$out"
like "dump: auto_assign" '^  auto_assign +off$' "$out"
like "dump: an agent for no channel" '^    channels none$' "$out"
like "dump: a team of nobody" '^    agents none$' "$out"
like "dump: skills that a rule requires" '^    require skills swedish, refunds' "$out"
like "dump: half an hour from UTC" '03:30' "$out"
status "dump --json" 0 "$SHUNT" dump --json all.table
like "dump --json: a zone's name, and what it comes to" \
    '"zones":\[\{"name":"America/St_Johns","first_offset":-[0-9]+,.*"then_offset":-12600,"daylight_offset":-9000,"daylight_from":"[^"]+","daylight_to":"[^"]+"\}' "$out"
is "dump --json is one object" "1 {}" "$(wc -l <<<"$out") ${out:0:1}${out: -1}"
{
    printf 'shunt: 1\nteams: {t: {}}\notherwise: t\nrules:\n'
    for i in $(seq 1500); do echo "  - {rule: r$i, when: labels has l$i, to: t}"; done
} >many.yaml
"$SHUNT" compile --quiet many.yaml -o many.table
like "dump: of many rules what each costs" '^ +id +name +records +each +bytes +a rule$' "$("$SHUNT" dump --sections many.table)"
like "dump: and without what can be left out" 'source positions: [0-9.]+ bytes a rule$' "$("$SHUNT" dump --sections many.table)"

# ---- promises ----
sed 's/^otherwise.*/&\npromises:\n  - labels has bug and not labels has refund and not plan exists => team t\n  - plan == pro and not labels exists => team t\n  - not labels has refund and not labels has bug and not plan == pro => agent bo/' all.yaml >broken.yaml
status "a promise that does not hold" 1 "$SHUNT" check broken.yaml
like "where the ticket goes: to nobody" 'with label "bug" is left unassigned by rule "nobody"' "$err"
like "where the ticket goes: to an agent" 'goes to agent "anna" by rule "anna"' "$err"
like "where the ticket goes: to a team" 'goes to team "t" by otherwise' "$err"

# ---- explain ----
echo '{"id":"T1","plan":"pro"}' >ticket.json
at=--at=2026-03-02T09:00:00Z
like "explain --why-not as JSON" '"why_not":"[^"]+"' "$("$SHUNT" explain all.table ticket.json $at --json --why-not bo)"
like "explain --why-not where nobody was asked" '^  bo was not asked: automatic assignment is switched off' "$("$SHUNT" explain all.table ticket.json $at --why-not bo)"
like "explain --why-not of who is no member" 'not in the team' \
    "$(sed 's/auto_assign: off//; s/otherwise: t/otherwise: empty/' all.yaml >e.yaml; echo '{}' | "$SHUNT" explain e.yaml $at --why-not bo)"
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then # where a terminal can be made
    shown=$(env -u NO_COLOR script -qec "'$SHUNT' explain all.table ticket.json $at" /dev/null </dev/null)
    like "commands_2 explain has colours on a terminal" $'\x1b\\[32m✓' "$shown"
    like "commands_2 and for what does not match" $'\x1b\\[31m✗' "$shown"
    is "commands_2 and none of them is shown as letters" 0 "$(grep -c 'u{1b}' <<<"$shown")"
    shown=$(env -u NO_COLOR script -qec "'$SHUNT' prove many.yaml" /dev/null </dev/null)
    like "commands_2 prove has letters that stand out" $'\x1b\\[1m' "$shown"
fi

# ---- reports ----
name='a b%+é:,(1).yaml'
printf 'shunt: 1\nlabels: [refund]\nrules:\n  - {rule: r, when: labels has refnd, to: unassigned}\notherwise: unassigned\nhours: {h: {}}\ntimezone: UTC\n' >"$name"
status "a report that cannot be written" 2 "$SHUNT" check --format sarif -o nowhere/report.sarif "$name"
like "is told of" 'cannot write nowhere/report.sarif: No such file' "$err"
status "a file's name in SARIF" 1 "$SHUNT" check --format sarif -o - "$name"
like "is a URI" '"uri":"a%20b%25%2B%C3%A9%3A%2C%281%29.yaml"' "$out"
status "a file's name for GitHub" 1 "$SHUNT" check --format github "$name"
like "is escaped" '^::error file=a b%25\+é%3A%2C\(1\).yaml,line=4' "$err"
like "a warning is one there" '^::warning file=' "$err"
for format in sarif json github human; do
    status "--allow leaves a warning out: $format" 1 "$SHUNT" check --format $format -o - --allow W1401 "$name"
    is "of all that is shown: $format" 0 "$(grep -c W1401 <<<"$out")"
done
{ echo 'shunt: 1'; echo 'rules:'; for i in $(seq 300); do echo "  - {rule: r$i, when: lables has x, to: unassigned}"; done; echo 'otherwise: unassigned'; } >wrong.yaml
status "more errors than anybody reads" 1 "$SHUNT" check wrong.yaml
like "the rest are counted" '^… and [0-9]+ more$' "$err"
like "and all of them" '300 errors' "$err"
printf 'shunt: 1\nlabels: ["a\xc2\x85b", "c\xe2\x80\x8ed", "e\xe2\x80\xa8f", "g\xe2\x81\xa6h", "i\xef\xbb\xbfj", "k\xcc\x81l", "m\\u007fn"]\nteams: {t: {takes: {labels: [x]}}}\notherwise: t\nnonsense: 1\n' >hidden.yaml
"$SHUNT" check hidden.yaml >hidden.out 2>&1
is "nothing that is hidden or turns the direction is sent" 0 "$(grep -cP '\xc2\x85|\xe2\x80[\x8e\xa8]|\xe2\x81\xa6|\x7f' hidden.out)"
status "a command that is none, and is like none" 2 "$SHUNT" frobnicate-everything
is "is told so" 'shunt: there is no command "frobnicate-everything"' "$(head -1 <<<"$err")"
status "--allow of a code that is nearly one" 2 "$SHUNT" check --allow W140l "$name"
like "names the one that was meant" 'did you mean W140' "$err"
for help in --help -h help; do
    status "$help" 0 "$SHUNT" $help
    like "$help shows the commands" '^ +check ' "$out"
done

# ---- figures ----
cat >desk.ndjson <<'JSON'
{"at":"2026-03-02T15:00:00Z","event":"online","agent":"bo"}
{"event":"auto","on":true}
{"id":"T1","channel":"email"}
{"event":"assign","tickets":["T1"],"team":"everybody"}
{"id":"T2"}
{"event":"assign","tickets":["T2"],"team":"everybody"}
JSON
"$SHUNT" route --virtual-time --figures figures.json all.table desk.ndjson >answers 2>&1
like "figures: whose turn it is in all teams together" '"global":true' "$(cat figures.json)"
sed 's/rotation: global/rotation: channel/' people.yaml >own.yaml
sed 's/people.yaml/own.yaml/' all.yaml >each.yaml
"$SHUNT" route --virtual-time --figures figures.json each.yaml desk.ndjson >answers 2>&1
like "figures: whose turn it is in a team, by channel" '"team":"everybody","channel":"email".*"team":"everybody","channel":null' "$(cat figures.json)"

# ---- from standard input ----
is "fmt guesses YAML" "shunt: 1" "$(printf 'shunt:   1\notherwise: unassigned\n' | "$SHUNT" fmt --stdout - 2>&1 | head -1)"
is "fmt guesses the DSL" "version 1" "$(printf 'version   1\notherwise to unassigned\n' | "$SHUNT" fmt --stdout - 2>&1 | head -1)"

# ---- what a failing test shows ----
printf 'shunt-test: 1\npolicy: many.yaml\ntests: [{name: the last, at: 2026-03-02T09:00:00Z, ticket: {labels: [l1500]}, expect: {agent: anna}}]\n' >many.test.yaml
status "commands_11 of fifteen hundred rules tried" 1 "$SHUNT" test many.test.yaml
like "commands_11 the middle is left out" '^ +… [0-9]+ lines left out: shunt explain shows them$' "$out"
like "commands_11 the beginning is there" '^ +✗ r1 does not match' "$out"
like "commands_11 and the end, where the answer is" '^ +✓ r1500 decides' "$out"

# ---- the index, where rules are many ----
{
    printf 'version 1\nlabels l0'
    printf ', l%d' $(seq 1 79)
    printf '\nagent anna\nteam t { agents all }\n'
    for i in $(seq 0 19); do printf 'rule c%d { when labels has l%d and channel == sms\n add labels l%d\n continue }\n' "$i" $((i % 7)) "$i"; done
    for i in $(seq 0 79); do printf 'rule r%d { when labels has l%d\n to t }\n' "$i" "$i"; done
    echo 'otherwise to t'
} >many.shunt
"$SHUNT" compile --quiet many.shunt -o many.table 2>/dev/null
like "dump: the longest list of rules that decide" \
    '^  rules that decide: entries 80, buckets in use [0-9]+, entries in the largest 1 \(labels l[0-9]+\), for every ticket 0$' "$("$SHUNT" dump many.table)"
like "dump: of those that continue" 'rules that continue: entries 20, .* entries in the largest 3 \(labels l[0-5]\), for every ticket 0$' "$("$SHUNT" dump many.table)"
like "dump --json: the same" '"largest":3,"largest_of":"labels l[0-5]"' "$("$SHUNT" dump --json many.table)"

# ---- what cannot be seen, or turns what is ----
for hidden in '\u007f' '\u0085' '\u200e' '\u200f' '\u2028' '\u202e' '\u2066' '\u2069' '\ufeff' '\u000d'; do
    printf 'shunt: 1\nlabels: [a]\nrules: [{rule: r, when: '"'labels has \"x%s\"'"', to: unassigned}]\notherwise: unassigned\n' "$hidden" >hidden.yaml
    shown=$("$SHUNT" check hidden.yaml 2>&1 | head -1)
    is "$hidden is spelled in a message" "" "$(LC_ALL=C.UTF-8 grep -P '[\x{7f}-\x{9f}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}\x{feff}\r]' <<<"$shown")"
    like "$hidden is named" 'x\\' "$shown"
done
mkdir -p 'odd %#~_-.d'
printf 'shunt: 1\nlabels: [a]\nrules: [{rule: "r,s:t%%", when: labels has b, to: unassigned}]\notherwise: unassigned\n' >'odd %#~_-.d/É9:,.yaml'
like "SARIF: a place is a URI" '"uri":"odd%20%25%23~_-.d/%C3%899%3A%2C.yaml"' "$("$SHUNT" check --format sarif 'odd %#~_-.d/É9:,.yaml' 2>&1)"
like "GitHub: nothing in a name ends it" 'file=odd %25#~_-.d/É9%3A%2C.yaml,line=3' "$("$SHUNT" check --format github 'odd %#~_-.d/É9:,.yaml' 2>&1)"
