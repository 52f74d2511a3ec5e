#!/usr/bin/env bash
# What check proves (commands.md 8, language.md 7.2, 8.2): its budget, its reports, tables.
# shellcheck source=tests/test_shell.bash disable=SC2154
. tests/test_shell.bash

# A rule that a union of others takes: the cheap tests do not see it.
cat >union.yaml <<'YAML'
shunt: 1
fields: {total: number}
rules:
  - {rule: small, when: labels has refund and total <= 100, to: unassigned}
  - {rule: large, when: labels has refund and total > 100, to: unassigned}
  - {rule: late, when: labels has refund and total exists and segments has vip, to: unassigned}
YAML
status "language_7_2 a rule that two together take" 0 "$SHUNT" check union.yaml
like "language_7_2 both are named" 'rules "small" and "large" together take every ticket of it' "$err"
status "commands_8 a budget of 0 makes only the cheap tests" 0 "$SHUNT" check --proof-budget 0 union.yaml
is "commands_8 which do not see it" 0 "$(grep -c W1001 <<<"$err")"
like "commands_8 and what was left open is said" 'W1023.*and 3 more such questions' "$err"
status "commands_8 compile makes only the cheap tests" 0 "$SHUNT" compile union.yaml -o union.table
is "compile says nothing of it" "" "$err"
status "a budget that is no number" 2 "$SHUNT" check --proof-budget much union.yaml
like "says what one looks like" 'such as 20000' "$err"
status "a warning is told once" 0 "$SHUNT" check --format json -o - union.yaml
is "language_7_2 once, be it cheap or exact" 1 "$(grep -c W1001 <<<"$out")"

# ---- what is left open ----
{
    printf 'shunt: 1\nrules:\n'
    for a in '' 'not '; do for b in '' 'not '; do for c in '' 'not '; do
        echo "  - {rule: \"$a$b$c\", when: '${a}labels has a and ${b}labels has b and ${c}labels has c', to: unassigned}"
    done; done; done | awk '{ sub(/rule: "[^"]*"/, "rule: r" NR); print }'
    echo '  - {rule: none, when: labels has d, to: unassigned}'
    echo '  - {rule: all, when: true, to: unassigned}'
    echo '  - {rule: plain, when: labels has e, to: unassigned}'
} >open.yaml
status "commands_8 with its usual budget nothing is open" 0 "$SHUNT" check open.yaml
like "and the union is found" 'rule "none" can never be reached' "$err"
status "commands_8 what the budget left open is said" 0 "$SHUNT" check --proof-budget 1 open.yaml
like "as a warning" 'warning\[W1023\]: it was left open whether .*the proof budget ended' "$err"
like "with what goes further" '--proof-budget 20000' "$err"
like "what is plain to see is still said" 'rule "plain" can never be reached: rule "all" takes' "$err"
status "a question left open is no silent yes" 1 "$SHUNT" check --deny warnings --allow rule-unreachable --proof-budget 1 open.yaml
status "but for who allows it" 0 "$SHUNT" check --deny warnings --allow rule-unreachable --allow proof-undecided --proof-budget 1 open.yaml
first=$("$SHUNT" check --format json -o - --proof-budget 3 open.yaml)
is "commands_8 the same budget leaves the same open" "$first" "$("$SHUNT" check --format json -o - --proof-budget 3 open.yaml)"

# ---- promises ----
cat >promise.yaml <<'YAML'
shunt: 1
timezone: Europe/Stockholm
hours: {office: {weekly: {mon-fri: 09:00-17:00}}}
agents: [anna]
teams: {a: {agents: all}, b: {agents: all}}
rules:
  - {rule: mail, when: channel == email and outside office, to: a}
otherwise: b
promises:
  - channel != email => team b
  - channel == email => team b
YAML
status "language_8_2 a promise that a ticket breaks is an error" 1 "$SHUNT" check --format json -o - promise.yaml
is "language_8_2 the one that does not hold" 1 "$(grep -c E0623 <<<"$out")"
like "the rule that decides it is the second place" '"related":\{"message":"what decides this ticket","file":"promise.yaml","line":7' "$out"
ticket=$(sed -n 's/.*"hint":"\(.*\)","related".*/\1/p' <<<"$out" | sed 's/\\"/"/g')
status "language_8_2 its hint is a ticket for match" 0 "$SHUNT" match promise.yaml - <<<"$ticket"
status "language_8_2 the ticket is matched" 0 bash -c "echo '$ticket' | '$SHUNT' match promise.yaml"
like "language_8_2 and breaks the promise" '"rule":"mail","team":"a"' "$out"
for format in human github sarif; do
    status "a broken promise as $format" 1 "$SHUNT" check --format $format -o - promise.yaml
    like "has its code in $format" 'E0623' "$out"
done
status "compile does not prove promises" 0 "$SHUNT" compile -q promise.yaml -o promise.table
status "a table's promises are proved" 1 "$SHUNT" check promise.table
like "with the ticket" 'this ticket breaks it: \{"id":"T1"' "$err"
status "as JSON, too" 1 "$SHUNT" check --format json -o - promise.table
like "whose place is the table" '"file":"promise.table","line":1,"column":1' "$out"
status "commands_8 with a budget of 0 its promises are open" 0 "$SHUNT" check --proof-budget 0 promise.table
like "commands_8 and that is said" 'W1023' "$err"

# ---- several files ----
status "the worst of several files" 1 "$SHUNT" check union.yaml promise.yaml promise.table union.table
is "each has its summary" 4 "$(grep -cE '(no errors|[0-9] errors?), |a sound table' <<<"$err")"
status "sarif holds all of them" 1 "$SHUNT" check --format sarif -o - union.yaml promise.yaml promise.table
like "the table's finding, too" 'promise.table' "$out"
like "and the source's" 'W1001' "$out"

# ---- words that there are not ----
for command in "check promise.yaml" "compile promise.yaml -o none.table"; do
    # shellcheck disable=SC2086 # words
    status "$command: --allow of no code" 2 "$SHUNT" $command --allow E9999
    like "says so" 'there is no such code' "$err"
    # shellcheck disable=SC2086 # words
    status "$command: --deny of what is not denied" 2 "$SHUNT" $command --deny errors
    like "says what is" 'warnings' "$err"
done
status "compile of what is not there" 2 "$SHUNT" compile nowhere.yaml -o none.table
status "check --quiet of a sound table" 0 "$SHUNT" check --quiet union.table
is "and nothing was written" "" "$(ls none.table 2>/dev/null)"
for number in -1 +1 ' 1' 1x 18446744073709551616 ''; do
    status "route --seed '$number' is no number" 2 "$SHUNT" route --virtual-time --seed "$number" promise.yaml /dev/null
done
