/*
 * The key for hashes of what strangers name: ids of tickets and events. Another in each run; nothing that is
 * answered may depend on it. All zero where the system gives none.
 */
#ifndef SHUNT_CLI_HASH_KEY_H
#define SHUNT_CLI_HASH_KEY_H

#include "siphash.h"

struct sip_key cli_hash_key(void);

#endif
