#!/usr/bin/env bash
# What each command gives up (SECURITY.md): a preloaded library tries all of it in the command's own process, when it has done its work.
# shellcheck source=tests/test_shell.bash
. tests/test_shell.bash

try=$top/$BUILD/tests/fault/try_forbidden.so
mkdir -p here elsewhere
# forbidden COMMAND...: what the library says, behind the command's own status; nothing where it could become another program
forbidden() {
    local status
    touch elsewhere/precious
    TRY_IN=$work/here TRY_ELSEWHERE=$work/elsewhere TRY_REMOVE=$work/elsewhere/precious LD_PRELOAD=$try "$@" >out.txt 2>err.txt </dev/null
    status=$?
    echo "$status $(grep ^forbidden: err.txt)"
}
cat >here/p.yaml <<'YAML'
shunt: 1
labels: [x]
agents: [anna]
teams: {t: {agents: [anna]}}
otherwise: t
YAML
printf 'shunt: 1\nagents: [anna]\nteams:   {t: {agents: [anna]}}\notherwise: t\n' >here/q.yaml
printf 'shunt-test: 1\npolicy: p.yaml\ntests:\n  - name: one\n    at: 2026-01-01T00:00:00Z\n    ticket: {labels: [x]}\n    expect: {team: t}\n' >here/p.test.yaml
echo '{"id":"1","at":"2026-01-01T00:00:00Z"}' >here/t
env -u SHUNT_SANDBOX "$SHUNT" compile --quiet here/p.yaml -o here/table 2>warnings

if instrumented; then
    echo "ok no sandbox with sanitizers"
    exit 0
fi
got=$(SHUNT_SANDBOX=off forbidden "$SHUNT" match here/table here/t)
is "the library can do all of it where nothing is given up" "0 " "$got"
if ! grep -qsw errno /proc/sys/kernel/seccomp/actions_avail; then
    # Nothing is promised there, and nothing breaks.
    echo "ok the kernel has no seccomp; the commands work without"
    exit 0
fi

nothing="write no, elsewhere no, remove no, network no, fork no, code no, exec no"
is "match" "0 forbidden: $nothing" "$(forbidden "$SHUNT" match here/table here/t)"
is "match of a policy's source" "0 forbidden: $nothing" "$(forbidden "$SHUNT" match here/p.yaml here/t)"
is "match with several threads" "0 forbidden: $nothing" "$(forbidden "$SHUNT" match --jobs 4 here/table here/t)"
is "check" "0 forbidden: $nothing" "$(forbidden "$SHUNT" check here/p.yaml)"
is "prove" "0 forbidden: $nothing" "$(forbidden "$SHUNT" prove here/p.yaml)"
is "diff" "0 forbidden: $nothing" "$(forbidden "$SHUNT" diff here/p.yaml here/table)"
is "test" "0 forbidden: $nothing" "$(forbidden "$SHUNT" test here/p.test.yaml)"
is "dump" "0 forbidden: $nothing" "$(forbidden "$SHUNT" dump here/table)"
is "explain" "0 forbidden: $nothing" "$(forbidden "$SHUNT" explain here/p.yaml here/t)"
is "route" "0 forbidden: $nothing" "$(forbidden "$SHUNT" route --virtual-time here/table here/t)"
is "fmt --check" "1 forbidden: $nothing" "$(forbidden "$SHUNT" fmt --check here/q.yaml)"
is "fmt --stdout" "0 forbidden: $nothing" "$(forbidden "$SHUNT" fmt --stdout here/q.yaml)"
is "convert" "0 forbidden: $nothing" "$(forbidden "$SHUNT" convert --to dsl here/p.yaml)"
is "compile to standard output" "0 forbidden: $nothing" "$(forbidden "$SHUNT" compile here/p.yaml -o -)"
is "a mistaken command line gives nothing up: it reads nothing" "0 " "$(forbidden "$SHUNT" match)"

# What writes has the folder of what it writes, where the kernel has Landlock.
here="write YES, elsewhere no, remove no, network no, fork no, code no, exec no"
got=$(forbidden "$SHUNT" compile here/p.yaml -o here/table)
if ! grep -qsw landlock /sys/kernel/security/lsm && [ "$got" = "0 forbidden: ${here/elsewhere no, remove no/elsewhere YES, remove YES}" ]; then
    echo "ok the kernel has no Landlock; what writes may write anywhere"
    exit 0
fi
is "compile -o" "0 forbidden: $here" "$got"
is "convert -o" "0 forbidden: $here" "$(forbidden "$SHUNT" convert --to dsl here/p.yaml -o here/p.shunt)"
is "check -o" "0 forbidden: $here" "$(forbidden "$SHUNT" check --format json here/p.yaml -o here/report)"
is "fmt" "0 forbidden: $here" "$(forbidden "$SHUNT" fmt here/q.yaml)"
status "fmt wrote" 0 "$SHUNT" fmt --check here/q.yaml
is "route --state" "0 forbidden: $here" "$(forbidden "$SHUNT" route --virtual-time --state here/state here/table here/t)"
is "route --figures" "0 forbidden: $here" "$(forbidden "$SHUNT" route --virtual-time --figures here/figures here/table here/t)"
is "all of it was written" "figures p.shunt report state table" "$(cd here && echo figures p.shunt report state table | xargs -n 1 ls -d | paste -sd ' ')"
# The folder of a link is that of what it leads to.
mkdir behind && echo old >behind/table && ln -s ../behind/table here/link
is "through a link: the folder behind it alone" "0 forbidden: ${here/write YES/write no}" "$(forbidden "$SHUNT" compile here/p.yaml -o here/link)"
is "and the link is still one" "$(cksum <here/table)" "$([ -L here/link ] && cksum <behind/table)"
status "a file in the folder one stands in" 0 bash -c 'cd here && "$1" compile --quiet p.yaml -o plain' - "$SHUNT"
status "the terminal's and other devices" 0 "$SHUNT" compile --quiet here/p.yaml -o /dev/null
status "standard output by its name" 0 bash -c '"$1" compile --quiet here/p.yaml -o /dev/stdout | cmp - here/table' - "$SHUNT"
