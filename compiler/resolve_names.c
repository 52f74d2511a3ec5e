/*
 * Names: which are allowed (language.md 1.3), what to say of one that nobody declared, how many there may be.
 *
 * Assumes names in NFC. Promises that each wrong name is reported once, where it stands.
 */
#include "resolve.h"

#include <string.h>

/* The table holds indexes of 32 bits; these keep a policy within what one machine serves, and lists within
 * the table's 16-bit counts. */
const struct limits policy_limits = {
    .teams = 65535, .agents = 65535, .rules = 1000000, .names = 1000000, .list = 65535};

enum { NAME_MAX_LEN = 255, SHOWN_MAX_LEN = 120 };

/* Hints cost a comparison for each candidate: a policy of a million labels and ten thousand wrong names would
 * take an hour. After so many comparisons, about two seconds, wrong names are reported without a hint. */
enum { HINT_WORK_MAX = 5000000 };

static const struct kind_row {
    const char *word, *with_article, *verb;
} kind_rows[NAME_KIND_COUNT] = {
    [NAME_LABEL] = {"label", "a label", "is"},  [NAME_SEGMENT] = {"segment", "a segment", "is"},
    [NAME_FIELD] = {"field", "a field", "is"},  [NAME_HOURS] = {"hours", "hours", "are"},
    [NAME_AGENT] = {"agent", "an agent", "is"}, [NAME_TEAM] = {"team", "a team", "is"},
    [NAME_RULE] = {"rule", "a rule", "is"},     [NAME_CHANNEL] = {"channel", "a channel", "is"},
    [NAME_VALUE] = {"value", "a value", "is"},  [NAME_MEMBER] = {"member", "a member", "is"},
    [NAME_SKILL] = {"skill", "a skill", "is"},  [NAME_POLICY] = {"policy", "a policy", "is"},
};

struct str shown(struct resolver *r, struct str s)
{
    if (s.len <= SHOWN_MAX_LEN) return s;
    size_t len = SHOWN_MAX_LEN;
    while (len > 0 && ((unsigned char)s.p[len] & 0xc0) == 0x80) len--;
    return arena_printf(r->a, "%.*s…", (int)len, s.p);
}

/* ---- which names are allowed ---- */

static bool is_one_of(struct str s, const char *const *words)
{
    for (; *words; words++)
        if (str_eq(s, str_from(*words))) return true;
    return false;
}

static const char *reserved_field(struct str s)
{
    static const char *const built_in[] = {"channel", "labels", "segments", "priority",
                                           "subject", "body",   "customer", NULL};
    static const char *const of_events[] = {"id", "at", "event", "by", "ticket", "event_id", NULL};
    static const char *const of_conditions[] = {"and",  "or",   "not",    "true",   "false",    "has",
                                                "any",  "all",  "none",   "in",     "contains", "starts",
                                                "ends", "with", "exists", "during", "outside",  NULL};
    static const char *const later[] = {"is",   "matches", "before",  "after",  "within", "between", "of",
                                        "date", "time",    "weekday", "waited", "every",  NULL};
    if (is_one_of(s, built_in)) return "every ticket has that attribute already";
    if (is_one_of(s, of_events)) return "events use that key for themselves";
    if (is_one_of(s, of_conditions)) return "it is a word of the conditions";
    if (is_one_of(s, later)) return "the word is kept for later versions of the language";
    return NULL;
}

/* Why a name is taken, NULL where it is free. */
static const char *reserved(enum name_kind kind, struct str s)
{
    static const char *const channels[] = {"total", "other", "to", NULL};
    switch (kind) {
    case NAME_TEAM: return str_eq(s, S("unassigned")) ? "it says that no team has the ticket" : NULL;
    case NAME_CHANNEL:
        return is_one_of(s, channels) ? "the word means something else in maps by channel" : NULL;
    case NAME_HOURS: return str_eq(s, S("always")) ? "those are the hours without end" : NULL;
    case NAME_FIELD: return reserved_field(s);
    case NAME_RULE:
        if (str_eq(s, S("otherwise"))) return "decisions that no rule makes carry that name";
        return str_starts(s, S("team ")) ? "decisions that a team's `takes` makes are named so" : NULL;
    default: return NULL;
    }
}

/* The first control character (C0, DEL, C1), or 0xffff where there is none (which no NUL is). */
static uint32_t control_in(struct str s)
{
    for (size_t i = 0; i < s.len;) {
        if (s.p[i] >= 0x20 && s.p[i] < 0x7f) {
            i++;
            continue;
        }
        uint32_t cp = utf8_next(s, &i);
        if (cp < 0xa0) return cp;
    }
    return 0xffff;
}

bool name_ok(struct resolver *r, enum name_kind kind, struct name n)
{
    const struct kind_row *row = &kind_rows[kind];
    if (!n.s.p) return false;
    if (n.s.len == 0) return diag(r->d, E0201, n.at, str_from(row->with_article)), false;
    if (n.s.len > NAME_MAX_LEN) {
        diag(r->d, E0202, n.at, str_from(row->with_article), str_of_u64(r->a, n.s.len));
        return false;
    }
    uint32_t cp = control_in(n.s);
    if (cp != 0xffff) {
        diag(r->d, E0204, n.at, str_from(row->with_article), arena_printf(r->a, "U+%04X", (unsigned)cp));
        return false;
    }
    const char *why = reserved(kind, n.s);
    if (why) diag(r->d, E0205, n.at, str_from(row->with_article), n.s, str_from(why));
    return !why;
}

void name_twice(struct resolver *r, enum name_kind kind, struct name n, struct span first)
{
    const struct kind_row *row = &kind_rows[kind];
    struct diag *g = diag(r->d, E0206, n.at, str_from(row->word), shown(r, n.s), str_from(row->verb));
    diag_related(g, first, S("first declared here"));
}

/* ---- names that nobody declared ---- */

void hint_begin(struct resolver *r)
{
    r->candidates.count = 0;
}

bool hints_left(const struct resolver *r)
{
    return r->hint_work < HINT_WORK_MAX;
}

void hint_add(struct resolver *r, struct str candidate)
{
    if (hints_left(r)) *vec_push(r->a, &r->candidates) = candidate;
}

void hint_near(struct resolver *r, struct diag *about, struct str name)
{
    r->hint_work += r->candidates.count;
    diag_nearest(r->d, about, name, r->candidates.at, r->candidates.count);
}

void name_unknown(struct resolver *r, enum name_kind kind, struct name n)
{
    const struct kind_row *row = &kind_rows[kind];
    if (kind != NAME_CHANNEL && may_be_missing(r, n.at)) return; /* channels are listed in one place */
    struct diag *g = diag(r->d, E0203, n.at, str_from(row->word), shown(r, n.s), str_from(row->verb));
    hint_near(r, g, n.s);
}

uint32_t hours_named(struct resolver *r, struct str name)
{
    uint32_t id = str_eq(name, S("always")) ? 0 : strmap_get(&r->m->hours_ids, name, NONE);
    if (id < r->m->hours.count) r->m->hours.at[id].used = true;
    return id;
}

uint32_t find_hours(struct resolver *r, struct name n)
{
    if (!n.s.p) return NONE;
    uint32_t id = hours_named(r, n.s);
    if (id != NONE) return id;
    hint_begin(r);
    for (uint32_t i = 0; hints_left(r) && i < r->m->hours.count; i++) hint_add(r, r->m->hours.at[i].name.s);
    name_unknown(r, NAME_HOURS, n);
    return NONE;
}

uint32_t find_agent(struct resolver *r, struct name n)
{
    uint32_t id = n.s.p ? strmap_get(&r->m->agent_ids, n.s, NONE) : NONE;
    if (id != NONE || !n.s.p || r->over[LIMIT_AGENTS]) return id;
    hint_begin(r);
    for (uint32_t i = 0; hints_left(r) && i < r->m->agents.count; i++) hint_add(r, r->m->agents.at[i].id.s);
    name_unknown(r, NAME_AGENT, n);
    return NONE;
}

uint32_t find_team(struct resolver *r, struct name n)
{
    uint32_t id = n.s.p ? strmap_get(&r->m->team_ids, n.s, NONE) : NONE;
    if (id != NONE || !n.s.p || r->over[LIMIT_TEAMS]) return id;
    hint_begin(r);
    for (uint32_t i = 0; hints_left(r) && i < r->m->teams.count; i++) hint_add(r, r->m->teams.at[i].id.s);
    hint_add(r, S("unassigned"));
    name_unknown(r, NAME_TEAM, n);
    return NONE;
}

uint32_t find_channel(struct resolver *r, struct name n)
{
    return attr_member(r, TF_CHANNEL, n);
}

/* ---- words of fixed lists ---- */

static struct str words_listed(struct resolver *r, const char *const *words, uint32_t count)
{
    struct buf b;
    buf_init(&b, r->a);
    for (uint32_t i = 0; i < count; i++)
        buf_printf(&b, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", words[i]);
    return buf_done(&b);
}

uint32_t word_of(struct resolver *r, struct name n, const char *what, const char *const *words,
                 uint32_t count)
{
    if (!n.s.p) return NONE;
    for (uint32_t i = 0; i < count; i++)
        if (str_eq(n.s, str_from(words[i]))) return i;
    struct diag *g = diag(r->d, E0601, n.at, shown(r, n.s), str_from(what), words_listed(r, words, count));
    hint_begin(r);
    for (uint32_t i = 0; i < count; i++) hint_add(r, str_from(words[i]));
    hint_near(r, g, n.s);
    return NONE;
}

/* ---- how many ---- */

bool has_room(struct resolver *r, enum limit_kind which, uint32_t count, struct span at)
{
    static const char *const words[LIMIT_COUNT] = {
        [LIMIT_TEAMS] = "teams",
        [LIMIT_AGENTS] = "agents",
        [LIMIT_RULES] = "rules",
        [LIMIT_NAMES] = ("distinct names of labels, segments, fields, values, hours, channels and "
                         "skills")};
    const uint32_t most[LIMIT_COUNT] = {r->limits->teams, r->limits->agents, r->limits->rules,
                                        r->limits->names};
    if (count < most[which]) return true;
    if (!r->over[which]) diag(r->d, E0690, at, str_of_u64(r->a, most[which]), str_from(words[which]));
    r->over[which] = true;
    return false;
}

void count_name(struct resolver *r, struct span at)
{
    if (has_room(r, LIMIT_NAMES, r->name_count, at)) r->name_count++;
}
