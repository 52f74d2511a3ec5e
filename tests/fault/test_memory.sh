#!/usr/bin/env bash
# Every allocation of every command fails once, alone and with all after it: the program then says so (status 2), or
# does its work without; it never crashes, and a table is whole or not there.
# shellcheck source=tests/test_shell.bash
. tests/test_shell.bash
shim=$top/$BUILD/tests/fault/fail_alloc.so
if [ ! -e "$shim" ]; then
    echo "ok the sanitizers' own allocator is in the way: the plain build shows it"
    exit 0
fi

cat >good.yaml <<'YAML'
shunt: 1
timezone: Europe/Stockholm
labels: [refund, "é"]
fields: {plan: [free], interests: set}
hours: {office: {weekly: {mon-fri: 09:00-17:00}, closed: 12-24}}
teams: {t: {agents: [anna], takes: {labels: "é"}, hours: office}}
agents: [anna]
rules:
  - {rule: r, when: 'labels has refund and subject contains "ä"', to: [t, {unassigned: true, after: 1h}]} # why
otherwise: t
YAML
"$SHUNT" convert good.yaml --to dsl -o good.shunt
sed 's/labels has refund/labels has refnd/' good.yaml >bad.yaml
"$SHUNT" compile --quiet good.yaml -o good.table 2>/dev/null
for i in 1 2 3 4 5 6 7 8; do
    printf '{"id":"%d","at":"2026-03-02T10:00:00Z","labels":["refund","x"],"subject":"Ärger","plan":"gold","interests":["a"]}\nbad\n' $i
done >tickets.ndjson
for i in $(seq 40); do cat tickets.ndjson; done >many.ndjson
cat >events.ndjson <<'JSON'
{"at":"2026-03-02T09:00:00Z","event":"online","agent":"anna","channels":["phone"],"devices":{"phone":"1"}}
{"id":"T1","channel":"phone","labels":["refund"],"subject":"Ärger","plan":"gold","event_id":"e1"}
{"id":"T1","event_id":"e1"}
{"event":"assign","tickets":["T1"],"team":"t"}
bad
{"event":"close","ticket":"T9"}
{"at":"2026-03-03T09:00:00Z","event":"tick"}
JSON

# try NAME COMMAND...: sets $runs and $wrong
try() {
    local name=$1 on n status
    shift
    runs=0
    wrong=
    for on in '' 1; do
        for n in $(seq 1 $((on ? 7 : 1)) 9999); do # with all after it: every seventh
            rm -f mark made.table
            SHUNT_SANDBOX=off LD_PRELOAD=$shim FAIL_AT=$n FAIL_ON=$on FAIL_MARK=mark "$SHUNT" "$@" >/dev/null 2>&1 </dev/null
            status=$?
            runs=$((runs + 1))
            [ $status -le 2 ] || wrong="$wrong $n:$status"
            if [ -e made.table ] && ! cmp -s made.table good.table; then wrong="$wrong $n:torn"; fi
            [ -e mark ] || break
        done
    done
    is "$name: no allocation that fails makes it crash" "" "$wrong"
    like "$name: allocations were made to fail" '^[1-9][0-9]+$' "$runs"
}
unset FAIL_ON
try "check" check bad.yaml
try "check, as SARIF" check --format sarif -o - bad.yaml
sed 's/^otherwise.*/&\npromises: [labels has "é" => team t, channel == email => unassigned]/' good.yaml >promised.yaml
try "check, with a proof" check promised.yaml
try "prove" prove promised.yaml
sed 's/refund"*, "é"/&, b/; s/contains "ä"/contains "ö"/' good.yaml >other.yaml
try "diff" diff good.yaml other.yaml
try "compile" compile --quiet good.yaml -o made.table
try "match" match good.table tickets.ndjson
try "match with a source" match good.yaml tickets.ndjson
try "route" route --virtual-time --figures figures.json good.table events.ndjson
try "match in parallel" match --jobs 3 good.table many.ndjson
try "fmt of YAML" fmt --stdout good.yaml
try "fmt of the DSL" fmt --diff good.shunt
try "convert" convert good.yaml --to dsl
try "convert back" convert good.shunt --to yaml
try "dump" dump good.table
echo '{"id":"T1","labels":["refund"],"subject":"Ärger","plan":"gold","interests":["a"]}' >ticket.json
try "explain" explain good.yaml ticket.json --at 2026-03-02T10:00:00Z --online anna
try "explain as JSON, into a log" explain good.table ticket.json --log events.ndjson --online anna --json
try "explain a log" explain good.table --log events.ndjson --why-not anna
cat >good.test.yaml <<'YAML'
shunt-test: 1
policy: good.yaml
tests:
  - name: another agent than the one who gets it
    at: 2026-03-02T10:00:00+01:00
    online: [anna]
    steps:
      - {ticket: {labels: [refund], subject: "é"}, expect: {agent: anna, rule: otherwise}}
      - {event: claim, ticket: T9, agent: anna}
      - {event: update, ticket: ticket-1, plan: free}
      - {event: reroute, ticket: ticket-1, expect: {agent: bo}}
  - {name: nothing, at: 2026-03-02T10:00:00+01:00, event: tick, expect: []}
YAML
sed 's/anna/ana/' good.test.yaml >slip.test.yaml
try "test" test --coverage good.test.yaml
try "test, as TAP" test --format tap good.test.yaml
try "test, as JUnit, of a wrong file" test --format junit slip.test.yaml
