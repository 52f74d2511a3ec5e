#!/usr/bin/env bash
# shunt diff as a program: its arguments, and that what it shows is what match answers. What it says of pairs of policies
# is in tests/golden/diff.
# shellcheck source=tests/test_shell.bash disable=SC2154
. tests/test_shell.bash

cat >old.yaml <<'YAML'
shunt: 1
labels: [refund, bug]
teams: {a: {}, b: {}}
rules:
  - {rule: refund, when: labels has refund, to: a}
otherwise: b
YAML
sed 's/to: a/to: b/' old.yaml >new.yaml

# ---- arguments ----
status "nothing differs" 0 "$SHUNT" diff old.yaml old.yaml
is "and that is proved" "No ticket is treated otherwise: proved." "$out"
status "--quiet leaves the sentence out" 0 "$SHUNT" diff --quiet old.yaml old.yaml
is "and says nothing" "" "$out$err"
status "what differs is no failure" 0 "$SHUNT" diff old.yaml new.yaml
like "one is one" '^1 kind of ticket is treated otherwise\.$' "$out"
status "--quiet begins with the first difference" 0 "$SHUNT" diff --quiet old.yaml new.yaml
is "without an empty line" 'rule "refund":' "$(head -n 1 <<<"$out")"
status "but with --exit-code" 1 "$SHUNT" diff --exit-code --json old.yaml new.yaml
status "--exit-code, nothing differs" 0 "$SHUNT" diff --exit-code old.yaml old.yaml
status "--exit-code, nothing was decided" 1 "$SHUNT" diff --exit-code --proof-budget 0 old.yaml new.yaml
like "and that is said" '^Not decided: whether a ticket of rule "refund" before and rule "refund" after ' "$out"
like "with what to do" '^1 pair of rules could not be decided: try again with a larger --proof-budget.$' "$out"
each_rule() { # LABEL TEAM: 300 rules, none of them in the other policy
    printf 'shunt: 1\nagents: [x]\nteams: {a: {agents: all}, b: {agents: all}}\notherwise: a\nrules:\n'
    for ((i = 0; i < 300; i++)); do printf -- '- {rule: %s%d, when: labels has %s%d, to: %s}\n' "$1" $i "$1" $i "$2"; done
}
each_rule l a >many.yaml
each_rule m b >others.yaml
status "two policies that differ in every rule" 0 "$SHUNT" diff --proof-budget 0 many.yaml others.yaml
like "how many pairs were left is not said" '^At least [0-9]* pairs of rules could not be decided: try again with a larger --proof-budget.$' "$out"
is "what is left is said once" 1 "$(grep -c '^Not decided: whether another ticket of rule "l[0-9]*" before, or of a rule behind it, is treated otherwise.$' <<<"$out")"
status "two policies that differ in every rule, as JSON" 0 "$SHUNT" diff --json --proof-budget 0 many.yaml others.yaml
like "what is left is a line" '^{"finding":"undecided","what":"whether another ticket of rule .* or of a rule behind it, is treated otherwise"}$' "$out"
status "one policy alone" 2 "$SHUNT" diff old.yaml
status "a policy that is not there" 2 "$SHUNT" diff old.yaml nowhere.yaml
sed 's/to: a/to: z/' old.yaml >wrong.yaml
status "a policy with an error" 1 "$SHUNT" diff old.yaml wrong.yaml
like "which is said" 'wrong.yaml:5:.*error\[E' "$err"
status "a log that is not there" 2 "$SHUNT" diff --tickets nowhere.ndjson old.yaml new.yaml
status "a budget that is no number" 2 "$SHUNT" diff --proof-budget many old.yaml new.yaml
status "a time without a log" 2 "$SHUNT" diff --at 2026-03-02T09:00:00Z old.yaml new.yaml
status "a time that is none" 2 "$SHUNT" diff --tickets - --at noon old.yaml new.yaml

# ---- tickets ----
tickets='{"id":"T1","labels":["refund"]}
{"id":"T2"}'
moved='{"moved":"T1","line":1,"old":"refund","new":"refund","before":{"ticket":"T1","rule":"refund","team":"a","priority":"normal"},"after":{"ticket":"T1","rule":"refund","team":"b","priority":"normal"}}
{"tickets":2,"moved":1}'
is "tickets on standard input, a time for them" "$moved" \
    "$("$SHUNT" diff --json --tickets - --at 2026-03-02T09:00:00Z old.yaml new.yaml <<<"$tickets" | tail -n 2)"
"$SHUNT" diff --json --tickets - old.yaml new.yaml <<<"$tickets" >got 2>&1
is "without a time they are bad lines" "1 2" "$? $(grep -c '"code":"no-at"' got)"

# ---- what is shown is what match answers ----

# Each ticket, through both policies: what differs from what was told. before and after are the last two keys.
check_shown() {
    "$SHUNT" diff --json "$1" "$2" | grep '^{"old"' >shown
    sed 's/.*"ticket":\({"id".*}\),"before":.*/\1/' shown >shown.ndjson
    sed 's/.*,"before":\(.*\),"after":{"ticket".*/\1/' shown >before
    sed 's/.*,"after":\({"ticket".*\)}$/\1/' shown >after
    "$SHUNT" match "$1" shown.ndjson | diff - before | head -n 3
    "$SHUNT" match "$2" shown.ndjson | diff - after | head -n 3
}
boston=$top/rules/boston311/policy.yaml
sed '/- rule: graffiti-removal-in-05$/,/to:/s/match: {/match: {priority: high, /; s/^otherwise: .*/otherwise: "BTDT_District 02"/' "$boston" >boston.yaml
is "a rule of Boston's narrowed, and otherwise: tickets as match answers them" "" "$(check_shown "$boston" boston.yaml)"
is "there are some" true "$([ "$(wc -l <shown)" -gt 10 ] && echo true)"
is "the same again" "$(cat shown)" "$("$SHUNT" diff --json "$boston" boston.yaml | grep '^{"old"')"
for policy in "$top"/rules/*/policy.yaml "$top"/rules/*/*.shunt; do
    "$SHUNT" compile --quiet --strip "$policy" -o own.table 2>/dev/null
    is "${policy#"$top/"}: nothing differs from its own table" "" "$("$SHUNT" diff --json "$policy" own.table)"
done
