# For the shell tests: ok and not ok, counted by tests/run_tests. Sourced with BUILD and SHUNT set.
set -u
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
top=$PWD
cd "$work" || exit 2

# Whether the build has flags that a test cannot be asked of: sanitizers' or coverage's. Nothing else excuses it.
instrumented() { grep -qE -- '-fsanitize|--coverage' "$top/$BUILD/flags"; }
# Or that has an allocator and calls of its own in the way of ours; coverage has not.
sanitized() { grep -q -- '-fsanitize' "$top/$BUILD/flags"; }

# is NAME EXPECTED GOT
is() {
    if [ "$2" = "$3" ]; then
        echo "ok $1"
    else
        echo "not ok $1"
        printf '  expected: %s\n  got:      %s\n' "$2" "$3"
    fi
}

# like NAME PATTERN GOT: an extended regular expression, in any line
like() {
    if grep -qE -- "$2" <<<"$3"; then
        echo "ok $1"
    else
        echo "not ok $1"
        printf '  expected: /%s/\n  got:      %s\n' "$2" "$3"
    fi
}

# status NAME EXPECTED COMMAND...: its exit status; standard output in $out, standard error in $err
status() {
    local name=$1 expected=$2
    shift 2
    "$@" >"$work/out.txt" 2>"$work/err.txt"
    local got=$?
    out=$(cat "$work/out.txt")
    err=$(cat "$work/err.txt")
    if [ "$got" -eq "$expected" ]; then
        echo "ok $name"
    else
        echo "not ok $name"
        printf '  expected status %s, got %s\n  %s\n  %s\n' "$expected" "$got" "$out" "$err"
    fi
}
