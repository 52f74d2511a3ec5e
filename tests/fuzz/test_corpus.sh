#!/usr/bin/env bash
# The tables among the fuzz targets' inputs can be read by this version: where the format has changed they are made anew, by
# shunt compile, or what is learnt from them would be no more than that.
set -u
cd "$(dirname "$0")/../.." || exit 2
for table in tests/fuzz/corpus/fuzz_table/*.table; do
    if "$SHUNT" dump "$table" >/dev/null 2>&1; then
        echo "ok $table opens"
    else
        echo "not ok $table does not open: make it anew from a policy of that name"
    fi
done
