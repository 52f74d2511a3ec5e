/* Whether SQLite ran out of memory: see state_file.h. */
#include "state_file.h"

static sqlite3_mem_methods below; /* SQLite's own */
static bool ran_out;

static void *watched(void *block)
{
    ran_out |= !block;
    return block;
}

static void *give(int len)
{
    return watched(below.xMalloc(len));
}

static void *resize(void *block, int len)
{
    return watched(below.xRealloc(block, len));
}

/* Only before SQLite's first use can it be told; where it has been used already, it is as it was. */
void state_memory_watch(void)
{
    ran_out = false;
    if (below.xMalloc || sqlite3_config(SQLITE_CONFIG_GETMALLOC, &below) != SQLITE_OK) return;
    sqlite3_mem_methods methods = below;
    methods.xMalloc = give;
    methods.xRealloc = resize;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

bool state_memory_ran_out(void)
{
    return ran_out;
}
