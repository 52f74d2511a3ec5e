/* The cases: rows of slow_*.def. */
#include "slow.h"

#include <stddef.h>

#define N12(x) x x x x x x x x x x x x
#define TEXT(name, before, each, behind)                                                                     \
    {                                                                                                        \
        .file = name, .head = before, .body = each, .tail = behind                                           \
    }
#define MADE(name, function)                                                                                 \
    {                                                                                                        \
        .file = name, .write = function                                                                      \
    }
#define GROUP ""
#define SLOW(what, size, lines, ...)                                                                         \
    {.name = GROUP ": " what, .n = size, .runs = lines, .parts = {__VA_ARGS__}},

const struct slow slow_cases[] = {
#undef GROUP
#define GROUP "names"
#include "slow_names.def"
#undef GROUP
#define GROUP "yaml"
#include "slow_yaml.def"
#undef GROUP
#define GROUP "dsl"
#include "slow_dsl.def"
#undef GROUP
#define GROUP "rules"
#include "slow_rules.def"
#undef GROUP
#define GROUP "people"
#include "slow_people.def"
#undef GROUP
#define GROUP "hours"
#include "slow_hours.def"
#undef GROUP
#define GROUP "tickets"
#include "slow_tickets.def"
#undef GROUP
#define GROUP "desk"
#include "slow_desk.def"
#undef GROUP
#define GROUP "proof"
#include "slow_proof.def"
};
const uint32_t slow_case_count = sizeof slow_cases / sizeof *slow_cases;
