# What the sweeps run: sourced, it writes into the current folder the files, and runs.txt as tests/fault/sweep.c reads
# it. Every command is there, every form of answer, both spellings, includes, calendars, bad input; a desk with a state
# file that is begun, carried on, after a kill, with the next policy.
# shellcheck shell=bash disable=SC2154
cat >days.ics <<'ICS'
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//y//EN
BEGIN:VEVENT
UID:a
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20260403
RRULE:FREQ=YEARLY;COUNT=3
EXDATE;VALUE=DATE:20270403
SUMMARY:Good Friday
END:VEVENT
END:VCALENDAR
ICS
cat >part.shunt <<'DSL'
version 1
labels refund, "é" # said here
agent anna { skills sv }
DSL
cat >good.yaml <<'YAML'
shunt: 1
include: part.shunt
timezone: Europe/Stockholm
fields: {plan: [free], interests: set}
hours: {office: {weekly: {mon-fri: 09:00-17:00}, closed: 12-24, holidays: [days.ics]}, night: {weekly: {mon-sun: 22:00-06:00}, timezone: Asia/Tokyo}}
teams: {t: {agents: [anna], takes: {labels: "é"}, hours: office}}
rules:
  - {rule: r, when: 'labels has refund and subject contains "ä"', to: [t, {unassigned: true, after: 1h}]} # why
  - {rule: s, when: 'labels has refund and plan == free', require: {skills: [sv]}, to: t}
otherwise: t
promises: [labels has "é" => team t, channel == email => unassigned]
YAML
sed 's/"ä"/"ö"/; s/agents: \[anna\], takes/assign: weighted, agents: [anna], takes/; s/12-24/12-25/' good.yaml >other.yaml
sed 's/labels has refund and sub/labels has refnd and sub/; s/1h}/1x}/; s/Stockholm/Stockhol/' good.yaml >bad.yaml
printf 'shunt: 1\n"a": [1, 2\n' >broken.yaml
printf 'team t {\n rule x when to\n' >broken.shunt
"$SHUNT" convert good.yaml --to dsl -o good.shunt
cp good.shunt lay.shunt
sed 's/rules:/&\n\n\n#x/; s/^otherwise: /otherwise:    /' good.yaml >lay.yaml.before
"$SHUNT" compile --quiet good.yaml -o good.table 2>/dev/null
"$SHUNT" compile --quiet other.yaml -o other.table 2>/dev/null
"$SHUNT" compile --quiet --strip other.yaml -o over.table.before 2>/dev/null
head -c 500 good.table >cut.table
for i in 1 2 3 4; do
    printf '{"id":"%d","at":"2026-03-02T10:00:00Z","labels":["refund","x"],"subject":"Ärger","plan":"gold","interests":["a"]}\nbad\n' $i
done >tickets.ndjson
printf '{"id":"5","at":"2026-03-02T10:00:00Z","note":"%05000d"}\n' 0 >>tickets.ndjson # a reader has to make room
for i in $(seq 1200); do printf '{"id":"%d","at":"2026-03-02T10:00:00Z","labels":["refund"],"note":"%0400d"}\n' "$i" 0; done >many.ndjson
{
    printf '{"id":"0","at":"2026-03-02T10:00:00Z","note":"%05000d"}\n' 0 # all that is said of the time
    for i in $(seq 800); do printf '{"id":"%d","note":"%0400d"}\n' "$i" 0; done
} >timed.ndjson
cat >events.ndjson <<'JSON'
{"at":"2026-03-02T09:00:00Z","event":"online","agent":"anna","channels":["phone"],"devices":{"phone":"1"}}
{"id":"T1","channel":"phone","labels":["refund"],"subject":"Ärger","plan":"gold","event_id":"e1"}
{"id":"T1","event_id":"e1"}
{"event":"assign","tickets":["T1"],"team":"t"}
bad
{"event":"close","ticket":"T9"}
{"at":"2026-03-03T09:00:00Z","event":"tick"}
JSON
# Each answers one line.
for i in 1 2 3 4 5 6 7 8; do
    printf '{"at":"2026-03-02T09:0%d:00Z","id":"T%d","event_id":"e%d","labels":["refund"],"subject":"Ä %0300d"}\n' $i $i $i 0
done >kept.ndjson
head -5 kept.ndjson >first.ndjson
echo '{"id":"T1","labels":["refund"],"subject":"Ärger","plan":"gold","interests":["a"]}' >ticket.json
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

for name in resumed redelivered renewed; do
    "$SHUNT" route good.table --virtual-time --state $name.state first.ndjson >/dev/null
done
"$SHUNT" route good.table --virtual-time --state redelivered.state kept.ndjson >/dev/null
# A kill leaves a -wal.
mkfifo killed.fifo
"$SHUNT" route good.table --virtual-time --state killed.state <killed.fifo >killed.got &
exec 9>killed.fifo
cat first.ndjson >&9
for i in $(seq 500); do
    if [ "$(grep -c . killed.got)" -ge 5 ]; then break; fi
    sleep 0.02
done
{
    kill -9 $!
    exec 9>&-
    wait $!
} 2>/dev/null
rm -f killed.fifo killed.got killed.state-shm
for name in resumed redelivered renewed killed; do mv $name.state $name.state.before; done
mv killed.state-wal killed.state-wal.before

cat >runs.txt <<'RUNS'
help                           |            | - | --help
help of a command              |            | - | route --help
no such command                |            | - | chek
no such option                 |            | - | match --job good.table
version                        |            | - | --version
check                          |            | - | check good.yaml
check errors                   |            | - | check bad.yaml
check as JSON                  |            | - | check --format json bad.yaml good.yaml
check as SARIF                 |            | - | check --format sarif -o - bad.yaml
check as SARIF to a file       | made.sarif | - | check --format sarif -o made.sarif bad.yaml good.shunt
check for GitHub               |            | - | check --format github bad.yaml broken.shunt
check a table                  |            | - | check good.table
check bad YAML                 |            | - | check broken.yaml
check the DSL                  |            | - | check good.shunt
check what is not there        |            | - | check none.yaml
compile                        | made.table | - | compile good.yaml -o made.table
compile over another           | over.table | - | compile --strip good.shunt -o over.table
compile errors                 | made.table | - | compile bad.yaml -o made.table
match a table                  |            | - | match good.table tickets.ndjson
match a source                 |            | tickets.ndjson | match good.yaml
match a damaged table          |            | - | match cut.table tickets.ndjson
match in parallel              |            | - | match --jobs 2 good.table many.ndjson
match in parallel, timed once  |            | - | match --jobs 2 good.table timed.ndjson
route                          | made.json  | - | route --virtual-time --figures made.json good.table events.ndjson
route begins a state           | @new.state | - | route good.table --virtual-time --state new.state kept.ndjson
route carries a state on       | @resumed.state | - | route good.table --virtual-time --state resumed.state kept.ndjson
route redelivers               | @redelivered.state | - | route good.table --virtual-time --state redelivered.state kept.ndjson
route after a kill             | @killed.state killed.state-wal | - | route good.table --virtual-time --state killed.state kept.ndjson
route takes up another policy  | @renewed.state | - | route other.table --virtual-time --state renewed.state kept.ndjson
test                           |            | - | test --coverage good.test.yaml
test as TAP                    |            | - | test --format tap good.test.yaml
test as JUnit, a wrong file    |            | - | test --format junit slip.test.yaml
explain                        |            | - | explain good.yaml ticket.json --at 2026-03-02T10:00:00Z --online anna
explain as JSON, into a log    |            | - | explain good.table ticket.json --log events.ndjson --online anna --json
explain a log                  |            | events.ndjson | explain good.table --log - --why-not anna
diff                           |            | - | diff good.yaml other.yaml
diff with tickets              |            | - | diff --json --tickets tickets.ndjson good.table other.table
prove                          |            | - | prove good.yaml
prove as JSON                  |            | - | prove --json --assert 'labels has refund => team t' good.table
prove overlaps                 |            | - | prove --overlaps r good.yaml
fmt in place                   | lay.yaml   | - | fmt lay.yaml
fmt, the difference            |            | - | fmt --diff lay.yaml.before.yaml lay.shunt
fmt of standard input          |            | good.shunt | fmt -
convert                        |            | - | convert good.yaml --to dsl
convert to a file              | made.shunt | - | convert good.yaml --to dsl -o made.shunt
convert back                   |            | - | convert good.shunt --to yaml
dump                           |            | - | dump good.table
dump as JSON                   |            | - | dump --json good.yaml
RUNS
cp lay.yaml.before lay.yaml.before.yaml
