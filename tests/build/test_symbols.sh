#!/usr/bin/env bash
# What libshunt exports is what shunt.h declares; the runtime reaches no further than it may.
# shellcheck source=tests/test_shell.bash
. tests/test_shell.bash

library=$(echo "$top/$BUILD"/libshunt.so.*.*.*)
# What only a comment names is no declaration: those begin a line with a type.
sed -n 's/^[a-z][a-z0-9_ ]*[ *]\(shunt_[a-z0-9_]*\)(.*/\1/p' "$top/runtime/shunt.h" "$top/runtime/shunt_desk.h" | sort -u >declared
nm -D --defined-only "$library" | awk '$2 != "A" { print $3 }' | sed 's/@.*//' | grep -v '^__' | sort -u >exported
is "libshunt.so exports what shunt.h declares" "$(cat declared)" "$(cat exported)"
like "its SONAME is libshunt.so.0" 'SONAME.*\[libshunt\.so\.0\]' "$(readelf -d "$library")"
needed=$(readelf -d "$library" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | grep -vE '^(libc|libutf8proc|libasan|libubsan|libgcc_s|libm|ld-linux.*)\.so|^ld-linux' | tr '\n' ' ')
is "libshunt.so needs libc and utf8proc alone" "" "$needed"
global=$(nm --defined-only "$top/$BUILD/libshunt.a" 2>/dev/null | awk '$2 ~ /^[TDBRV]$/ { print $3 }' | grep -vE '^(shunt_|sh_|__)' | tr '\n' ' ')
is "libshunt.a defines names of its own prefixes alone" "" "$global"
# Constants with pointers in them lie in .data.rel.ro; what may change, in .data and .bss.
mutable=$(objdump -t "$top/build/libshunt.a" | awk '($3 == "O" && $4 ~ /^\.(data|bss)$/) { print $6 }' | tr '\n' ' ')
is "libshunt.a holds no mutable data" "" "$mutable"
is "runtime/ includes nothing of compiler/ or cli/" "" "$(grep -lE '#include "(\.\./)?(compiler|cli|grammar)/' "$top"/runtime/*.[ch])"
# What it asks of others, all of it: no stream, no clock, no environment, no end of the process. The compiler adds names of its own, which
# begin with two underscores, to guard stacks and lengths.
cat >allowed <<'NAMES'
free
longjmp
memchr
memcmp
memcpy
memmove
memset
realloc
setjmp
strlen
utf8proc_decompose_char
utf8proc_get_property
utf8proc_normalize_utf32
NAMES
asked() { nm -u "$@" 2>/dev/null | awk '$1 == "U" { print $2 }' | grep -vE '^(shunt_|sh_|_GLOBAL_OFFSET_TABLE_)' | sort -u; }
is "libshunt.a asks only what is listed here of libc and utf8proc" "" \
    "$(asked "$top/build/libshunt.a" | sed -E 's/^__(.*)_chk$/\1/; s/^_+setjmp$/setjmp/' | grep -vE '^__' | grep -vxF -f allowed | tr '\n' ' ')"
# Whoever else allocated would go round the caller's hooks.
is "realloc and free are called by hooks.c alone" "hooks.o" \
    "$(nm -A "$top/build/libshunt.a" 2>/dev/null | sed -nE 's/^[^:]*:([^:]*):.* U (malloc|calloc|realloc|free|strdup|aligned_alloc)$/\1/p' | sort -u | tr '\n' ' ' | sed 's/ $//')"
