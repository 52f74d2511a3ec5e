#!/usr/bin/env bash
# make install: what goes where, and that a program builds against it. Once: the plain build is enough.
# shellcheck source=tests/test_shell.bash
. tests/test_shell.bash
if [ "$BUILD" != build ]; then
    echo "ok installed from the plain build"
    exit 0
fi

make -s -C "$top" install DESTDIR="$work/stage" PREFIX=/usr LIBDIR=/usr/lib/multi >make.log 2>&1 || cat make.log
lib=stage/usr/lib/multi
is "make install: its files" "include/shunt.h include/shunt_desk.h lib/multi/libshunt.a lib/multi/pkgconfig/shunt.pc bin/shunt" \
    "$(for f in include/shunt.h include/shunt_desk.h lib/multi/libshunt.a lib/multi/pkgconfig/shunt.pc bin/shunt; do [ -s "stage/usr/$f" ] && printf '%s ' $f; done | sed 's/ $//')"
is "make install: the links of the shared library" "libshunt.so.0 $(basename "$(echo $lib/libshunt.so.*.*.*)")" \
    "$(readlink $lib/libshunt.so) $(readlink $lib/libshunt.so.0)"
if [ -f "$top/$BUILD/shunt-lines.so" ]; then # FAST_LINES=linked and no have none
    is "make install: what the program loads" 755 "$(stat -c %a stage/usr/lib/shunt/shunt-lines.so)"
    seq 20000 | sed 's/.*/{"id":"T&","at":"2026-03-02T10:00:00Z"}/' >long
    is "an installed program finds it" 1 \
        "$(LD_DEBUG=files stage/usr/bin/shunt match "$top/rules/klaviyo/policy.yaml" long 2>&1 >/dev/null | grep -c 'calling init:.*shunt-lines.so')"
fi
like "shunt.pc names the folders" '^libdir=/usr/lib/multi$' "$(cat $lib/pkgconfig/shunt.pc)"
cat >use.c <<'C'
#include <shunt.h>
#include <stdio.h>
int main(void)
{
    const struct shunt_table *t;
    printf("%s: %s\n", shunt_version(), shunt_status_text(shunt_table_open("12345678", 8, NULL, &t, NULL)));
    return 0;
}
C
cc -std=c11 -Wall -Werror -Istage/usr/include use.c -o shared -L$lib -lshunt 2>&1
like "a program with the shared library" '^[0-9.]+: ' "$(LD_LIBRARY_PATH=$lib ./shared)"
cc -std=c11 -Istage/usr/include use.c -o static $lib/libshunt.a -lutf8proc 2>&1
like "a program with the static library" '^[0-9.]+: ' "$(./static)"
c++ -x c++ -fsyntax-only -Istage/usr/include use.c 2>&1
is "shunt.h is C++ too" 0 $?
make -s -C "$top" uninstall DESTDIR="$work/stage" PREFIX=/usr LIBDIR=/usr/lib/multi >make.log 2>&1
is "make uninstall leaves no file" "" "$(find stage -type f -o -type l | grep -v '/rules/')"
