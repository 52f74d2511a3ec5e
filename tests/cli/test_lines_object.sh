#!/usr/bin/env bash
# The fast reader of JSON lines is an object of its own: loaded where there is much to read, and only then; and whichever reads,
# the answers are the same.
# shellcheck source=tests/test_shell.bash
. tests/test_shell.bash
object=$top/$BUILD/shunt-lines.so
if [ ! -f "$object" ]; then
    echo "ok one reader, or both in the program: nothing is loaded"
    exit 0
fi

cat >p.yaml <<'P'
shunt: 1
agents: {ann: {}}
teams: {t: {agents: [ann]}, u: {agents: [ann]}}
fields: {n: number, m: number}
otherwise: t
rules:
  - {rule: r, when: labels has a, to: u}
  - {rule: s, when: n > 99 and m > 99, to: u}
P
"$SHUNT" compile --quiet p.yaml -o p.table
# Lines of all kinds, right and wrong.
awk 'BEGIN {
    for (i = 0; i < 40; i++) {
        printf "{\"event\":\"ticket\",\"id\":\"T%d\",\"at\":\"2026-03-02T10:00:%02dZ\",\"labels\":[\"%s\",\"\\u00e9\"],\"n\":%d.5e-3}\n", i, i, i % 3 ? "a" : "b", i
        if (i % 10 == 5) print "{\"id\":\"x\",\"id\":\"y\"}"
        if (i % 10 == 7) print "{\"id\":\"\\ud800\"}"
        if (i % 10 == 8) print "{\"id\":01}"
        if (i % 10 == 9) print "no JSON"
    }
}' >short
for _ in {1..60}; do cat short; done >long
is "a short input and a long one" "yes yes" "$([ "$(stat -c %s short)" -le 131072 ] && echo yes) $([ "$(stat -c %s long)" -gt 131072 ] && echo yes)"

# loaded COMMAND...: whether the loader had to do with the object
loaded() { LD_DEBUG=files "$@" 2>&1 >/dev/null | grep -q 'calling init:.*shunt-lines' && echo loaded || echo not; }
is "short: not loaded" not "$(loaded "$SHUNT" match p.table short)"
is "long: loaded" loaded "$(loaded "$SHUNT" match p.table long)"
is "route, short: not loaded" not "$(loaded "$SHUNT" route p.table short)"
is "route, long: loaded" loaded "$(loaded "$SHUNT" route p.table long)"
is "route, a short one to a long state: loaded" loaded \
    "$("$SHUNT" route --state s.state p.table long >/dev/null 2>&1; loaded "$SHUNT" route --state s.state p.table short)"
is "standard input, short: not loaded" not "$(loaded "$SHUNT" match p.table <short)"
# A pipe that stays open until the answers are there; one whose writer has gone.
mkfifo pipe
LD_DEBUG=files "$SHUNT" match p.table <pipe 2>debug >answered &
exec 3>pipe
cat short >&3
for _ in {1..600}; do [ -s answered ] && break; sleep 0.05; done
exec 3>&-
wait $!
is "a pipe that is still written to: loaded" 1 "$(grep -c 'calling init:.*shunt-lines' debug)"
exec 4< <(cat short)
wait $!
is "a pipe that has ended, short: not loaded" not "$(loaded "$SHUNT" match p.table <&4)"
exec 4<&-
is "a pipe, long: loaded" loaded "$(cat long | loaded "$SHUNT" match p.table)"
is "nothing to read: not loaded" "not not" "$(loaded "$SHUNT" match p.table /dev/null) $(loaded "$SHUNT" match p.table </dev/null)"
is "what reads no lines does not load it" not "$(loaded "$SHUNT" check --quiet p.yaml)"
is "diff --tickets, long: loaded" loaded "$(loaded "$SHUNT" diff p.yaml p.yaml --tickets long)"

# The same program, installed: beside it nothing, something that is no object, one of another version, one that anybody may
# write, the right one.
mkdir -p usr/bin usr/lib/shunt
cp "$SHUNT" usr/bin/shunt
answers() {
    for command in match 'match --jobs 2' 'route --seed 1'; do
        for input in short long; do
            # shellcheck disable=SC2086 # words
            "$1" $command p.table $input 2>&1
            echo "status $?"
        done
    done | md5sum
}
right=$(answers "$SHUNT")
placed=usr/lib/shunt/shunt-lines.so
is "no object: the same answers" "$right not" "$(answers usr/bin/shunt) $(loaded usr/bin/shunt match p.table long)"
# And what is kept: numbers are, as they were read.
sed 's/"n":\([0-9]*\)/"m":-0,"n":\1/' long >numbers
kept() {
    "$1" route --virtual-time --seed 1 --state "$2" p.table numbers >/dev/null 2>&1
    sqlite3 -readonly "$2" .dump | grep -v 'INTO settings'
}
is "no object: the same state" "$(kept "$SHUNT" fast.state | md5sum)" "$(kept usr/bin/shunt plain.state | md5sum)"
is "in which there are tickets" yes "$([ "$(kept "$SHUNT" again.state | wc -c)" -gt 100000 ] && echo yes)"
cp "$object" $placed
is "installed in ../lib/shunt: loaded, the same answers" "$right loaded" "$(answers usr/bin/shunt) $(loaded usr/bin/shunt match p.table long)"
chmod o+w $placed
is "that anybody may write: not loaded" "$right not" "$(answers usr/bin/shunt) $(loaded usr/bin/shunt match p.table long)"
echo "no object" >$placed
chmod 755 $placed
is "no object at all: the same answers" "$right" "$(answers usr/bin/shunt)"
cat >other.c <<'C'
struct { long version; void *make, *free, *read; } json_fast = {1, 0, 0, 0};
C
cc -shared -fPIC -o $placed other.c
is "of another version: not used" "$right" "$(answers usr/bin/shunt)"
rm $placed
if [ "$(id -u)" -eq 0 ] && chown nobody usr/bin/shunt 2>/dev/null; then
    cp "$object" $placed && chown daemon $placed
    is "somebody else's: not loaded" not "$(loaded usr/bin/shunt match p.table long)"
    cp "$object" usr/object && rm $placed && ln -s "$work/usr/object" $placed
    is "a link: not loaded" not "$(loaded usr/bin/shunt match p.table long)"
    rm $placed && cp "$object" $placed
    is "root's again: loaded" loaded "$(loaded usr/bin/shunt match p.table long)"
    chmod g+w $placed
    is "for its group to write: not loaded" not "$(loaded usr/bin/shunt match p.table long)"
    chmod g-w $placed && chmod o+w usr/lib/shunt
    is "in a folder that anybody may write: not loaded" not "$(loaded usr/bin/shunt match p.table long)"
    chmod o-w usr/lib/shunt && chown daemon usr/lib/shunt
    is "in somebody else's folder: not loaded" not "$(loaded usr/bin/shunt match p.table long)"
fi
