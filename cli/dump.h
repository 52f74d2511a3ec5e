/*
 * Inside `shunt dump`: what is walked and where it goes. Nobody else includes it.
 *
 * Two writers walk the same open table, one for people (dump_text*.c), one for programs (dump_json*.c); what
 * both say in words is made by dump_words.c.
 */
#ifndef SHUNT_CLI_DUMP_H
#define SHUNT_CLI_DUMP_H

#include "cli.h"
#include "table_view.h"
#include "view_hours.h"

struct dump {
    struct out *o;
    const struct table_view *v;
    struct buf words; /* room for one piece of text at a time */
    bool first;       /* JSON: nothing stands before in the object or list at hand */
};

/* A row of the directory. */
struct dump_section {
    uint32_t id;
    const char *name; /* "?" for one that this program does not know */
    uint64_t record_len, count;
};
struct dump_section dump_section(const struct table_view *v, uint32_t i);

/* One of the table's two indexes, as numbers. */
struct dump_index {
    const char *name;
    uint32_t entries, buckets, largest, unfiled; /* buckets in use; entries in the last one */
    uint32_t largest_bucket;                     /* the atom of the largest bucket that has one; TF_NONE */
};
struct dump_index dump_index(const struct table_view *v, bool deciding);

/* ---- dump_words.c: each writes d->words anew and answers it ---- */

struct str words_place(struct dump *d, enum tf_span_kind kind, uint32_t index); /* "acme.yaml:31", or empty */
struct str words_code(struct dump *d, uint32_t code_off);
struct str words_windows(struct dump *d, uint32_t window_set);
struct str words_day(struct dump *d, bool yearly, le32_t day);
struct str words_range(struct dump *d, bool yearly, le32_t from, le32_t to);
struct str words_closed(struct dump *d, const struct tf_hours *h); /* all days that are closed */
struct str words_intervals(struct dump *d,
                           const struct view_day *day);   /* "09:00-12:00, 13:00-16:00", "closed" */
struct str words_duration(struct dump *d, uint32_t sec);  /* "1h30m" */
struct str words_offset(struct dump *d, int32_t sec);     /* "+01:00" */
struct str words_change(struct dump *d, const struct tf_zone_rule *rule); /* "M3.5.0/02:00" */
struct str words_rule(struct dump *d, uint32_t rule); /* its name; "team billing", "otherwise" */
struct str words_atom(struct dump *d, uint32_t atom); /* "labels refund" */
struct str words_target(struct dump *d,
                        const struct tf_step *step);          /* "billing", "agent anna", "unassigned" */
struct str words_after_hours(struct dump *d, uint32_t value); /* "hold", "leave", "to nights" */

/* Names of things by index; static or the table's. */
const char *word_type(uint32_t type);
const char *word_role(uint32_t role);
const char *word_strategy(uint32_t strategy);
const char *word_rotation(uint32_t rotation);
const char *word_pattern(uint32_t atom_kind);
const char *word_weekday(uint32_t day); /* 0 Monday */
/* The name of a value of attribute channel, an agent, a team, hours, a skill. */
struct str name_of_channel(const struct table_view *v, uint32_t channel);
struct str name_of_atom(const struct table_view *v, uint32_t atom);
struct str name_of_skill(const struct table_view *v, uint32_t skill);
/* A description of a rule or an atom; .p NULL: none. */
struct str view_description(const struct table_view *v, enum tf_described kind, uint32_t index);

/* ---- the writers ---- */

void dump_text(struct dump *d);
void dump_text_sections(struct dump *d, bool per_rule);
void dump_text_hours(struct dump *d); /* dump_text_people.c: hours, zones, agents, teams */
void dump_text_people(struct dump *d);
void text_line(struct dump *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

void dump_json(struct dump *d);
void dump_json_hours(struct dump *d); /* dump_json_people.c */
void dump_json_people(struct dump *d);
/* One of them, as an item of a list. */
void dump_json_one_hours(struct dump *d, uint32_t index);
void dump_json_agent(struct dump *d, uint32_t index);
void dump_json_team(struct dump *d, uint32_t index);
/* key NULL: an item of a list */
void json_open(struct dump *d, const char *key, char bracket);
void json_close(struct dump *d, char bracket);
void json_text(struct dump *d, const char *key, struct str text); /* nothing where text.p is NULL */
void json_number(struct dump *d, const char *key, int64_t n);
void json_bool(struct dump *d, const char *key, bool value);
void json_place(struct dump *d, enum tf_span_kind kind, uint32_t index);

#endif
