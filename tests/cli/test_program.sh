#!/usr/bin/env bash
# The program as a whole: commands.md 1 to 5, its files and its streams.
# shellcheck source=tests/test_shell.bash disable=SC2154
. tests/test_shell.bash

cat >good.yaml <<'YAML'
shunt: 1
timezone: Europe/Stockholm
labels: [refund, billing]
fields: {plan: [free, pro], note: text, size: number, paid: bool, tags: set}
hours: {office: {weekly: {mon-fri: 09:00-17:00}}}
agents: {anna: {skills: [money]}}
teams:
  billing: {agents: [anna], takes: {labels: billing}}
  general: {agents: [anna]}
rules:
  - {rule: r, when: labels has refund and during office, require: {skills: money}, raise: {priority: high}, add: {labels: refund}, to: [billing, {team: general, after: 2h of office}, {agent: anna, after: 1d}, {unassigned: true, after: 2d}]}
  - {rule: p, when: 'plan == pro or size > 5 or paid or tags has x or note contains "hi"', to: {agent: anna}}
otherwise: unassigned
YAML
cat >bad.yaml <<'YAML'
shunt: 1
labels: [refund]
teams: {t: {agents: all}}
agents: [anna]
rules:
  - rule: r
    when: labels has refnd
    to: t
otherwise: t
YAML
cat >warned.yaml <<'YAML'
shunt: 1
agents: [anna, bo]
teams: {t: {agents: [anna]}}
otherwise: t
YAML

# ---- help, usage, status ----
status "commands_2 --version" 0 "$SHUNT" --version
like "commands_2 the version is the library's" '^shunt [0-9]+\.[0-9]+\.[0-9]+$' "$out"
status "commands_2 --version with a command" 0 "$SHUNT" check --version
status "commands_2 --help" 0 "$SHUNT" --help
overview=$out
for command in check compile match route fmt convert dump; do
    like "the overview lists $command" "^  $command " "$overview"
    status "commands_2 $command --help" 0 "$SHUNT" $command --help
    like "$command's help shows its use" "^Usage: shunt $command " "$out"
    is "$command's help goes to standard output" "" "$err"
    is "$command's help is plain text" "" "$(tr -d '\n -~' <<<"$out")"
    status "commands_1 $command without arguments is a usage error" 2 "$SHUNT" $command
    is "$command's usage error answers nothing" "" "$out"
    status "$command refuses an unknown option" 2 "$SHUNT" $command --nonsense x
done
status "commands_1 no command at all" 2 "$SHUNT"
status "an unknown command" 2 "$SHUNT" chekc good.yaml
like "an unknown command gets a hint" 'did you mean check' "$err"
status "an unknown option gets a hint" 2 "$SHUNT" check --formt json good.yaml
like "the hint names the option" 'did you mean --format' "$err"
status "an option that needs a value" 2 "$SHUNT" check good.yaml --format
status "a switch takes no value" 2 "$SHUNT" check --pedantic=yes good.yaml
status "an option said twice" 2 "$SHUNT" check --format json --format sarif good.yaml
status "a format that is none" 2 "$SHUNT" check --format xml good.yaml
like "the formats are named" 'human, json, sarif or github' "$err"
cp good.yaml ./--odd.yaml
status "after -- nothing is an option" 0 "$SHUNT" check -- --odd.yaml

# ---- check ----
status "commands_1 check of a good policy" 0 "$SHUNT" check good.yaml
is "check answers nothing on standard output" "" "$out"
status "commands_1 check of a wrong one" 1 "$SHUNT" check bad.yaml
is "commands_3 the diagnostic for people" 'bad.yaml:7:22: error[E0201]: no label "refnd" is declared
    7 |     when: labels has refnd
      |                      ^^^^^ did you mean "refund"?
bad.yaml: 1 error, no warnings' "$(sed 's/E0[0-9]*/E0201/' <<<"$err")"
status "commands_1 check of a file that is not there" 2 "$SHUNT" check nowhere.yaml
like "a missing file is a diagnostic too" 'nowhere.yaml:1:1: error\[E0001\]' "$err"
status "check of several: the worst status" 1 "$SHUNT" check good.yaml bad.yaml warned.yaml
status "commands warnings are no errors" 0 "$SHUNT" check warned.yaml
like "a warning" 'warning\[W[0-9]+\]' "$err"
code=$(sed -n 's/.*warning\[\(W[0-9]*\)\].*/\1/p' <<<"$err" | head -n 1)
status "commands --deny warnings" 1 "$SHUNT" check --deny warnings warned.yaml
status "commands --allow CODE" 0 "$SHUNT" check --deny=warnings --allow "$code" warned.yaml
is "an allowed warning is not counted" "warned.yaml: no errors, no warnings" "$err"
status "an error cannot be allowed" 2 "$SHUNT" check --allow E0001 good.yaml
status "a code that is none cannot be allowed" 2 "$SHUNT" check --allow W9999 good.yaml
status "commands_2 --quiet says no summary" 0 "$SHUNT" check --quiet good.yaml
is "commands_2 --quiet is quiet" "" "$err"
status "--at wants a date" 2 "$SHUNT" check --at tomorrow good.yaml
status "commands_4 json" 1 "$SHUNT" check --format json bad.yaml
like "commands_4 json: its keys in order" '^\{"code":"E[0-9]+","severity":"error","file":"bad.yaml","line":7,"column":22,"length":5,"message":"no label \\"refnd\\" is declared","hint":"did you mean \\"refund\\"\?"' "$err"
status "commands_4 github" 1 "$SHUNT" check --format github bad.yaml
like "commands_4 github: its line" '^::error file=bad.yaml,line=7,endLine=7,col=22,endColumn=27,title=E[0-9]+::no label "refnd" is declared \(did you mean "refund"\?\)$' "$err"
cp bad.yaml 'a,b:c%.yaml'
status "github: a hostile file name" 1 "$SHUNT" check --format github 'a,b:c%.yaml'
like "github: properties are escaped" '^::error file=a%2Cb%3Ac%25.yaml,line=7' "$err"
status "commands_4 sarif" 1 "$SHUNT" check --format sarif -o report.sarif bad.yaml warned.yaml
is "a report in a file leaves standard error alone" "" "$err"
like "commands_4 sarif: version" '"version":"2.1.0"' "$(cat report.sarif)"
like "commands_4 sarif: a region" '"region":\{"startLine":7,"startColumn":22,"endColumn":27\}' "$(cat report.sarif)"
status "a report to standard output" 1 "$SHUNT" check --format json -o - bad.yaml
like "it is there" '^\{"code"' "$out"
printf 'shunt: 1\nlabels: ["a\\u001b[31mb"]\n' >evil.yaml
status "a name with an escape sequence" 1 "$SHUNT" check evil.yaml
is "control characters are shown, not obeyed" 0 "$(grep -c $'\x1b' <<<"$err")"
if script -qec true /dev/null </dev/null >/dev/null 2>&1; then # where a terminal can be made
    on_terminal=$(env -u NO_COLOR script -qec "'$SHUNT' check bad.yaml" /dev/null </dev/null)
    is "commands_2 colour on a terminal" 1 "$(grep -c $'\x1b\\[1;31merror' <<<"$on_terminal")"
    on_terminal=$(NO_COLOR=1 script -qec "'$SHUNT' check bad.yaml" /dev/null </dev/null)
    is "commands_2 no colour with NO_COLOR" 0 "$(grep -c $'\x1b' <<<"$on_terminal")"
fi

# ---- compile ----
umask 027
status "commands compile" 0 "$SHUNT" compile good.yaml -o good.table
is "compile says nothing where all is well" "" "$out$err"
is "a table's mode is by the umask" 640 "$(stat -c %a good.table)"
status "check of a table verifies it" 0 "$SHUNT" check good.table
cp good.table damaged.table
printf 'X' | dd of=damaged.table bs=1 seek=100 conv=notrunc 2>/dev/null
status "check of a damaged table" 1 "$SHUNT" check damaged.table
status "match with a damaged table" 2 "$SHUNT" match damaged.table /dev/null
cp good.table old.table
printf '\1\0\1\0' | dd of=old.table bs=1 seek=8 conv=notrunc 2>/dev/null # version, last_compatible
status "match with a table of version 1" 2 "$SHUNT" match old.table /dev/null
like "it says what to do" 'old.table: the table was made for another version of shunt: an older one, so compile the policy again$' "$err"
echo keep >keep.table
status "compile of a wrong policy" 1 "$SHUNT" compile bad.yaml -o keep.table
is "compile writes all or nothing: an error" keep "$(cat keep.table)"
status "compile --deny warnings" 1 "$SHUNT" compile --deny warnings warned.yaml -o keep.table
is "compile writes all or nothing: a denied warning" keep "$(cat keep.table)"
status "compile without -o" 2 "$SHUNT" compile good.yaml
status "compile to a folder that is not there" 2 "$SHUNT" compile good.yaml -o nowhere/x.table
mkdir folder
status "compile onto a folder" 2 "$SHUNT" compile good.yaml -o folder
is "nothing is left behind" "" "$(find . -name '*.table.*' -o -name 'folder.*')"
(
    ulimit -f 1
    "$SHUNT" compile good.yaml -o small.table 2>/dev/null
    exit $?
)
is "compile onto a full disk" 2 $?
is "a failed write leaves nothing" "" "$(ls small.table* 2>/dev/null)"
ln -s good.table link.table
status "compile through a link" 0 "$SHUNT" compile good.yaml -o link.table
is "a link stays a link" good.table "$(readlink link.table)"
status "compile to a device" 0 "$SHUNT" compile good.yaml -o /dev/null
is "a device stays a device" "character special file" "$(stat -c %F /dev/null)"
status "compile --strip" 0 "$SHUNT" compile --strip good.yaml -o a.table
mkdir -p elsewhere && cp good.yaml elsewhere/other.yaml
status "compile --strip in another folder" 0 "$SHUNT" compile --strip elsewhere/other.yaml -o b.table
is "language_1_1 stripped tables are the same bytes" "$(sha256sum <a.table)" "$(sha256sum <b.table)"
is "compile to standard output" "$(sha256sum <a.table)" "$("$SHUNT" compile --strip good.yaml -qo- | sha256sum)"
status "an unknown letter" 2 "$SHUNT" compile -z good.yaml
status "a letter that needs a value" 2 "$SHUNT" compile good.yaml -o
status "one operand too many" 2 "$SHUNT" compile good.yaml bad.yaml -o c.table
status "-h" 0 "$SHUNT" compile -h
# What is read is not written over by a slip of the hand, whatever name it goes by.
cp good.yaml slip.yaml
ln -s slip.yaml slip.link
printf 'shunt: 1\ninclude: [slip.yaml]\n' >slip-root.yaml
for output in slip.yaml slip.link ./slip.yaml; do
    status "compile onto the policy: $output" 2 "$SHUNT" compile slip.yaml -o $output
    like "compile onto the policy: $output: it says so" 'is read, and would be written over: name another file' "$err"
done
status "compile onto what the policy includes" 2 "$SHUNT" compile slip-root.yaml -o slip.yaml
like "compile onto what the policy includes: it says so" 'slip.yaml is a part of the policy' "$err"
status "check onto what the policy includes" 2 "$SHUNT" check slip-root.yaml --format json -o slip.yaml
like "check onto what the policy includes: it says so" 'slip.yaml is a part of the policy' "$err"
status "check onto what one of the policies includes" 2 "$SHUNT" check good.yaml slip-root.yaml -o slip.link
status "figures onto what the policy includes" 2 "$SHUNT" route slip-root.yaml --virtual-time --figures slip.yaml /dev/null
printf 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n' | tee slip.ics >slip.kept
printf 'shunt: 1\ninclude: [slip.yaml]\nhours: {slip: {timezone: UTC, weekly: {mon: 09:00-10:00}, holidays: [slip.ics]}}\n' >slip-days.yaml
status "a policy with a calendar" 0 "$SHUNT" check slip-days.yaml
status "compile onto the policy's calendar" 2 "$SHUNT" compile slip-days.yaml -o slip.ics
is "and the calendar is what it was" "$(cat slip.kept)" "$(cat slip.ics)"
status "check onto the policy" 2 "$SHUNT" check good.yaml slip.yaml -o slip.yaml
status "convert onto the policy" 2 "$SHUNT" convert slip.yaml --to dsl -o slip.yaml
status "figures onto the log" 2 "$SHUNT" route good.yaml --virtual-time --figures slip.yaml slip.yaml
status "figures onto the state" 2 "$SHUNT" route good.yaml --virtual-time --figures none.state --state none.state /dev/null
like "figures onto the state: it says so" 'none.state would be written twice' "$err"
for suffix in -wal -shm -journal -new; do
    status "figures onto what goes with the state: $suffix" 2 "$SHUNT" route good.yaml --virtual-time --figures $PWD/none.state$suffix --state none.state /dev/null
    like "figures onto what goes with the state: it says so: $suffix" 'goes with --state none.state: name another file' "$err"
done
mkdir slip-folder
for figures in kept.state-walk slip-folder/kept.state-wal other-kept.state-wal else.state-wal f; do
    status "figures beside a state under a name of their own: $figures" 0 "$SHUNT" route good.yaml --virtual-time --figures $figures --state kept.state /dev/null
done
status "figures of the name in another folder" 0 "$SHUNT" route good.yaml --virtual-time --figures slip-folder/kept.state-wal --state kept.state /dev/null
for state in "" -; do
    status "a state without a file: '$state'" 2 "$SHUNT" route good.yaml --virtual-time --state "$state" /dev/null
    like "a state without a file: it says so: '$state'" '^shunt route: --state: name the file that the desk is kept in' "$err"
done
is "and none of them is written" "$(cat good.yaml)" "$(cat slip.yaml)$(ls none.state 2>/dev/null)"
"$SHUNT" route good.yaml --virtual-time --state slip.state /dev/null
ln -s slip.state slip-state.link
status "figures onto the state, by another name" 2 "$SHUNT" route good.yaml --virtual-time --figures slip-state.link --state slip.state /dev/null
like "figures onto the state, by another name: it says so" 'slip.state would be written twice|slip-state.link would be written twice' "$err"
status "a device may be read and written" 0 "$SHUNT" route good.yaml --virtual-time --figures /dev/null /dev/null
# Of standard input no more is read than may be: what writes there is not waited for.
for command in fmt "convert --to dsl"; do
    # shellcheck disable=SC2086 # words
    { head -c 300000000 /dev/zero 2>/dev/null; echo $? >writer.status; } | "$SHUNT" $command - >large.out 2>large.err
    is "language_1_2 $command: more than 64 MiB of standard input" "2 " "${PIPESTATUS[1]} $(cat large.out)"
    like "language_1_2 $command: it says so" 'cannot read standard input: File too large' "$(cat large.err)"
    is "language_1_2 $command: the rest is not read" "stopped" "$([ "$(cat writer.status)" -eq 0 ] || echo stopped)"
done
status "compile of a table" 2 "$SHUNT" compile good.table -o c.table

# ---- fmt and convert ----
status "convert to the DSL" 0 "$SHUNT" convert good.yaml --to dsl -o good.shunt
status "what was converted compiles" 0 "$SHUNT" compile --strip good.shunt -o c.table
is "language_1_1 both spellings give the same bytes" "$(sha256sum <a.table)" "$(sha256sum <c.table)"
status "and back" 0 "$SHUNT" convert --to yaml good.shunt
printf '%s\n' "$out" >back.yaml
status "what came back compiles" 0 "$SHUNT" compile --strip back.yaml -o d.table
is "there and back gives the same bytes" "$(sha256sum <a.table)" "$(sha256sum <d.table)"
status "convert needs --to" 2 "$SHUNT" convert good.yaml
status "convert knows two spellings" 2 "$SHUNT" convert good.yaml --to json
printf 'version 1\nteam   t\n\n\n# kept\notherwise to\tt\n' >loose.shunt
cp loose.shunt before.shunt
status "fmt --check of a loose file" 1 "$SHUNT" fmt --check loose.shunt
status "fmt --diff shows what would change" 0 "$SHUNT" fmt --diff loose.shunt
like "fmt --diff is a unified diff" '^-team   t$' "$out"
is "neither changes it" "$(cat before.shunt)" "$(cat loose.shunt)"
status "fmt --stdout" 0 "$SHUNT" fmt --stdout loose.shunt
like "fmt keeps comments" '^# kept$' "$out"
status "fmt -" 0 "$SHUNT" fmt - <loose.shunt
status "fmt - of what never ends" 2 "$SHUNT" fmt - < <(yes '# and so on')
like "fmt - of what never ends: it says so" 'cannot read standard input: File too large' "$err"
status "fmt of what never ends" 1 "$SHUNT" fmt --stdout /dev/zero
chmod 600 loose.shunt
status "fmt in place" 0 "$SHUNT" fmt loose.shunt
is "fmt keeps a file's mode" 600 "$(stat -c %a loose.shunt)"
like "fmt keeps comments in place" '^# kept$' "$(cat loose.shunt)"
inode=$(stat -c %i loose.shunt)
status "fmt of what is laid out" 0 "$SHUNT" fmt loose.shunt
is "fmt leaves alone what is laid out" "$inode" "$(stat -c %i loose.shunt)"
status "fmt --check of it" 0 "$SHUNT" fmt --check loose.shunt
printf 'version 1\nteam {\n' >broken.shunt
cp broken.shunt before.shunt
status "fmt of a syntax error" 1 "$SHUNT" fmt broken.shunt
like "the syntax error is shown" 'broken.shunt:2:6: error\[E0' "$err"
is "and the file left alone" "$(cat before.shunt)" "$(cat broken.shunt)"
status "convert of a syntax error" 1 "$SHUNT" convert broken.shunt --to yaml
status "fmt of a file that is not there" 2 "$SHUNT" fmt nowhere.shunt

# ---- match ----
answer() { printf '%s\n' "$@" | "$SHUNT" match good.table; }
at='"at":"2026-03-02T10:00:00+01:00"'
is "commands_6 every key, in order" '{"ticket":"T","rule":"r","team":"billing","steps":[{"team":"billing"},{"team":"general","after":7200,"of":"office"},{"agent":"anna","after":86400},{"unassigned":true,"after":172800}],"priority":"urgent","add":{"labels":["refund"]},"require":{"skills":["money"]},"warnings":["unknown channel \"fax\"","unknown plan \"gold\""]}' \
    "$(answer "{\"id\":\"T\",$at,\"plan\":\"gold\",\"channel\":\"fax\",\"labels\":[\"refund\"],\"priority\":\"urgent\"}")"
is "commands_6 an agent" '{"ticket":"T","rule":"p","agent":"anna","priority":"normal"}' "$(answer "{\"id\":\"T\",$at,\"size\":6}")"
is "commands_6 takes" '{"ticket":"T","rule":"team billing","team":"billing","priority":"low"}' "$(answer "{\"id\":\"T\",$at,\"labels\":[\"billing\"],\"priority\":\"low\"}")"
is "commands_6 nobody" '{"ticket":"T","rule":"otherwise","priority":"normal"}' "$(answer "{\"id\":\"T\",$at}")"
is "desk_2_1 null is not carried" '{"ticket":"T","rule":"otherwise","priority":"normal"}' "$(answer "{\"id\":\"T\",$at,\"channel\":null,\"plan\":null,\"labels\":null,\"size\":null,\"priority\":null,\"event\":null}")"
is "desk_2_1 warnings in the order channel, priority, fields" '["unknown channel \"c\"","unknown priority \"p\"","unknown plan \"\"q\"\""]' \
    "$(answer "{\"id\":\"T\",$at,\"plan\":\"\\\"q\\\"\",\"priority\":\"p\",\"channel\":\"c\"}" | sed 's/.*"warnings":\(.*\)}/\1/')"
is "desk_2_1 an id is given back as it came" $'{"ticket":"é/\\"\\\\\\n\\u001f\x7f\xc2\x85😀","rule":"otherwise","priority":"normal"}' "$(answer "{\"id\":\"\\u00e9\\/\\\"\\\\\\n\\u001f\\u007f\\u0085\\ud83d\\ude00\",$at}")"
is "commands_6 ids may repeat" 2 "$(answer "{\"id\":\"T\",$at}" '{"id":"T"}' | grep -c '"ticket":"T"')"
for wrong in '"channel":1' '"labels":"refund"' '"labels":[1]' '"labels":{"a":"b"}' '"segments":[null]' '"priority":3' '"plan":true' '"note":1' '"size":"6"' '"paid":1' '"tags":"x"' '"customer":{}'; do
    like "desk_2_1 a wrong type: $wrong" '^\{"error":\{"line":1,"code":"bad-type","message":"' "$(answer "{\"id\":\"T\",$at,$wrong}")"
done
like "desk_2_1 no id" '"code":"no-id"' "$(answer "{$at}")"
like "desk_2_1 null is no id" '"code":"no-id"' "$(answer "{\"id\":null,$at}")"
like "desk_2_1 an empty id" '"code":"bad-id"' "$(answer "{\"id\":\"\",$at}")"
like "desk_2_1 an id that is no text" '"code":"bad-id"' "$(answer "{\"id\":7,$at}")"
like "desk_1_4 an unknown event" '"code":"bad-event"' "$(answer "{\"event\":\"dance\",\"id\":\"T\",$at}")"
like "desk_1_4 an event that is no text" '"code":"bad-event"' "$(answer "{\"event\":1,\"id\":\"T\",$at}")"
like "desk_1_1 a time that is none" '"code":"bad-at"' "$(answer '{"id":"T","at":"2026-03-02 10:00:00Z"}')"
like "desk_1_1 a time that is no text" '"code":"bad-at"' "$(answer '{"id":"T","at":5}')"
like "desk_1_1 a first ticket must say its time" '"code":"no-at"' "$(answer '{"id":"T"}')"
is "desk_2_1 two spellings of one field are a key twice" 1 "$(printf 'version 1\nfield "caf\xc3\xa9" is text\nrule r { when "caf\xc3\xa9" exists; to unassigned }\notherwise to unassigned\n' >nfc.shunt; "$SHUNT" match --at 2026-01-01T00:00:00Z nfc.shunt <<<$'{"id":"T","caf\u00e9":"","cafe\u0301":""}' | grep -c key-twice)"
is "language_1_3 a field's name compares in NFC" 1 "$("$SHUNT" match --at 2026-01-01T00:00:00Z nfc.shunt <<<$'{"id":"T","cafe\u0301":""}' | grep -c '"rule":"r"')"
monday='"at":"2026-03-02T10:00:00+01:00"'
sunday='"at":"2026-03-01T10:00:00+01:00"'
refund='"labels":["refund"]'
is "desk_1_1 the time is carried on, by skipped events and wrong tickets too, not by bad lines" "r otherwise otherwise r otherwise " \
    "$(answer "{\"id\":\"1\",$monday,$refund}" "{\"event\":\"tick\",$sunday}" "{\"id\":\"2\",$refund}" "{\"event\":\"dance\",$monday}" "{\"id\":\"3\",$refund}" \
        "{\"id\":\"\",$monday}" "{\"id\":\"4\",$refund}" "{\"id\":\"5\",$sunday,$refund}" | sed -n 's/.*"rule":"\([a-z]*\)".*/\1/p' | tr '\n' ' ')"
is "commands_6 --at gives the first time" '{"ticket":"T","rule":"otherwise","priority":"normal"}' "$("$SHUNT" match --at 2026-03-01T10:00:00Z good.yaml <<<'{"id":"T","labels":["refund"]}')"
is "desk_7_3 lines are counted from 1, blank ones too" '3 5' "$(printf '\n{"id":"T",%s}\nx\n\n[]\n' "$at" | "$SHUNT" match good.table | sed -n 's/.*"line":\([0-9]*\).*/\1/p' | tr '\n' ' ' | sed 's/ $//')"
printf 'x\n' >bad.ndjson
status "commands_5 bad lines: status 1 at the end" 1 "$SHUNT" match good.table bad.ndjson
status "match of a file that is not there" 2 "$SHUNT" match good.table nowhere.ndjson
status "match with a wrong policy" 1 "$SHUNT" match bad.yaml bad.ndjson
status "match with a policy that is not there" 2 "$SHUNT" match nowhere.yaml bad.ndjson
status "--jobs wants a number" 2 "$SHUNT" match --jobs 0 good.table bad.ndjson
status "--at wants a time" 2 "$SHUNT" match --at 2026-03-02 good.table bad.ndjson
like "it says how one is written" '2026-11-20T09:15:00' "$err"
status "match reads a folder" 2 "$SHUNT" match good.table .
status "match to a full disk" 2 bash -c "'$SHUNT' match good.table bad.ndjson >/dev/full"
printf '{"id":"T",%s}\n' "$at" >one.ndjson
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do cat one.ndjson one.ndjson >two.ndjson && mv two.ndjson one.ndjson; done
"$SHUNT" match good.table one.ndjson | head -n 1 >/dev/null
is "commands_5 a reader that goes away: status 2" 2 "${PIPESTATUS[0]}"

# A pipe that feeds one event gets its decision at once.
mkfifo to from
"$SHUNT" match good.table <to >from &
exec 3>to 4<from
for id in A B; do
    printf '{"id":"%s",%s}\n' "$id" "$at" >&3
    line=
    IFS= read -r -t 20 line <&4
    like "commands_5 the answer for $id is there before the next line" "\"ticket\":\"$id\"" "$line"
done
exec 3>&- 4<&-
wait

# However many threads: the same answers, the time carried over their borders.
for i in $(seq 1 3000); do
    case $((i % 17)) in
    3) printf '{"id":"T%d",%s,%s}\n' "$i" "$monday" "$refund" ;;
    7) printf '{"event":"tick",%s}\n' "$sunday" ;;
    11) printf 'bad\n' ;;
    13) printf '\n' ;;
    14) printf '{"id":"T%d","a\\u0074":"2026-03-02T10:00:00Z",%s}\n' "$i" "$refund" ;;
    *) printf '{"id":"T%d",%s}\n' "$i" "$refund" ;;
    esac
done >few.ndjson
for _ in $(seq 1 20); do cat few.ndjson; done >many.ndjson # some batches for each thread
one=$("$SHUNT" match --at 2026-03-02T10:00:00+01:00 good.table many.ndjson | sha256sum)
for n in 2 3 4 16; do
    is "commands_6 --jobs $n gives the same" "$one" "$("$SHUNT" match --at 2026-03-02T10:00:00+01:00 --jobs $n good.table many.ndjson | sha256sum)"
done
is "commands_6 a source gives the same as its table" "$one" "$("$SHUNT" match --at 2026-03-02T10:00:00+01:00 good.yaml many.ndjson | sha256sum)"

# What an answer says of its rule is remembered for 1,024 rules at once, where it is not long: rules 1,024 apart, in turn.
awk 'BEGIN {
    long = sprintf("%200s", ""); gsub(" ", "n", long)
    print "version 1\nagent a\nagent b\nteam one { agents a }\nteam two { agents b; takes labels mine }" > "apart.shunt"
    for (i = 0; i < 1100; i++) {
        name = "r" i (i % 7 ? "" : "\\\"" long)
        to = i % 3 ? "team two" : "team one, then agent a after " (1 + i % 50) "m"
        printf "rule \"%s\" { when labels has l%d; to %s }\n", name, i, to > "apart.shunt"
        said[i] = sprintf("\"rule\":\"%s\",\"team\":\"%s\"", name, i % 3 ? "two" : "one")
        if (i % 3 == 0) said[i] = said[i] sprintf(",\"steps\":[{\"team\":\"one\"},{\"agent\":\"a\",\"after\":%d}]", 60 * (1 + i % 50))
    }
    said["mine"] = "\"rule\":\"team two\",\"team\":\"two\""
    said["other"] = "\"rule\":\"otherwise\",\"team\":\"one\""
    print "otherwise to team one" > "apart.shunt"
    for (i = 0; i < 4000; i++) {
        l = i % 97 == 0 ? "mine" : i % 89 == 0 ? "other" : int(i / 2) % 76 + (i % 2) * 1024
        p = i % 5 ? "normal" : "urgent"
        printf "{\"id\":\"%d\",\"at\":\"2026-03-02T10:00:00Z\",\"labels\":[\"%s%s\"],\"priority\":\"%s\"}\n", i, (l ~ /^[0-9]/ ? "l" : ""), l, p > "apart.ndjson"
        printf "{\"ticket\":\"%d\",%s,\"priority\":\"%s\"}\n", i, said[l], p > "apart.said"
    }
}'
is "commands_6 rules far apart are told apart" "$(sha256sum <apart.said)" "$("$SHUNT" match apart.shunt apart.ndjson 2>apart.err | sha256sum)"
is "commands_6 a thousand rules have each its own answer" 1 "$(($(cut -d, -f2 apart.said | sort -u | wc -l) > 100))"
