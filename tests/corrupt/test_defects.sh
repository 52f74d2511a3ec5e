#!/usr/bin/env bash
# Every sentence with which the verifier refuses a table has a table made by hand that is refused so (test_defects.c, which
# checks that it is): the sentences are taken from the verifier's source, section by section.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${BUILD:-build}
reached=$("$build/tests/corrupt/test_defects" --reached) || exit 2

# "SECTION sentence" of each REQUIRE and WANT; "any sentence" where the section is no constant.
sentences() {
    local file
    for file in runtime/verify*.c; do
        tr '\n' ' ' <"$file" | grep -oE '(REQUIRE|WANT|damaged|sh_bad)\([^"]*"[^"]+"|return "[^"]+"'
    done | sed -E 's/^WANT\(.*"([^"]*)"$/CODE \1/
        s/^REQUIRE\(.*, *([A-Z_]+), [^,"]*, *"([^"]*)"$/\1 \2/
        s/^(sh_bad|damaged|return).*"([^"]*)"$/any \2/' | sort -u
}

# A table of 1,000 names is too long to make by hand: test_names.c has it made by the compiler, and checks the sentence.
made_elsewhere() {
    [ "$1" = "ATOM_HASH too many names in a row" ] && grep -qF '"too many names in a row"' tests/unit/test_names.c
}

count=0
while read -r section sentence; do
    count=$((count + 1))
    case $section in
    any) grep -qE "^[A-Z_]+ $sentence\$" <<<"$reached" ;;
    *) grep -qxF "$section $sentence" <<<"$reached" ;;
    esac && continue
    made_elsewhere "$section $sentence" && continue
    echo "not ok $section: \"$sentence\" has no table in test_defects.c"
done < <(sentences)
if [ "$count" -gt 150 ]; then
    echo "ok all $count sentences of the verifier were looked for"
else
    echo "not ok only $count sentences were found in runtime/verify*.c"
fi
