#!/usr/bin/env bash
# The flags of docs/decisions/0017-hardening.md are in what the default build makes.
# shellcheck source=tests/test_shell.bash
. tests/test_shell.bash

flags=$(cat "$top/$BUILD/flags")
if instrumented || [ "${HARDEN:-yes}" != yes ]; then
    echo "ok a build that is not hardened, on purpose"
    exit 0
fi
program=$top/$BUILD/shunt
library=$(echo "$top/$BUILD"/libshunt.so.*.*.*)
like "the program may lie anywhere (PIE)" 'Type: *DYN' "$(readelf -hW "$program")"
like "it says so" 'FLAGS_1.*PIE' "$(readelf -dW "$program")"
object=$top/$BUILD/shunt-lines.so
for file in "$program" "$library" $([ ! -f "$object" ] || echo "$object"); do
    name=$(basename "$file")
    like "$name: relocations are read-only once it runs" 'GNU_RELRO' "$(readelf -lW "$file")"
    like "$name: all of them, for all are done at the start" '(BIND_NOW|FLAGS_1.*NOW)' "$(readelf -dW "$file")"
    like "$name: no executable stack" 'GNU_STACK.* RW ' "$(readelf -lW "$file")"
    is "$name: nothing is writable and executable" "" "$(readelf -lW "$file" | grep 'LOAD.* RWE ')"
    is "$name: no relocations in code" "" "$(readelf -dW "$file" | grep TEXTREL)"
    like "$name: stacks are guarded" '__stack_chk_fail' "$(nm -D "$file")"
    is "$name: no search path of its own" "" "$(readelf -dW "$file" | grep -E 'RPATH|RUNPATH')"
done
if grep -q _FORTIFY_SOURCE <<<"$flags"; then
    like "what libc can check of lengths it does" '__(vs?n?printf|fprintf|memcpy|memset|strcat|strcpy)_chk' "$(nm -D "$program")"
fi
if grep -q -- -fcf-protection <<<"$flags"; then
    is "each function of the library begins where a jump may land" "" \
        "$(objdump -d --no-show-raw-insn "$library" | awk '/^[0-9a-f]+ <shunt_[a-z_]*>:/ { f = $2; getline; if ($0 !~ /endbr64|endbr32/) print f }')"
fi
# The builder's flags stand behind ours, and win.
is "the builder's flags take it back" "-fno-stack-protector" \
    "$(make -s -n -W runtime/sort.c V=1 -C "$top" BUILD="$BUILD" CFLAGS='-O2 -fno-stack-protector' "$BUILD/runtime/sort.o" 2>/dev/null | grep -oE -- '-f(no-)?stack-protector(-strong)?' | tail -n 1)"
