/*
 * Inputs made to be slow, each of any size: what they look like and how the program is run on them.
 *
 * An input is made of parts. Each adds to a file its head once, its body n times, with the number of the time
 * for every %u in it, and its tail once. What cannot be said so is a function.
 */
#ifndef SHUNT_TESTS_SLOW_H
#define SHUNT_TESTS_SLOW_H

#include <stdbool.h>
#include <stdint.h>

enum { SLOW_PARTS = 8 };

struct slow_part {
    const char *file, *head, *body, *tail;
    void (*write)(const char *file, uint32_t n); /* instead */
};
struct slow {
    const char *name;
    uint32_t n;       /* the size that is measured first; the second is SLOW_STEP times as large */
    const char *runs; /* lines "STATUS ARGUMENTS…", each measured by itself */
    struct slow_part parts[SLOW_PARTS];
};
enum { SLOW_STEP = 8 };

extern const struct slow slow_cases[];
extern const uint32_t slow_case_count;

/* slow_write.c: for parts that are functions. */
void slow_colliding_tickets(const char *file, uint32_t n);
void slow_colliding_customers(const char *file, uint32_t n);
void slow_colliding_skills(const char *file, uint32_t n);
void slow_colliding_labels(const char *file, uint32_t n);
void slow_colliding_conditions(const char *file, uint32_t n);
void slow_many_includes(const char *file, uint32_t n);

#endif
