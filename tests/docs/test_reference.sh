#!/usr/bin/env bash
# docs/events.md and docs/strategies.md against the rows they are about, so that nothing is missing and nothing is there
# that is no more; and the links of every page. Pages are the same for every build: the plain one is enough.
# shellcheck source=tests/test_shell.bash
. tests/test_shell.bash
if [ "$BUILD" != build ] && [ "${BUILD%asan}" != "$BUILD" ]; then
    echo "ok compared with the plain build"
    exit 0
fi
cd "$top" || exit 2

# The first strings of a .def file's rows, one a line.
spellings() { sed -n 's/^[A-Z_]*([A-Z_]*, *"\([^"]*\)".*/\1/p' "$@"; }
# The lines of a page from a heading to the next.
part() { awk -v heading="$2" '/^#/ { on = $0 == heading } on' "$1"; }
# The first cells of a part's table: words in backquotes.
first_cells() { part "$1" "$2" | sed -n 's/^| `\([^`]*\)` |.*/\1/p'; }

# ---- events.md ----

events=docs/events.md
is "events.md: each refusal, as it is worded" \
    "$(sed -n 's/^REFUSAL([A-Z_]*, "\([^"]*\)", "\(.*\)")$/\1 | \2/p' runtime/refusals.def | sed -e 's/\\"/"/g' -e 's/{}/…/g')" \
    "$(part $events '## Errors' | awk '/^$/ { if (rows) exit } /^\| `/ { rows++; print }' | sed 's/^| `\([^`]*\)` | \(.*\) | [^|]* |$/\1 | \2/')"
is "events.md: an example of each refusal" "$(spellings runtime/refusals.def | sort)" \
    "$(part $events '## Errors' | sed -n 's/.*"code":"\([^"]*\)".*/\1/p' | sort | comm -12 - <(spellings runtime/refusals.def | sort))"
is "events.md: every why, in order" "$(cat <(spellings runtime/strategies.def) <(spellings runtime/whys.def))" \
    "$(first_cells $events '### Why')"
is "events.md, desk.md, strategies.md: every why is shown by an example" \
    "$(cat <(spellings runtime/strategies.def) <(spellings runtime/whys.def) | sort)" \
    "$(cat docs/events.md docs/desk.md docs/strategies.md | sed -n 's/^{"at":.*,"why":"\([^"]*\)".*/\1/p' | sort -u)"
states=$(sed -n '/^enum shunt_state {/,/^}/s/^ *SHUNT_\([A-Z]*\).*/\1/p' runtime/shunt_desk.h | tr 'A-Z' 'a-z')
is "events.md: every status, in order" "$states" "$(first_cells $events '### Statuses')"
is "events.md: a section for every event" "$(spellings cli/events.def | sort)" \
    "$(sed -n '/^## ticket$/,/^## Decisions$/s/^## \([a-z, ]*\)$/\1/p' $events | sed 's/, /\n/' | sort)"
# Where memory runs out there is no answer.
for code in $(spellings cli/line_errors.def | grep -vx no-memory); do
    grep -qE "^\|.*\`$code\`" docs/commands.md $events || echo "$code"
done >missing.txt 2>/dev/null || true
is "commands.md or events.md: every bad line's code" "" "$(cat missing.txt)"
rm -f missing.txt
# The keys of every decision that a page shows, in the order in which they stand; the table has them in that order.
shown=$(cat docs/events.md docs/desk.md docs/strategies.md | grep '^{"at":"[^"]*","ticket"' |
    sed 's/{"labels":\[[^]]*\]}/0/; s/{[^{}]*}\(.\)/0\1/' | grep -oE '[{,]"[a-z]+":' | tr -d '{,":' | sort -u)
is "events.md: every key of a decision that the pages show" "$(first_cells $events '## Decisions' | sort)" "$shown"

# ---- strategies.md ----

strategies=docs/strategies.md
is "strategies.md: a section for each strategy, in order" "$(spellings runtime/strategies.def)" \
    "$(sed -n 's/^## \([a-z-]*\): .*/\1/p' $strategies)"
is "strategies.md: each strategy in the table of what it asks" "$(spellings runtime/strategies.def)" \
    "$(first_cells $strategies '## Who is asked at all')"
for strategy in $(spellings runtime/strategies.def); do
    part $strategies '## Which one for us?' | grep -q "\`assign: $strategy\`" || echo "$strategy"
done >missing.txt
is "strategies.md: each strategy in the table to choose from" "" "$(cat missing.txt)"
rm -f missing.txt

# ---- links ----

# Of a page: its headings as anchors.
anchors() {
    awk '/^```/ { code = !code } /^#/ && !code { sub(/^#+ /, ""); print tolower($0) }' "$1" |
        sed -e 's/[^a-z0-9 _-]//g' -e 's/ /-/g'
}
broken() {
    local page link file anchor
    for page in README.md docs/*.md docs/decisions/*.md bench/README.md; do
        awk '/^```/ { code = !code } !code' "$page" | grep -oE '\]\([^)]*\)' | sed 's/^](\(.*\))$/\1/' | grep -v '^[a-z]*:' |
            while read -r link; do
                file=${link%%#*}
                anchor=${link#"$file"}
                file=${file:+$(dirname "$page")/$file}
                file=${file:-$page}
                if [ ! -e "$file" ]; then echo "$page: $link"; continue; fi
                [ -z "$anchor" ] || anchors "$file" | grep -qxF -- "${anchor#\#}" || echo "$page: $link"
            done
    done
}
is "every link leads somewhere" "" "$(broken)"
