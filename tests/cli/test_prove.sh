#!/usr/bin/env bash
# shunt prove as a program: its arguments, what it refuses, that every spelling gives the same findings, and that each
# ticket it shows does what is said of it. What it says is in tests/golden/prove.
# shellcheck source=tests/test_shell.bash disable=SC2154
. tests/test_shell.bash

cat >p.yaml <<'YAML'
shunt: 1
timezone: Europe/Stockholm
channels: [email, phone]
labels: [refund, bug]
hours: {office: {weekly: {mon-fri: 09:00-17:00}}}
agents: [anna]
teams: {a: {agents: all, takes: {channel: phone, labels: [bug]}}, b: {agents: all}}
rules:
  - {rule: mail, when: channel == email and during office, to: a}
  - {rule: refunds, when: labels has refund, to: b}
  - {rule: both, when: labels has refund and channel == email, to: a}
  - {rule: marks, when: labels has bug, raise: {priority: high}, continue: true}
otherwise: b
promises:
  - labels has refund => team b
  - labels has bug => priority >= high
YAML
"$SHUNT" convert --to dsl p.yaml >p.shunt
"$SHUNT" compile --quiet p.yaml -o p.table 2>/dev/null
"$SHUNT" compile --quiet --strip p.yaml -o s.table 2>/dev/null
# bare FILE...: the findings without their places
bare() { "$SHUNT" prove --json "$@" | sed 's/,"file":.*}$/}/'; }

# ---- the same from any spelling ----
is "the DSL has the same findings" "$(bare p.yaml)" "$(bare p.shunt)"
is "a table has the same findings" "$(bare p.yaml)" "$(bare p.table)"
is "a stripped table has the same findings" "$(bare p.yaml)" "$(bare s.table)"
# Six tickets are as small as the one that is shown; this setting makes the solver show another.
cat >ties.yaml <<'YAML'
shunt: 1
rules:
  - {rule: r, when: 'not labels has any (a, b, c, d) and not segments has any (e, f)', to: unassigned}
YAML
is "commands_8 the environment has no say" "$("$SHUNT" prove --json ties.yaml)" \
    "$(CADICAL_REVERSE=1 "$SHUNT" prove --json ties.yaml)"
is "commands_8 nor have two settings that stand beside each other" "$("$SHUNT" prove --json ties.yaml)" \
    "$(env CADICAL_CHRONO=1 CADICAL_REVERSE=1 "$SHUNT" prove --json ties.yaml)"
is "the same again" "$("$SHUNT" prove --json p.yaml)" "$("$SHUNT" prove --json p.yaml)"
like "a table names the place" '^p.yaml:11:5: rule "both" can never decide$' "$("$SHUNT" prove p.table)"
like "a stripped table has none" '^rule "both" can never decide$' "$("$SHUNT" prove s.table)"
is "a stripped table's lines have no file" 0 "$("$SHUNT" prove --json s.table | grep -c '"file"')"
is "a promise is written as in the source" '"text":"labels has refund => team b"' \
    "$("$SHUNT" prove --json p.shunt | grep -o '"text":"labels has refund[^,]*')"

# ---- what is shown really happens ----
tickets() { sed -n 's/.*"ticket":\({.*}\)\(,"file".*\)\{0,1\}}$/\1/p'; }
"$SHUNT" prove --json s.table | grep '"gap"' | tickets >gaps.ndjson
is "a ticket for each gap" 3 "$(wc -l <gaps.ndjson)"
is "the tickets of gaps fall to otherwise" 3 "$("$SHUNT" match p.yaml gaps.ndjson | grep -c '"rule":"otherwise"')"
"$SHUNT" prove --json s.table | grep '"holds":false' | tickets >broken.ndjson
is "both counterexamples are decided otherwise than promised" 2 \
    "$("$SHUNT" match p.yaml broken.ndjson | grep -c '"rule":"mail","team":"a","priority":"normal"')"
"$SHUNT" prove p.yaml | sed -n 's/^    {"id"/{"id"/p' >shown.ndjson
status "tickets for people are ready for match" 0 "$SHUNT" match p.yaml shown.ndjson

# ---- the exit status ----
status "a promise that fails: 1" 1 "$SHUNT" prove p.yaml
is "findings go to standard output" "" "$err"
status "findings without a promise that fails: 0" 0 "$SHUNT" prove --overlaps mail p.yaml
status "an --assert that fails: 1" 1 "$SHUNT" prove --overlaps mail --assert 'labels has bug => team a' p.yaml
status "an --assert that holds: 0" 0 "$SHUNT" prove --overlaps mail --assert 'labels has bug and not labels has refund and not channel exists => priority > normal' p.yaml
status "without a policy: 2" 2 "$SHUNT" prove
status "two policies: 2" 2 "$SHUNT" prove p.yaml p.shunt
status "a file that is not there: 2" 2 "$SHUNT" prove nothing.yaml
sed 's/labels has bug/labels has bgu/' p.yaml >wrong.yaml
status "a policy with errors: 1" 1 "$SHUNT" prove wrong.yaml
like "its errors are shown" 'did you mean "bug"' "$err"
printf 'damaged' | cat p.table - >bad.table
status "a damaged table: 2" 2 "$SHUNT" prove bad.table

# ---- options ----
status "a rule that is not there" 2 "$SHUNT" prove --overlaps refund p.yaml
like "the nearest is named" 'there is no rule "refund"; did you mean "refunds"\?' "$err"
status "a rule that continues" 2 "$SHUNT" prove --overlaps marks p.yaml
like "it decides nothing" 'rule "marks" continues' "$err"
status "a team's takes" 0 "$SHUNT" prove --overlaps 'team a' p.yaml
like "are a rule, too" '^team "a" \(p.yaml:7\) shares tickets with 1 rule of another target$' "$out"
status "otherwise" 0 "$SHUNT" prove --overlaps otherwise p.yaml
status "an --assert without an outcome" 2 "$SHUNT" prove --assert 'labels has bug' p.yaml
is "nothing is proved then" "" "$out"
like "it is shown in the text" '^--assert:1:15: error\[E0101\]' "$err"
status "an --assert beside a table" 2 "$SHUNT" prove --assert 'labels has bgu => team a' s.table
like "has the table's names for a hint" 'did you mean "bug"' "$err"
status "no text at all" 2 "$SHUNT" prove --assert '' p.yaml
status "bytes that are no text" 2 "$SHUNT" prove --assert $'labels has "\xff" => team a' p.yaml
status "a budget that is no number" 2 "$SHUNT" prove --proof-budget much p.yaml
like "says what one is" 'a whole number' "$err"
status "a budget of nothing" 0 "$SHUNT" prove --proof-budget 0 p.yaml
like "leaves all open" '^not decided: whether the promise holds' "$out"
is "as JSON, too" '{"finding":"undecided","what":"whether rule \"mail\" can decide"}' \
    "$("$SHUNT" prove --proof-budget 0 --json s.table | head -1)"
is "--quiet: no summary" 0 "$("$SHUNT" prove --quiet p.yaml | grep -c 'for every ticket from')"

# ---- in words ----
cat >words.yaml <<'YAML'
shunt: 1
fields: {plan: [free, pro], total: number, gift: bool, topics: set}
agents: [anna]
teams: {a: {agents: all}}
rules:
  - {rule: r, when: 'channel == sms and plan == pro and total > 5 and gift and topics has x and subject contains "\"a" and priority == high and labels has all (l, m)', to: a}
otherwise: unassigned
YAML
like "a ticket in words" 'an sms ticket with labels "l" and "m", priority high, subject ""a", plan pro, total 6, gift true and topics "x":$' \
    "$("$SHUNT" prove --assert 'channel exists => unassigned' words.yaml | grep 'broken by')"

# ---- what is like nothing ----
status "--overlaps of a name that is like none" 2 "$SHUNT" prove --overlaps 'something else' p.yaml
is "says how takes are named" \
    'shunt prove: --overlaps: there is no rule "something else" (the takes of a team are "team NAME")' "$err"
