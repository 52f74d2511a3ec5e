/*
 * libyaml's events in brief: what most of them say, as bytes of the source.
 *
 * An event of libyaml's is 104 bytes with copies of its texts in memory of their own. Nearly all texts of a policy stand
 * in the source as they are: of those it is said where, while libyaml's copy is in the cache, and the event ends at
 * once, by who made it. What few say besides stays with them whole.
 */
#ifndef SHUNT_COMPILER_YAML_BRIEF_H
#define SHUNT_COMPILER_YAML_BRIEF_H

#include "yaml_tree.h"

#include <yaml.h>

/* libyaml counts code points; its marks come nearly in order, so a known place is moved to the next one. */
struct yaml_marks {
    struct str text;
    bool ascii;     /* code points and bytes are the same */
    size_t cp, off; /* a place known in both, near the last one asked for */
};
uint32_t yaml_marks_off(struct yaml_marks *m, size_t index);

struct yaml_brief {
    uint8_t type;      /* enum yaml_event_type_e */
    uint8_t style;     /* enum yaml_style: of texts, lists and maps */
    bool implicit;     /* of a document's start and end */
    uint32_t from, to; /* its bytes, as libyaml marks them */
    /* NULL: there is no anchor and no tag, and a text is the bytes themselves, without their quotes. */
    const yaml_event_t *whole;
};

/* The next event. Where `whole` is not NULL it is `room`, which the caller deletes. false: parsing failed. */
bool yaml_brief_next(yaml_parser_t *parser, struct yaml_marks *marks, yaml_event_t *room, struct yaml_brief *out);

#endif
