/*
 * Words for what the library answers: statuses, its version, priorities. All static.
 */
#include "table.h"

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

const char *shunt_status_text(enum shunt_status status)
{
    switch (status) {
    case SHUNT_OK: return "fine";
    case SHUNT_NO_MEMORY: return "out of memory";
    case SHUNT_NOT_A_TABLE: return "not a compiled table";
    case SHUNT_TABLE_VERSION: return "the table was made for another version of shunt";
    case SHUNT_TABLE_DAMAGED: return "the table is damaged";
    case SHUNT_BAD_TEXT: return "the text is not UTF-8 or holds U+0000";
    case SHUNT_BAD_VALUE: return "the value is of the wrong type or out of range";
    case SHUNT_UNKNOWN: return "the policy does not know this name";
    case SHUNT_REFUSED: return "the event is refused";
    case SHUNT_NOT_A_DESK: return "not a saved desk";
    case SHUNT_DESK_DAMAGED: return "the saved desk is damaged";
    case SHUNT_OTHER_TABLE: return "it belongs to another table";
    }
    return "unknown status";
}

const char *shunt_version(void)
{
    return TEXT(SHUNT_VERSION_MAJOR) "." TEXT(SHUNT_VERSION_MINOR) "." TEXT(SHUNT_VERSION_PATCH);
}

const struct shunt_string sh_priority_names[] = {{"low", 3}, {"normal", 6}, {"high", 4}, {"urgent", 6}};

const char *shunt_priority_name(unsigned priority)
{
    return priority <= SHUNT_PRIORITY_URGENT ? sh_priority_names[priority].bytes : NULL;
}
