#!/usr/bin/env bash
# Standard streams that are not there, or that nobody reads (commands.md 1): status 2, and no file written over.
# shellcheck source=tests/test_shell.bash disable=SC2154
. tests/test_shell.bash
export LC_ALL=C
cat >policy.yaml <<'YAML'
shunt: 1
agents: [anna]
teams: {help: {agents: [anna]}}
otherwise: help
YAML
for i in 1 2 3; do echo "{\"id\":\"T$i\",\"event_id\":\"e$i\",\"at\":\"2026-03-02T10:00:00Z\"}"; done >events.ndjson
route() { "$SHUNT" route policy.yaml --virtual-time --state desk.state; }
route <events.ndjson >wanted
cp desk.state before.state

# with NAME COMMAND...: standard output closed; then the state file answers as before
closed() {
    local name=$1
    shift
    cp before.state desk.state
    status "$name: status 2" 2 "$@"
    is "$name: the state file is whole" "$(cat wanted)" "$(route <events.ndjson 2>&1)"
}
# shellcheck disable=SC2317 # called by name
{
    no_output() { route <events.ndjson >&-; }
    no_input() { route <&-; }
    no_errors() { route <events.ndjson 2>&- >&-; }
    nothing() { route <&- >&- 2>&-; }
    full() { route <events.ndjson >/dev/full; }
}
closed "standard output closed" no_output
like "standard output closed: it says so" 'cannot write: Bad file descriptor' "$err"
closed "standard input closed" no_input
like "standard input closed: it says so" 'cannot read standard input: Bad file descriptor' "$err"
closed "output and errors closed" no_errors
closed "all three closed" nothing
closed "standard output is full" full
like "standard output is full: it says so" 'cannot write: No space left on device' "$err"
# shellcheck disable=SC2016 # $1 is for the inner shell
status "an explained log: standard output is full" 2 bash -c '"$1" explain policy.yaml --log events.ndjson --ticket T1 >/dev/full' - "$SHUNT"
like "an explained log: standard output is full: it says so" 'cannot write: No space left on device' "$err"
rm -f made.table
# shellcheck disable=SC2016 # $1 is for the inner shell
status "compile with all three closed" 0 bash -c '"$1" compile policy.yaml -o made.table <&- >&- 2>&-' - "$SHUNT"
"$SHUNT" compile --quiet policy.yaml -o wanted.table
is "compile with all three closed: the table is whole" "$(cksum <wanted.table)" "$(cksum <made.table)"

# A reader that went away: status 2 and not a word, for every command that answers.
for i in $(seq 5000); do cat events.ndjson; done >many.ndjson
for command in "match policy.yaml many.ndjson" "match --jobs 2 policy.yaml many.ndjson" "dump policy.yaml" "fmt --stdout policy.yaml" "--help"; do
    # shellcheck disable=SC2086 # its words
    { sleep 0.1; "$SHUNT" $command 2>said.txt; echo "status $?" >status.txt; } | true
    is "nobody reads what $command answers" "status 2" "$(cat status.txt said.txt)"
done
