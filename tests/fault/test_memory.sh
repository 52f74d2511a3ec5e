#!/usr/bin/env bash
# Allocations of every command fail, alone and with all that follow (tests/fault/sweep.c says what must hold then): a
# sample of them. `make faults` makes each fail.
# shellcheck source=tests/test_shell.bash
. tests/test_shell.bash
export LC_ALL=C
tools=$top/$BUILD/tests/fault
if sanitized; then
    echo "ok the sanitizers' own allocator is in the way: the plain build shows it"
    exit 0
fi
# shellcheck source=tests/fault/runs.bash
. "$top/tests/fault/runs.bash"
"$tools/sweep" memory "$tools/shunt" "$tools/fail_alloc.so" runs.txt "${SHUNT_FAULT_STEP:-13}" "${SHUNT_FAULT_SEED:-5}"
