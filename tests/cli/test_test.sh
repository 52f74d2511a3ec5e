#!/usr/bin/env bash
# shunt test from outside: what it reads, where it writes, its exit status (commands.md 1, 2, 11).
# shellcheck source=tests/test_shell.bash disable=SC2154
. tests/test_shell.bash

mkdir -p policies elsewhere
cat >policies/acme.yaml <<'YAML'
shunt: 1
labels: [refund]
agents: {anna: {role: manager}, bo: {}}
teams: {billing: {agents: [anna]}, general: {agents: all, assign: random}}
rules: [{rule: refunds, when: labels has refund, to: billing}]
otherwise: general
YAML
cat >acme.test.yaml <<'YAML'
shunt-test: 1
policy: policies/acme.yaml
tests:
  - {name: a refund goes to billing, at: 2026-03-02T10:00:00Z, online: [anna], ticket: {labels: [refund]}, expect: {team: billing, agent: anna}}
  - {name: the rest goes to all, at: 2026-03-02T10:00:00Z, online: [anna], ticket: {}, expect: {team: general}}
YAML
cat >failing.test.yaml <<'YAML'
shunt-test: 1
policy: policies/acme.yaml
tests:
  - {name: a refund goes to bo, at: 2026-03-02T10:00:00Z, online: [anna, bo], ticket: {labels: [refund]}, expect: {agent: bo}}
YAML
cat >slip.test.yaml <<'YAML'
shunt-test: 1
policy: policies/acme.yaml
tests: [{name: a slip, at: 2026-03-02T10:00:00Z, tickt: {}}]
YAML

# ---- exit status and streams ----
status "commands_1 every test passes" 0 "$SHUNT" test acme.test.yaml
is "a report goes to standard output" $'acme.test.yaml\n  ok    a refund goes to billing\n  ok    the rest goes to all\n2 passed, 0 failed' "$out"
is "and nothing to standard error" "" "$err"
status "commands_1 a test fails" 1 "$SHUNT" test acme.test.yaml failing.test.yaml
like "all files are run" '^2 passed, 1 failed$' "$out"
like "a failure shows what was expected" 'expected +\{agent: bo\}' "$out"
like "and what came" 'got +\{agent: anna\}' "$out"
like "and the decision" 'decision +\{"at":"2026-03-02T10:00:00Z","ticket":"ticket-1","status":"assigned"' "$out"
like "and why" '^ +why:$' "$out"
status "commands_1 a test file with an error is a no" 1 "$SHUNT" test slip.test.yaml acme.test.yaml
like "the error has a place and a hint, on standard error" 'did you mean "ticket"' "$err"
like "the other file is run all the same" '^2 passed, 0 failed; 1 file could not be tested$' "$out"
status "commands_1 a test file that is not there" 2 "$SHUNT" test nothing.test.yaml
like "it is named" 'cannot read nothing.test.yaml' "$err"
status "commands_1 no file at all" 2 "$SHUNT" test
status "a format that is none" 2 "$SHUNT" test --format xml acme.test.yaml
like "the formats are named" 'human, tap' "$err"
status "commands_2 --quiet says nothing where all is well" 0 "$SHUNT" test --quiet acme.test.yaml
is "nothing at all" "" "$out$err"
status "--filter" 0 "$SHUNT" test --filter refund acme.test.yaml
like "one test is left" '^1 passed, 0 failed$' "$out"
status "--filter that leaves none is no success" 2 "$SHUNT" test --filter "no such" acme.test.yaml

# ---- what is tested ----
"$SHUNT" compile --quiet policies/acme.yaml -o policies/acme.table
sed 's/acme.yaml/acme.table/' acme.test.yaml >table.test.yaml
status "commands_11 a compiled table is tested as its source is" 0 "$SHUNT" test table.test.yaml
"$SHUNT" compile --quiet --strip policies/acme.yaml -o policies/stripped.table
sed 's/acme.yaml/stripped.table/' acme.test.yaml >stripped.test.yaml
status "coverage of a table without places" 0 "$SHUNT" test --quiet --coverage stripped.test.yaml
is "it says what there is, and no place" "policies/stripped.table: exercised 2 of 2 rules, 2 of 2 steps, 0 of 0 takes, 2 of 2 teams; seen true and false 1 of 1 tests in conditions" "$out"
sed 's|policies/|../policies/|' acme.test.yaml >elsewhere/acme.test.yaml
status "the policy is named relative to the test file" 0 "$SHUNT" test elsewhere/acme.test.yaml
sed "s|policies/|$PWD/policies/|" acme.test.yaml >elsewhere/absolute.test.yaml
status "or by its absolute path" 0 "$SHUNT" test elsewhere/absolute.test.yaml
status "two ways to one policy are one in coverage" 0 "$SHUNT" test --quiet --coverage acme.test.yaml elsewhere/acme.test.yaml
is "it is reported once" 1 "$(grep -c exercised <<<"$out")"
printf 'shunt: 1\nagents: [anna]\nteams: {t: {agents: [ana]}}\notherwise: t\n' >policies/wrong.yaml
sed 's/acme.yaml/wrong.yaml/' acme.test.yaml >wrong.test.yaml
status "commands_1 a policy with errors is a no" 1 "$SHUNT" test wrong.test.yaml
like "its errors are shown" 'policies/wrong.yaml:3:22: error\[E0203\]' "$err"
sed 's/acme.yaml/nothing.yaml/' acme.test.yaml >missing.test.yaml
status "commands_1 a policy that is not there" 2 "$SHUNT" test missing.test.yaml
like "the place is the test file's" '^missing.test.yaml:2:9: error\[E0001\]' "$err"
printf 'shunt-test: 1\npolicy: policies/acme.yaml\ntests: []\n' >empty.test.yaml
status "a file without tests" 0 "$SHUNT" test empty.test.yaml
printf 'shunt-test: 1\npolicy: \xff\n' >latin.test.yaml
status "a file that is not UTF-8" 1 "$SHUNT" test latin.test.yaml
like "it is told so" 'E0004' "$err"
status "a policy is no test file" 1 "$SHUNT" test policies/acme.yaml
like "and which command reads it" 'shunt check reads those' "$err"
: >nothing.yaml
status "an empty file" 1 "$SHUNT" test nothing.yaml
status "a folder" 2 "$SHUNT" test policies

# ---- determinism ----
cat >random.test.yaml <<'YAML'
shunt-test: 1
policy: policies/acme.yaml
tests:
  - name: by the seed of the file
    at: 2026-03-02T10:00:00Z
    online: [anna, bo]
    steps: [{ticket: {id: T1}, expect: {agent: bo}}, {ticket: {id: T2}, expect: {agent: anna}}, {ticket: {id: T3}, expect: {agent: anna}}, {ticket: {id: T4}, expect: {agent: bo}}]
  - name: by its own; nothing is left of the test before
    seed: 0
    at: 2026-03-01T10:00:00Z
    online: [anna, bo]
    steps: [{ticket: {id: T1}, expect: {agent: bo}}, {ticket: {id: T2}, expect: {agent: anna}}]
YAML
status "desk_4 random is the same for the same seed" 0 "$SHUNT" test random.test.yaml
for format in human tap junit; do
    "$SHUNT" test --coverage --format $format acme.test.yaml failing.test.yaml slip.test.yaml random.test.yaml >"one.$format" 2>&1
    TZ=Asia/Tokyo LC_ALL=C.UTF-8 "$SHUNT" test --coverage --format $format acme.test.yaml failing.test.yaml slip.test.yaml random.test.yaml >"two.$format" 2>&1
    is "the report as $format never varies" "" "$(cmp "one.$format" "two.$format" 2>&1)"
done

# ---- for machines ----
is "TAP: a line for each test, and for a file that could not be tested" "4 2 1..6" \
    "$(grep -c '^ok ' one.tap || true) $(grep -c '^not ok ' one.tap) $(grep '^1\.\.' one.tap)"
like "TAP: coverage is a comment" '^# policies/acme.yaml: exercised' "$(cat one.tap)"
like "JUnit: the counts" '<testsuites name="shunt" tests="6" failures="1" errors="1" time="0">' "$(cat one.junit)"
is "JUnit: every element is closed" \
    "$(grep -oE '<(testsuites|testsuite|failure|error|system-out)[ >]' one.junit | wc -l)" \
    "$(grep -oE '</(testsuites|testsuite|failure|error|system-out)>' one.junit | wc -l)"
