#!/usr/bin/env bash
# Limits of what comes in lines (commands.md 5, desk.md 1.4), at N and at N + 1: answered, or refused with that line's
# number and code while the others are answered.
# shellcheck source=tests/test_shell.bash
. tests/test_shell.bash

cat >p.yaml <<'YAML'
shunt: 1
teams: {t: {}}
otherwise: t
YAML

# line LENGTH ID: a ticket of so many bytes
line() {
    local head="{\"id\":\"$2\",\"at\":\"2026-03-02T10:00:00Z\",\"body\":\"" tail='"}'
    printf '%s' "$head"
    head -c $(($1 - ${#head} - ${#tail})) /dev/zero | tr '\0' x
    printf '%s\n' "$tail"
}
most=$((1 << 20))
too_long='{"error":{"line":2,"code":"line-too-long","message":"the line is longer than 1 MiB"}}'
{ line 100 A && line $most B && line 100 C; } >n.ndjson
{ line 100 A && line $((most + 1)) B && line 100 C; } >past.ndjson
for command in match "match --jobs 2" "route --virtual-time"; do
    # shellcheck disable=SC2086 # words
    status "commands.md 5: $command: a line of 1 MiB" 0 "$SHUNT" $command p.yaml n.ndjson
    is "commands.md 5: $command: it is answered" '"A" "B" "C"' "$(grep -oE '"ticket":"."' <<<"$out" | cut -d: -f2 | xargs -d'\n')"
    # shellcheck disable=SC2086
    status "commands.md 5: $command: a line of 1 MiB and a byte" 1 "$SHUNT" $command p.yaml past.ndjson
    is "commands.md 5: $command: it is an error line" "$too_long" "$(sed -n 2p <<<"$out")"
    is "commands.md 5: $command: the others are answered" '"A" "C"' "$(grep -oE '"ticket":"."' <<<"$out" | cut -d: -f2 | xargs -d'\n')"
done
for ending in '\r\n' ''; do
    line $most B | tr -d '\n' >one.ndjson
    # shellcheck disable=SC2059 # the ending is the format
    printf "$ending" >>one.ndjson
    status "commands.md 5: a line's end is not counted ('$ending')" 0 "$SHUNT" match p.yaml one.ndjson
done

# nested DEPTH: a ticket that is nested so deep, its own object counted
nested() {
    printf '{"id":"A","at":"2026-03-02T10:00:00Z","x":%s%s}\n' "$(printf '[%.0s' $(seq $(($1 - 1))))" "$(printf ']%.0s' $(seq $(($1 - 1))))"
}
for command in match "route --virtual-time"; do
    nested 64 >n.ndjson
    nested 65 >past.ndjson
    # shellcheck disable=SC2086
    status "desk.md 1.4: $command: 64 deep" 0 "$SHUNT" $command p.yaml n.ndjson
    # shellcheck disable=SC2086
    status "desk.md 1.4: $command: 65 deep" 1 "$SHUNT" $command p.yaml past.ndjson
    like "desk.md 1.4: $command: it is an error line" '^\{"error":\{"line":1,"code":"too-deep",' "$out"
done

# An instant is one of the years 0000 to 9999 in UTC, whatever its offset says: in a line, as --at, in a test.
echo '{"id":"A"}' >timeless.ndjson
# timed AT STATUS WHAT: where a time is said
timed() {
    echo "{\"id\":\"A\",\"at\":\"$1\"}" >n.ndjson
    printf 'shunt-test: 1\npolicy: p.yaml\ntests:\n  - name: one\n    at: %s\n    ticket: {id: A}\n    expect: {team: t}\n' "$1" >timed.test.yaml
    status "desk.md 1.1: match: a line $3" "$(($2 ? 1 : 0))" "$SHUNT" match p.yaml n.ndjson
    status "desk.md 1.1: route: a line $3" "$(($2 ? 1 : 0))" "$SHUNT" route --virtual-time p.yaml n.ndjson
    status "commands.md 6: match --at $3" "$2" "$SHUNT" match --at "$1" p.yaml timeless.ndjson
    status "explain --at $3" "$2" "$SHUNT" explain --at "$1" p.yaml timeless.ndjson
    status "diff --at $3" "$2" "$SHUNT" diff --at "$1" --tickets timeless.ndjson p.yaml p.yaml
    status "test: a ticket $3" "$(($2 ? 1 : 0))" "$SHUNT" test timed.test.yaml
}
timed 0000-01-01T00:00:00Z 0 "of the first instant"
timed 0000-01-01T00:00:00+00:01 2 "a minute before it"
timed 9999-12-31T23:59:59Z 0 "of the last instant"
timed 9999-12-31T23:59:00-00:01 2 "a second behind it"

# Where addresses are bounded a second thread's malloc() finds none, and tried anew at each call: 44 s for 100,000 rules. Nor
# with sanitizers, which need more of them than there is memory. So many rules, and bytes (4 MiB), that there are two.
many_rules() {
    printf 'shunt: 1\nteams: {t: {}}\notherwise: t\nrules:\n'
    seq 31000 | sed "s/.*/- {rule: r&, when: labels has l&, to: t} # $(printf '%0100d' 0)/"
}
many_rules >many.yaml
status "a policy that threads compile" 0 "$SHUNT" compile --quiet many.yaml -o many.table
bounded() { (ulimit -v 200000 && "$SHUNT" "$@"); }
if bounded --version >/dev/null 2>&1; then
    status "the same within 200 MB of addresses" 0 bounded compile --quiet many.yaml -o bounded.table
    is "is the same table" "$(sha256sum <many.table)" "$(sha256sum <bounded.table)"
fi
