#!/usr/bin/env bash
# The state file (commands.md 7): it carries on, tells what it answered, and is one with its log; two at once, the next
# version of a policy, foreign and damaged files. tests/fault/test_state.sh kills it and fills its disk.
# shellcheck source=tests/test_shell.bash disable=SC2154
. tests/test_shell.bash
export LC_ALL=C

cat >one.yaml <<'YAML'
shunt: 1
timezone: Europe/Stockholm
labels: [refund]
hours: {office: {weekly: {mon-fri: 09:00-17:00}}}
agents: {anna: {limits: {email: 2}}, bo: {}, cleo: {role: manager}}
teams:
  billing: {agents: [anna, bo], takes: {labels: refund}, hours: office, after_hours: hold}
  general: {agents: [anna, bo, cleo], assign: random}
otherwise: [billing, {team: general, after: 10m}]
YAML
# The next version: anna is gone, bo's team has another.
sed -e 's/anna: {limits: {email: 2}}, bo: {}/bo: {}, dora: {}/; s/\[anna, bo, cleo\]/[bo, cleo]/; s/\[anna, bo\]/[bo, dora]/' one.yaml >two.yaml
for policy in one two; do "$SHUNT" compile --quiet $policy.yaml -o $policy.table 2>/dev/null; done

cat >morning.ndjson <<'EVENTS'
{"at":"2026-03-02T09:00:00+01:00","event":"online","agent":"anna","event_id":"m1"}
{"event":"online","agent":"cleo","event_id":"m2"}
{"id":"T1","channel":"email","labels":["refund"],"event_id":"m3"}
{"id":"T2","channel":"email","at":null,"event_id":"m4"}
{"at":"2026-03-02T09:05:00+01:00","id":"T3","channel":"email","event_id":"m5"}
{"event":"close","ticket":"T9","event_id":"m6"}
no event
{"at":"2026-03-02T09:01:00+01:00","event":"claim","ticket":"T3","agent":"cleo","event_id":"m7"}
{"at":"2026-03-02T09:10:00+01:00","id":"T4","channel":"email","event_id":"m8"}
EVENTS
cat >noon.ndjson <<'EVENTS'
{"at":"2026-03-02T12:00:00+01:00","id":"T5","channel":"email","event_id":"n1"}
{"event":"close","ticket":"T1","by":"anna","event_id":"n2"}
{"id":"T6","channel":"webchat","event_id":"n3"}
{"event":"offline","agent":"anna"}
{"id":"T7"}
EVENTS
cat morning.ndjson noon.ndjson >day.ndjson

route() { "$SHUNT" route --virtual-time "$@"; }
# Without the numbers of lines, which are each run's own.
unnumbered() { sed 's/"line":[0-9]*/"line":0/'; }
sql() { sqlite3 -readonly "$@"; }
log() { sql "$1" 'SELECT seq, at, line, event_id, answer FROM event ORDER BY seq'; }

# ---- carrying on ----

route --seed 5 one.yaml --figures day.json day.ndjson | unnumbered >day.wanted
{
    route --seed 5 one.yaml --state desk.state morning.ndjson
    route one.yaml --state desk.state --figures desk.json noon.ndjson
} | unnumbered >day.got
is "carries on where it stopped: the same answers" "$(cat day.wanted)" "$(cat day.got)"
is "carries on where it stopped: the same figures" "$(cat day.json)" "$(cat desk.json)"
is "an end by its input leaves the file alone" "desk.state" "$(echo desk.state*)"
while IFS= read -r line; do
    route --seed 5 one.table --state each.state <<<"$line"
done <day.ndjson | unnumbered >each.got
is "a start for each event gives the same" "$(cat day.wanted)" "$(cat each.got)"
is "and the same log" "$(log desk.state)" "$(log each.state)"
for _ in $(seq 3); do sqlite3 each.state 'DELETE FROM snapshot'; done
is "without snapshots the log gives the same desk" "$(route one.yaml --state desk.state <<<'{"id":"Z","event_id":"z"}')" \
    "$(route one.table --state each.state <<<'{"id":"Z","event_id":"z"}' 2>&1)"
is "how many of the refused lines are old is no matter" 0 "$(route one.yaml --state desk.state </dev/null; echo $?)"

# ---- event_id ----

grep -v '"m6"\|no event' morning.ndjson | grep '"m[1-8]"' >accepted.ndjson
route --seed 5 one.yaml accepted.ndjson accepted.ndjson >/dev/null 2>&1
before=$(log desk.state)
status "a redelivered event answers as before" 0 route one.yaml --state desk.state accepted.ndjson
is "its answer and its drain's, not what was due before it" \
    "$(sql desk.state "SELECT group_concat(rtrim(answer, char(10)), char(10)) FROM event WHERE event_id LIKE 'm%' AND answer <> ''")" "$out"
is "and is not in the log again" "$before" "$(log desk.state)"
like "one that was refused is an event again" '"code":"unknown-ticket"' \
    "$(route one.yaml --state desk.state <<<'{"event":"close","ticket":"T9","event_id":"m6"}')"
like "past the days of --keep it is an event like any other" '^\{"at":"2026-04-01T10:00:00Z","ticket":"T1","status":"[a-z]*"' \
    "$(route one.yaml --state desk.state <<<'{"at":"2026-04-01T10:00:00Z","id":"T1","channel":"email","event_id":"m3"}')"
is "and it is the later one that answers then" \
    "$(sql desk.state "SELECT answer FROM event WHERE event_id = 'm3' ORDER BY seq DESC LIMIT 1")" \
    "$(route one.yaml --state desk.state <<<'{"at":"2026-03-02T10:00:00Z","id":"T1","event_id":"m3"}')"
printf '{"event":"tick","at":"2026-03-02T08:00:00Z","event_id":"x"}\n%.0s' 1 2 >twice.ndjson
route --keep 0 one.yaml --state zero.state twice.ndjson >/dev/null
is "--keep 0 remembers nothing" 2 "$(sql zero.state 'SELECT count(*) FROM event')"

# ---- the log ----

is "the log holds what moved time or state, its time filled in" '1|{"at":"2026-03-02T09:00:00+01:00","event":"online","agent":"anna","event_id":"m1"}|m1
2|{"at":"2026-03-02T08:00:00Z","event":"online","agent":"cleo","event_id":"m2"}|m2
3|{"at":"2026-03-02T08:00:00Z","id":"T1","channel":"email","labels":["refund"],"event_id":"m3"}|m3
4|{"id":"T2","channel":"email","at":"2026-03-02T08:00:00Z","event_id":"m4"}|m4
5|{"at":"2026-03-02T09:05:00+01:00","id":"T3","channel":"email","event_id":"m5"}|m5
6|{"at":"2026-03-02T08:05:00Z","event":"close","ticket":"T9","event_id":"m6"}|
7|{"at":"2026-03-02T09:01:00+01:00","event":"claim","ticket":"T3","agent":"cleo","event_id":"m7"}|m7
8|{"at":"2026-03-02T09:10:00+01:00","id":"T4","channel":"email","event_id":"m8"}|m8' \
    "$(sql desk.state 'SELECT seq, line, event_id FROM event WHERE seq < 9')"
sql each.state 'SELECT line FROM event ORDER BY seq' >log.ndjson
is "replaying the log gives every decision again" "$(grep -v '"not-json"' day.wanted)" \
    "$(route --seed 5 one.table log.ndjson | unnumbered | sed '$d')"
is "its header says whose it is" "shnt1" "$(dd if=desk.state bs=1 skip=68 count=4 2>/dev/null)$(sql desk.state 'PRAGMA user_version')"
{
    printf '{"event":"tick","at":"2026-03-02T08:00:00Z"}\n{"id":"L","body":"'
    head -c $((1048576 - 20)) /dev/zero | tr '\0' x
    printf '"}\n'
} >long.ndjson
route one.yaml --state long.state long.ndjson >long.got 2>&1
sqlite3 long.state 'DELETE FROM snapshot'
status "a line as long as may be is replayed too" 0 route one.yaml --state long.state /dev/null
like "it was one" '^1048[5-6][0-9]*$' "$(sql long.state 'SELECT max(length(line)) FROM event')"
"$SHUNT" route one.yaml --state real.state <<<'{"event":"tick"}'
like "the real time is filled in" '^\{"at":"2[0-9-]*T[0-9:]*Z","event":"tick"\}$' "$(sql real.state 'SELECT line FROM event')"

# ---- settings ----

status "another seed than it was begun with" 2 route --seed 6 one.yaml --state desk.state day.ndjson
like "is told of" 'was begun with --seed 5, which cannot change: leave --seed away' "$err"
status "other days to keep" 2 route --keep 31 one.yaml --state desk.state day.ndjson
like "are told of" 'was begun with --keep 30' "$err"
status "the same said again are no matter" 0 route --seed 5 --keep 30 one.yaml --state desk.state /dev/null

# ---- the next version of the policy ----

cp each.state next.state
route two.yaml --state next.state >next.got </dev/null
like "what the next version changes comes first" '"ticket":"T[0-9]","status":"[a-z]*","team":"[a-z]*"' "$(cat next.got)"
is "it is in the file with its place" "1|0 2|$(sql each.state 'SELECT max(seq) FROM event')" \
    "$(sql next.state "SELECT group_concat(id || '|' || after, ' ') FROM policy")"
is "its table is" "$(sql next.state 'SELECT hex(compiled) FROM policy WHERE id = 2')" \
    "$(od -An -v -tx1 two.table | tr -d ' \n' | tr a-f A-F)"
is "it is taken up once" "" "$(route two.yaml --state next.state </dev/null)"
probe='{"id":"P","channel":"email","event_id":"p"}'
cp next.state replayed.state
sqlite3 replayed.state 'DELETE FROM snapshot'
route two.table --state next.state --figures next.json <<<"$probe" >next.got
route two.table --state replayed.state --figures replayed.json <<<"$probe" >replayed.got
is "replay takes it up at the same place" "$(cat next.got next.json)" "$(cat replayed.got replayed.json)"
route one.yaml --state next.state </dev/null >back.got
is "and one may go back" 3 "$(sql next.state 'SELECT count(*) FROM policy')"
route one.yaml --state fresh.state </dev/null
route two.yaml --state fresh.state </dev/null
status "before any event too" 0 route two.yaml --state fresh.state --figures fresh.json /dev/null

# ---- two at once ----

mkfifo events
route one.yaml --state busy.state <events >busy.got &
exec 7>events
echo '{"event":"tick","at":"2026-03-02T08:00:00Z","event_id":"b1"}' >&7
echo '{"id":"B1","channel":"email","event_id":"b2"}' >&7
for _ in $(seq 500); do [ -s busy.got ] || sleep 0.02; done
cp busy.state copied.state
status "two at once: the second ends" 2 route one.yaml --state busy.state day.ndjson
like "and says why" '^shunt route: busy.state: is in use by another shunt: end that one first' "$err"
ln -s busy.state link.state
status "by another name too" 2 route one.yaml --state ./link.state /dev/null
is "sqlite3 may read meanwhile" 2 "$(sqlite3 busy.state 'SELECT count(*) FROM event')"
sqlite3 busy.state ".backup backup.state"
exec 7>&-
wait
status "then it is free" 0 route one.yaml --state busy.state /dev/null
is "what was answered is in the file itself" "$(log busy.state)" "$(log copied.state)"
for copy in copied backup; do
    status "a copy made meanwhile carries on: $copy" 0 route one.yaml --state $copy.state --figures $copy.json /dev/null
done

# ---- what is no state file ----

# left NAME FILE PATTERN: refused with such a message, and left as it is; nothing is beside it
left() {
    local sum beside
    sum=$(cksum <"$2")
    beside=$(echo "$2"*)
    status "$1" 2 route one.yaml --state "$2" day.ndjson
    like "$1: it says so" "$3" "$err"
    is "$1: nothing is answered" "" "$out"
    is "$1: it is left as it is" "$sum $beside" "$(cksum <"$2") $(echo "$2"*)"
}
echo 'not a database, but long enough to be taken for the beginning of one: it has more than a hundred bytes in all' >text.state
left "a text" text.state 'is no state file of shunt'
echo short >short.state
left "a short text" short.state 'is no state file of shunt'
: >empty.state
left "an empty file" empty.state 'is empty, and no state file of shunt: delete it to begin a new one'
sqlite3 other.state 'CREATE TABLE t(x); INSERT INTO t VALUES(1)'
left "another program's database" other.state 'a database of another program'
cp each.state newer.state
sqlite3 newer.state 'PRAGMA user_version = 2'
left "a newer version's" newer.state 'written by a newer version of shunt'
cp each.state tabled.state
sqlite3 tabled.state 'CREATE TABLE mine(x)'
left "one with a table of somebody else" tabled.state 'that shunt did not make: drop them'
cp one.table table.state
left "a compiled table" table.state 'is no state file of shunt'
cp each.state half.state-wal
status "a -wal without its file" 2 route one.yaml --state half.state day.ndjson
like "a -wal without its file: it says so" 'is not there, but its -wal file is' "$err"
is "a -wal without its file: nothing is begun" "half.state-wal" "$(echo half.state*)"
mkdir folder.state
status "a folder" 2 route one.yaml --state folder.state /dev/null
status "a folder that is not there" 2 route one.yaml --state none/desk.state /dev/null
status "a file where a folder should be" 2 route one.yaml --state one.yaml/desk.state /dev/null
like "a file where a folder should be: it says so" 'one.yaml/desk.state: cannot be looked at: Not a directory' "$err"
ln -s nowhere.state dangling.state
status "a link to nowhere" 2 route one.yaml --state dangling.state /dev/null
cp half.state-wal half.state-journal
rm half.state-wal
status "a -journal without its file" 2 route one.yaml --state half.state day.ndjson
is "a -journal without its file: nothing is begun" "half.state-journal" "$(echo half.state*)"

# What a kill, or a power cut, left of a beginning: nothing, zeros, the first bytes, the first page, all but the name.
# Until it is complete it is not in WAL mode.
status "a state without an event" 0 route one.yaml --state begun.state /dev/null
cp begun.state whole.begun
printf '\1\1' | dd of=whole.begun bs=1 seek=18 conv=notrunc 2>/dev/null
for left in 0 7 20 100 5000 100000; do
    rm begun.state
    head -c "$left" whole.begun >begun.state-new
    status "$left bytes of a beginning are no matter" 0 route one.yaml --state begun.state --figures begun.json /dev/null
    is "and are gone" "begun.state" "$(echo begun.state*)"
done
mv begun.state begun.state-new
status "nor is one that is complete" 0 route one.yaml --state begun.state /dev/null
rm begun.state
head -c 4096 /dev/zero >begun.state-new
status "nor is one that was not written" 0 route one.yaml --state begun.state /dev/null

# kept NAME: what lies at taken.state-new is not a beginning, and taken.state is not begun
kept() {
    cp taken.state-new taken.before
    status "$1 at FILE-new" 2 route one.yaml --state taken.state day.ndjson
    like "$1 at FILE-new: it says so" 'is no file that was being begun: move that away' "$err"
    status "$1 at FILE-new is as it was" 0 cmp taken.before taken.state-new
    is "$1 at FILE-new: nothing is begun" "taken.state-new" "$(echo taken.state*)"
    rm taken.state-new
}
cp each.state taken.state-new
kept "a desk that is called so"
head -c 8192 each.state >taken.state-new
kept "half a desk"
sqlite3 each.state "VACUUM INTO 'taken.state-new'"
kept "a copy of a desk"
cp other.state taken.state-new
kept "another program's database"
cp text.state taken.state-new
kept "a text"
printf 'a note' >taken.state-new
kept "a short text"
ln -s text.state taken.state-new
kept "a link"
ln -s elsewhere.state taken.state-new
status "a link to nowhere at FILE-new" 2 route one.yaml --state taken.state day.ndjson
like "a link to nowhere at FILE-new: it says so" 'is no file that was being begun: move that away' "$err"
is "a link to nowhere at FILE-new: nothing is begun, there or here" "taken.state-new" "$(find . -name 'taken.state*' -printf %f -o -name 'elsewhere.state*' -printf %f)"
rm taken.state-new
cp begun.state taken.state-new
printf 'what was answered' >taken.state-new-wal
status "a desk in use at FILE-new" 2 route one.yaml --state taken.state day.ndjson
is "a desk in use at FILE-new: nothing is begun" "taken.state-new taken.state-new-wal" "$(echo taken.state*)"

# ---- damaged ----

# damaged NAME SQL: a row that no shunt wrote
damaged() {
    cp next.state damaged.state
    sqlite3 damaged.state "PRAGMA journal_mode = WAL; $2" >/dev/null
    left "damaged: $1" damaged.state 'is damaged \(.*\); it is left as it is'
}
damaged "a seed" "UPDATE settings SET seed = '6'"
damaged "days to keep" "UPDATE settings SET keep_days = 31"
damaged "no settings" "DELETE FROM settings"
damaged "two settings" "INSERT INTO settings SELECT 2, seed, keep_days, customers_max, crc FROM settings"
damaged "a policy's place" "UPDATE policy SET after = 3 WHERE id = 2"
damaged "a policy's table" "UPDATE policy SET compiled = zeroblob(100) WHERE id = 1"
damaged "a policy is gone" "DELETE FROM policy WHERE id = 1"
damaged "an event's time" "UPDATE event SET at = at + 1 WHERE seq = 5"
damaged "an event's line" "UPDATE event SET line = replace(line, 'T3', 'T8') WHERE seq = 5"
damaged "a line that is none" "UPDATE event SET line = NULL WHERE seq = 99; UPDATE event SET line = x'00' WHERE seq = 5"
damaged "an event's id" "UPDATE event SET event_id = 'm0' WHERE seq = 5"
damaged "an event's answer" "UPDATE event SET answer = '' WHERE seq = 5"
damaged "an event's answer is gone" "UPDATE event SET answer = NULL WHERE seq = 5"
damaged "an event is gone" "DELETE FROM event WHERE seq = 5"
damaged "the first event is gone" "DELETE FROM event WHERE seq = 1"
damaged "the last events are gone" "DELETE FROM event WHERE seq > 12"
damaged "an event of nobody" "INSERT INTO event SELECT seq + 1, at, line, NULL, NULL, crc FROM event ORDER BY seq DESC LIMIT 1"
damaged "a snapshot" "UPDATE snapshot SET desk = zeroblob(length(desk))"
damaged "a snapshot's place" "UPDATE snapshot SET after = after - 1 WHERE after = (SELECT min(after) FROM snapshot)"
damaged "a snapshot's policy" "UPDATE snapshot SET policy = 1"
damaged "an index is gone" "DROP INDEX event_by_id"
damaged "another index" "DROP INDEX event_by_id; CREATE INDEX event_by_id ON event(line) WHERE event_id IS NOT NULL"
damaged "a table is gone" "DROP TABLE snapshot"
cp next.state cut.state
truncate -s -100 cut.state
left "cut off" cut.state 'is damaged'
cp next.state cut.state
truncate -s 8192 cut.state
left "cut off at a page" cut.state 'is damaged'
sqlite3 each.state "VACUUM INTO 'vacuumed.state'"
status "a copy by VACUUM INTO is whole" 0 route one.table --state vacuumed.state --figures vacuumed.json /dev/null
printf x >vacuumed.state-journal
left "beside a -journal of another program" vacuumed.state 'has a -journal file beside it'
rm -f vacuumed.state-journal
# The header, byte by byte: the length of a page, who may write and who may read, the version.
for edit in '16 \0000\0003' '16 \0001\0000' '16 \0003\0000' '18 \0003' '19 \0001' '60 \0000\0000\0000\0000'; do
    cp next.state header.state
    printf '%b' "${edit#* }" | dd of=header.state bs=1 seek="${edit% *}" conv=notrunc 2>/dev/null
    left "header changed at $edit" header.state 'is damaged \(its header has been changed\)'
done
printf '\000\000\000\143' | { cp next.state header.state; dd of=header.state bs=1 seek=60 conv=notrunc 2>/dev/null; }
left "a newer version's" header.state 'was written by a newer version of shunt \(format 99'
