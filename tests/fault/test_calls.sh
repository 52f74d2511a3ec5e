#!/usr/bin/env bash
# Opening, reading, writing, syncing, renaming, closing fail, with each errno in turn, alone and with all that follow;
# are cut short; are interrupted (tests/fault/sweep.c says what must hold then): a sample. `make faults` makes each fail.
# shellcheck source=tests/test_shell.bash
. tests/test_shell.bash
export LC_ALL=C
tools=$top/$BUILD/tests/fault
if sanitized; then
    echo "ok calls are made to fail in the plain build"
    exit 0
fi
# shellcheck source=tests/fault/runs.bash
. "$top/tests/fault/runs.bash"
"$tools/sweep" calls "$tools/shunt" "$tools/fail_alloc.so:$tools/fail_call.so" runs.txt "${SHUNT_FAULT_STEP:-7}" "${SHUNT_FAULT_SEED:-3}"
