#!/bin/sh
# Runs every example of the pages named: run_docs.sh SHUNT PAGE...
#
# A fenced block's info string says what it is:
#   yaml file=NAME, shunt file=NAME, json file=NAME   the block becomes the file NAME
#   ... part=NAME                                     the block is appended to NAME
#   console                                           each line "$ COMMAND" is run; what follows is its output
#   conditions of=NAME                                each line becomes a rule's condition in a copy of NAME (YAML)
#   c file=NAME                                       as yaml
# Other blocks (text, sh) are for reading. Each page has a fresh folder; commands see the program as `shunt`, and
# pkg-config finds the library that was built with it.
set -u
shunt=$1
shift
bin=$(cd "$(dirname "$shunt")" && pwd)
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

fail() {
    failed=$((failed + 1))
    printf '%s\n' "FAIL $1"
}

# As if the library were installed: what a page compiles is linked with the one beside the program, and with the
# sanitizers that it was built with.
stage_library() {
    sanitize=
    if nm -D "$bin/libshunt.so" | grep -q __asan_; then sanitize=-fsanitize=address,undefined; fi
    mkdir -p "$work/include"
    cp "$top/runtime/shunt.h" "$top/runtime/shunt_desk.h" "$work/include/"
    sed -e "s|^libdir=.*|libdir=$bin|" -e "s|^includedir=.*|includedir=$work/include|" \
        -e "s|^Libs:.*|& $sanitize|" "$bin/shunt.pc" >"$work/shunt.pc"
    PKG_CONFIG_PATH=$work
    LD_LIBRARY_PATH=$bin
    export PKG_CONFIG_PATH LD_LIBRARY_PATH
}

# Splits a page into blocks: $dir/N.info and $dir/N.body, numbered from 1.
split_page() {
    awk -v dir="$2" '
        /^```/ && !open { open = 1; n++; info = substr($0, 4); printf "%s\n", info > (dir "/" n ".info"); body = dir "/" n ".body"; printf "" > body; next }
        /^```/ && open { open = 0; close(body); next }
        open { print > body }
    ' "$1"
}

# Runs the commands of a console block and prints what a terminal would show.
replay() {
    awk '/^\$ / { print substr($0, 3) }' "$1" >"$2.commands"
    : >"$2.got"
    while IFS= read -r command; do
        printf '$ %s\n' "$command" >>"$2.got"
        sh -c "$command" >>"$2.got" 2>&1 </dev/null
    done <"$2.commands"
}

run_console() {
    replay "$1" "$1"
    if diff -u "$1" "$1.got" >"$1.diff"; then
        passed=$((passed + 1))
    else
        fail "$page: a console example shows something else"
        sed 1,2d "$1.diff"
    fi
}

run_conditions() {
    while IFS= read -r condition; do
        [ -n "$condition" ] || continue
        quoted=$(printf '%s' "$condition" | sed "s/'/''/g")
        { sed '/^rules:/,$d' "$2"; printf "rules:\n  - rule: example\n    when: '%s'\n    to: unassigned\notherwise: unassigned\n" "$quoted"; } >condition.yaml
        if shunt check condition.yaml >condition.out 2>&1 || ! grep -q 'error\[' condition.out; then
            passed=$((passed + 1))
        else
            fail "$page: the condition: $condition"
            cat condition.out
        fi
    done <"$1"
}

run_block() {
    info=$(cat "$1.info")
    case $info in
    *" file="*) cp "$1.body" "${info##* file=}" && passed=$((passed + 1)) ;;
    *" part="*) cat "$1.body" >>"${info##* part=}" ;;
    console*) run_console "$1.body" ;;
    conditions*) run_conditions "$1.body" "${info##*of=}" ;;
    esac
}

PATH=$bin:$PATH
NO_COLOR=1
export PATH NO_COLOR
stage_library
for page in "$@"; do
    dir=$work/$(basename "$page" .md)
    mkdir -p "$dir/blocks" "$dir/run"
    split_page "$page" "$dir/blocks"
    ln -s "$top/rules" "$dir/run/rules"
    cd "$dir/run" || exit 2
    n=1
    while [ -e "$dir/blocks/$n.info" ]; do
        run_block "$dir/blocks/$n"
        n=$((n + 1))
    done
    cd "$top" || exit 2
done
printf 'docs: %d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
