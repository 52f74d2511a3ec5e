/*
 * One table, some tickets, for valgrind to look at: every instruction and cache line within shunt_match().
 *
 *   touch TABLE [TICKETS] [cold]     cold: everything is driven out of the cache before each ticket
 *
 * Names are looked up before; what is counted begins and ends with shunt_match() (bench/touched).
 */
#include "measure.h"
#include "said.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVICT_LEN = 1 << 18 }; /* eight times the first cache that bench/touched pretends there is */

static void read_table(const char *path, struct opened *o)
{
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END)) stop(path, "not read");
    o->len = (size_t)ftell(f);
    o->bytes = need(NULL, o->len);
    rewind(f);
    if (fread(o->bytes, 1, o->len, f) != o->len) stop(path, "not read");
    fclose(f);
    if (shunt_table_open(o->bytes, o->len, NULL, &o->table, NULL) != SHUNT_OK) stop(path, "not a table");
}

static void evict(volatile char *room)
{
    for (size_t i = 0; i < EVICT_LEN; i += 64) room[i]++;
}

static uint64_t match_each(const struct opened *o, const struct shunt_batch *b, char *room)
{
    struct shunt_ticket *k;
    struct shunt_decision d;
    uint64_t sum = 0;
    if (shunt_ticket_new(o->table, NULL, &k) != SHUNT_OK) stop("ticket", "no memory");
    for (size_t i = 0; i < shunt_batch_count(b); i++) {
        shunt_batch_say(b, i, k);
        if (room) evict(room);
        shunt_match(k, &d);
        sum += d.rule;
    }
    shunt_ticket_free(k);
    return sum;
}

int main(int argc, char **argv)
{
    struct vocabulary v;
    struct opened o;
    if (argc < 2) stop("touch", "needs a table");
    uint32_t count = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 1000;
    char *room = argc > 3 ? need(NULL, EVICT_LEN) : NULL;
    if (room) memset(room, 0, EVICT_LEN);
    vocabulary_init(&v);
    struct drawn_ticket *tickets = draw_tickets(&v, count);
    read_table(argv[1], &o);
    struct shunt_batch *b = batch_all(o.table, &v, tickets, NULL, count);
    printf("%llu\n", (unsigned long long)match_each(&o, b, room));
    shunt_batch_free(b);
    opened_release(&o);
    free(tickets);
    free(room);
    vocabulary_release(&v);
    return EXIT_SUCCESS;
}
