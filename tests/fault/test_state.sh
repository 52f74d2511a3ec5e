#!/usr/bin/env bash
# The state file when things go wrong: killed at random instants, damaged in random places, on a disk that is full
# (commands.md 7). What fails call by call, and allocation by allocation, is in test_calls.sh and test_memory.sh.
# shellcheck source=tests/test_shell.bash disable=SC2154
. tests/test_shell.bash
export LC_ALL=C
tools=$top/$BUILD/tests/fault
case $BUILD in # sanitizers make each start slow
*asan*) kills=20 flips=25 rounds=4 ;;
*) kills=200 flips=90 rounds=15 ;;
esac
kills=${SHUNT_STATE_KILLS:-$kills}

cat >policy.yaml <<'YAML'
shunt: 1
timezone: Europe/Stockholm
labels: [refund]
hours: {office: {weekly: {mon-fri: 09:00-17:00}}}
agents: {anna: {limits: {email: 4}}, bo: {limits: {email: 4}}, cleo: {}}
teams:
  billing: {agents: [anna, bo], takes: {labels: refund}, hours: office, after_hours: hold, sticky: true}
  general: {agents: [anna, bo, cleo], assign: random}
otherwise: [billing, {team: general, after: 10m}]
YAML
sed 's/cleo: {}/cleo: {}, dora: {}/; s/bo, cleo\]/bo, cleo, dora]/' policy.yaml >next.yaml
for policy in policy next; do "$SHUNT" compile --quiet $policy.yaml -o $policy.table 2>/dev/null; done

# events COUNT PAD: each is accepted, whatever the strategies pick: agents come and go, tickets come, are answered, put
# elsewhere and closed; a note that nobody reads makes lines long
events() {
    awk -v count="$1" -v pad="$2" 'BEGIN {
        for (i = 0; i < pad; i++) note = note "x"
        split("anna bo cleo", agent, " ")
        for (i = 1; i <= count; i++) {
            s = i * 90
            printf "{\"event_id\":\"e%d\",\"at\":\"2026-03-%02dT%02d:%02d:%02dZ\",\"note\":\"%s\",", i, 2 + int(s / 86400), int(s / 3600) % 24, int(s / 60) % 60, s % 60, note
            who = agent[1 + int(i / 7) % 3]
            old = i - 40 - (i - 40) % 7 + 2
            if (i % 7 == 1) printf "\"event\":\"%s\",\"agent\":\"%s\"}\n", i % 5 ? "online" : "offline", who
            else if (i > 60 && i % 7 == 6) printf "\"event\":\"close\",\"ticket\":\"T%d\"}\n", old
            else if (i > 60 && i % 7 == 3) printf "\"event\":\"reply\",\"ticket\":\"T%d\",\"agent\":\"%s\"}\n", old + 14, who
            else if (i > 60 && i % 7 == 4) printf "\"event\":\"assign\",\"tickets\":[\"T%d\"],\"team\":\"general\"}\n", old + 21
            else printf "\"id\":\"T%d\",\"channel\":\"%s\",\"customer\":\"c%d\",\"labels\":[%s]}\n", i, i % 3 ? "email" : "webchat", i % 11, i % 4 ? "" : "\"refund\""
        }
    }'
}
events 2000 2400 >long.ndjson
events 250 10 >short.ndjson
log() { sqlite3 -readonly "$1" 'SELECT * FROM event ORDER BY seq; SELECT * FROM policy'; }

# ---- killed ----

# killed NAME EVENTS KILLS SEED
killed() {
    rm -f calm.state* killed.state*
    like "$1" '^[0-9]+ kills, [0-9]+ events, [0-9]+ redelivered' \
        "$("$tools/kill_state" "$SHUNT" policy.table "$2" calm.state killed.state "$3" "$4" 2>&1)"
    is "$1: the log of an undisturbed run" "$(log calm.state | cksum)" "$(log killed.state | cksum)"
    for state in calm killed; do
        "$SHUNT" route next.table --virtual-time --state $state.state --figures $state.json </dev/null >$state.got
    done
    is "$1: its figures, and what the next policy makes of it" "$(cat calm.json calm.got)" "$(cat killed.json killed.got)"
}
killed "killed under load, snapshots among it" long.ndjson $((kills / 2)) 1
killed "killed with short lines" short.ndjson $((kills / 2)) 2

# One that is killed once all is answered has had no end to write a snapshot at.
mkfifo all
"$SHUNT" route policy.table --virtual-time --state all.state <all >all.got &
exec 8>all
{ cat long.ndjson; echo none; } >&8
for i in $(seq 1500); do grep -q not-json all.got || sleep 0.02; done
kill -9 $!
exec 8>&-
wait $! 2>/dev/null
like "a long run writes snapshots on its way" '^[1-9][0-9]*$' "$(sqlite3 all.state 'SELECT max(after) FROM snapshot')"

# Killed while the next version is taken up: it is there once, or not yet.
"$SHUNT" route policy.table --virtual-time --state before.state short.ndjson >/dev/null
cp before.state wanted.state
"$SHUNT" route next.table --virtual-time --state wanted.state </dev/null >/dev/null
for i in $(seq $rounds); do
    cp before.state taken.state
    rm -f taken.state-*
    "$SHUNT" route next.table --virtual-time --state taken.state </dev/null >/dev/null &
    sleep "0.0$((i * 2 % 10))$i"
    kill -9 $! 2>/dev/null
    wait $! 2>/dev/null
    "$SHUNT" route next.table --virtual-time --state taken.state </dev/null >/dev/null || echo "status $?"
    cmp -s <(log taken.state) <(log wanted.state) || echo "another log"
done >taken.got 2>/dev/null
is "killed while the next version is taken up" "" "$(cat taken.got)"

# Killed while it is begun: there is nothing, or a whole file.
for i in $(seq $rounds); do
    rm -f new.state*
    "$SHUNT" route policy.table --virtual-time --state new.state </dev/null >/dev/null &
    sleep "0.00$i"
    kill -9 $! 2>/dev/null
    wait $! 2>/dev/null
    if [ -e new.state ] && [ ! -s new.state ]; then echo "an empty file"; fi
    "$SHUNT" route policy.table --virtual-time --state new.state </dev/null || echo "status $?"
    if [ -e new.state-new ]; then echo "something is left"; fi
done >new.got 2>/dev/null
is "killed while it is begun" "" "$(cat new.got)"

# ---- damaged ----

{
    head -3 short.ndjson
    sed 's/"e\([0-9]*\)"/"f\1"/; s/"id":"T/"id":"U/' short.ndjson | tail -6
} >probes.ndjson
like "damaged in random places" ' refused$' \
    "$("$tools/damage_state" "$SHUNT" policy.table before.state probes.ndjson $flips 1 2>&1)"
mkfifo pipe
"$SHUNT" route policy.table --virtual-time --state torn.state <pipe >torn.got &
exec 7>pipe
head -100 short.ndjson >&7
for i in $(seq 500); do grep -q '"T100"' torn.got || sleep 0.02; done
tail -n +101 short.ndjson | head -20 >&7
sleep 0.05
kill -9 $!
exec 7>&-
wait $! 2>/dev/null
is "a kill leaves a -wal" "torn.state-wal" "$(ls torn.state-wal)"
like "damaged after a kill, its -wal too" ' refused$' \
    "$("$tools/damage_state" "$SHUNT" policy.table torn.state probes.ndjson $flips 2 2>&1)"

# ---- the disk ----

# A file that may not grow, in the middle of a long run. 24 kB are its beginning.
(ulimit -f 600 && exec "$SHUNT" route policy.table --virtual-time --state limit.state long.ndjson) >limit.got 2>limit.err
is "no room in the middle: status 2" 2 $?
like "no room in the middle: it says so" 'limit.state: (the disk is full|cannot be read or written: File too large)' "$(cat limit.err)"
"$SHUNT" route policy.table --virtual-time --state limit.state long.ndjson >limit.got 2>&1
is "no room in the middle: then all is there" 2000 "$(sqlite3 limit.state 'SELECT count(*) FROM event')"

# ---- two writers ----

# Begun by two at once: one has it, whose file is whole; the other is told so, or comes after and is answered the same.
for i in $(seq $rounds); do
    rm -f two.state*
    for who in a b; do
        "$SHUNT" route policy.table --virtual-time --state two.state short.ndjson >two.$who 2>two.$who.err &
    done
    wait
    for who in a b; do
        if [ -s two.$who.err ] && ! grep -q 'is in use by another shunt' two.$who.err; then cat two.$who.err; fi
    done
    if [ -s two.a.err ] && [ -s two.b.err ]; then echo "neither has it"; fi
    [ "$(sqlite3 two.state 'SELECT count(*) FROM event')" -eq 250 ] || echo "another count"
    if [ -e two.state-new ]; then echo "something is left"; fi
done >two.got 2>&1
is "two that begin it at once" "" "$(cat two.got)"

# A disk that is really full, then read-only: where one may be mounted. It is seen here alone, and gone with the shell.
mkdir small
cat >small.sh <<'SH'
mount -t tmpfs -o size=1m none small || exit 77
tell() { echo "$1: status $2, $(cat said.txt)"; }
"$SHUNT" route policy.table --virtual-time --state small/desk.state long.ndjson >small.got 2>said.txt
tell "full" $?
head -n "$(grep -c . small.got)" small.got | cmp -s - <(head -n "$(grep -c . small.got)" small.wanted) || echo "other answers"
cp policy.table small/a.table 2>/dev/null || { rm -f small/a.table; head -c 100 policy.table >small/a.table; }
cksum <small/a.table >before.txt
dd if=/dev/zero of=small/rest bs=1k 2>/dev/null
"$SHUNT" compile --quiet --allow W1016 next.yaml -o small/a.table 2>said.txt
tell "compile" $?
cksum <small/a.table | cmp -s - before.txt || echo "the table is another"
ls small | grep -v -e '^desk.state' -e '^rest$' -e '^a.table$'
rm small/rest
mount -o remount,size=64m small
"$SHUNT" route policy.table --virtual-time --state small/desk.state long.ndjson >/dev/null 2>said.txt
tell "room again" $?
sqlite3 small/desk.state 'SELECT count(*) FROM event'
cksum small/desk.state >before.txt
mount -o remount,ro small
"$SHUNT" route policy.table --virtual-time --state small/desk.state short.ndjson >small.got 2>said.txt
tell "read-only" $?
"$SHUNT" route policy.table --virtual-time --state small/new.state short.ndjson >>small.got 2>said.txt
tell "begun on it" $?
cksum small/desk.state | cmp -s - before.txt || echo "the file is another"
cat small.got
SH
"$SHUNT" route policy.table --virtual-time long.ndjson >small.wanted
got=$(SHUNT=$SHUNT unshare -m bash small.sh 2>small.err)
if [ $? -eq 77 ] || grep -q -e unshare: -e 'mount: .*permission denied' small.err; then
    echo "ok nothing can be mounted here: the disk that is really full is left out"
else
    is "a disk that is really full, then read-only" "full: status 2, shunt route: small/desk.state: the disk is full: make room, and start again
compile: status 2, shunt compile: cannot write small/a.table: No space left on device
room again: status 0, 
2000
read-only: status 2, shunt route: small/desk.state: cannot be opened for writing: Read-only file system
begun on it: status 2, shunt route: small/new.state: cannot be opened for writing: Read-only file system" "$got"
fi
