/* Random numbers for the keys of hashes: those that the kernel gives every process when it begins. See
 * hash_key.h. */
#include "hash_key.h"

#include <string.h>
#include <sys/auxv.h>

struct sip_key cli_hash_key(void)
{
    struct sip_key key = {{0, 0}};
    const void *random = (const void *)(uintptr_t)getauxval(AT_RANDOM);
    if (random) memcpy(key.k, random, sizeof key.k);
    return key;
}
