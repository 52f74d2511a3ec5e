/*
 * Blocks - hours, agents, teams, rules - and what the last three say, from the grammar's actions to the tree.
 *
 * A block says each thing once; a map by channel is several statements, each channel in one of them. The
 * second is reported with the first's place, and changes nothing.
 */
#include "dsl_build.h"

#include <stddef.h>
#include <string.h>

/* ---- blocks ---- */

/* Whether t, behind the word of a declaration, must have been meant for its name. */
static bool means_name(const struct token *t)
{
    return t->kind == TK_STRING || t->kind == TK_ODD || t->kind == TK_LITERAL || t->kind == TK_NUMBER ||
           t->use == WORD_CONDITION || grammar_is_name(t->kind);
}

bool name_after(struct parse *p, const struct token *word, struct name *out)
{
    enum { SIGNS_MAX = 3 }; /* ":", "=" or "[" before it */
    struct lexer lx = p->lx;
    struct token t;
    lx.at = word->at.off + word->at.len;
    lx.paren_depth = 0;
    lx.goes_on = false;
    lx.quiet = lx.peeking = true;
    for (int signs = 0; signs <= SIGNS_MAX; signs++) {
        t = lex_next(&lx);
        if (t.kind != TK_BAD && t.kind != TK_LP && t.kind != TK_COMPARE) break;
    }
    if (!means_name(&t)) return false;
    *out = name_of(p, &t);
    return true;
}

void end_blocks(struct parse *p)
{
    if (p->rule_out) rule_keep(p->a, &p->rule, p->rule_out);
    p->rule_out = NULL;
}

/* Room for a declaration: a rule's is used again for the next one. */
static void *new_decl(struct parse *p, enum item_kind kind, size_t decl_len)
{
    end_blocks(p);
    if (kind != ITEM_RULE) return arena_alloc(p->a, decl_len);
    return memset(&p->rule, 0, sizeof p->rule);
}

/* Opens the block of `word`; NULL where it is open already: its head turned out wrong after its name was
 * read. */
static void *open_block(struct parse *p, enum item_kind kind, const struct token *word, const struct name *n,
                        size_t decl_len)
{
    struct name guess;
    if (p->decl && p->decl_off == word->at.off) return NULL;
    if (!n && name_after(p, word, &guess)) n = &guess;
    void *decl = new_decl(p, kind, decl_len);
    p->decl = decl;
    p->decl_off = word->at.off;
    p->decl_item = UINT32_MAX;
    p->none_said = 0;
    memset(p->channels, 0, sizeof p->channels);
    if (!n) return decl;
    new_item(p, kind, word, n->at);
    p->decl_item = p->file->items.count - 1;
    memcpy(decl, n, sizeof *n); /* every declaration begins with its name */
    return decl;
}

/* Only where p->decl_item says that there is one. */
static struct item *block_item(struct parse *p)
{
    return &p->file->items.at[p->decl_item];
}

void close_block(struct parse *p)
{
    end_blocks(p);
    if (p->decl_item == UINT32_MAX) return;
    struct item *item = block_item(p);
    item->at = said_from(p, item->at);
}

void open_hours(struct parse *p, const struct token *word, const struct name *n)
{
    struct hours_decl *h = open_block(p, ITEM_HOURS, word, n, sizeof *h);
    if (h && p->decl_item != UINT32_MAX) block_item(p)->u.hours = h;
}

/* The text after the name, and its key, which in the DSL is the text itself. */
static void describe(const struct text *t, struct span *key, struct text *out)
{
    if (!t || !span_said(t->at)) return;
    *key = t->at;
    *out = *t;
}

void open_agent(struct parse *p, const struct token *word, const struct name *n, const struct text *t)
{
    struct agent_decl *agent = open_block(p, ITEM_AGENT, word, n, sizeof *agent);
    if (!agent) return;
    describe(t, &agent->name_key, &agent->name);
    if (p->decl_item != UINT32_MAX) block_item(p)->u.agent = agent;
}

void open_team(struct parse *p, const struct token *word, const struct name *n, const struct text *t)
{
    struct team_decl *team = open_block(p, ITEM_TEAM, word, n, sizeof *team);
    if (!team) return;
    describe(t, &team->description_key, &team->description);
    if (p->decl_item != UINT32_MAX) block_item(p)->u.team = team;
}

void open_rule(struct parse *p, const struct token *word, const struct name *n, const struct text *t)
{
    struct rule_said *rule = open_block(p, ITEM_RULE, word, n, sizeof *rule);
    if (!rule) return;
    describe(t, &rule->more.description_key, &rule->more.description);
    if (p->decl_item == UINT32_MAX) return;
    p->rule_out = arena_new_of(p->a, struct rule_decl);
    block_item(p)->u.rule = p->rule_out;
}

struct item *open_brief_rule(struct parse *p, const struct token *word, const struct name *n)
{
    if (!open_block(p, ITEM_RULE, word, n, sizeof p->rule)) return NULL;
    block_item(p)->kind = ITEM_RULE_BRIEF;
    return block_item(p);
}

/* ---- saying things once ---- */

static const struct slot {
    size_t key_off, value_off;
    const char *spelling;
} slots[SLOT_COUNT] = {
#define SLOT(id, decl, key, value, spelling)                                                                 \
    {offsetof(struct decl, key), offsetof(struct decl, value), spelling},
#include "dsl_slots.def"
#undef SLOT
};

static struct span *slot_key(struct parse *p, enum slot_id id)
{
    return (struct span *)((char *)p->decl + slots[id].key_off);
}

static void said_twice(struct parse *p, enum slot_id id, const struct token *word)
{
    struct str what = arena_printf(p->a, "\"%s\"", slots[id].spelling);
    diag_related(diag(p->d, E0117, word->at, what), *slot_key(p, id), S("first said here"));
}

void *say_more(struct parse *p, enum slot_id id, const struct token *word)
{
    struct span *key = slot_key(p, id);
    if (p->none_said & UINT64_C(1) << id) {
        said_twice(p, id, word);
        return NULL;
    }
    if (!span_said(*key)) *key = word->at;
    return (char *)p->decl + slots[id].value_off;
}

void *say(struct parse *p, enum slot_id id, const struct token *word)
{
    if (!span_said(*slot_key(p, id))) return say_more(p, id, word);
    said_twice(p, id, word);
    return NULL;
}

void set_name(struct parse *p, const struct token *word, enum slot_id id, struct name n)
{
    struct name *out = say(p, id, word);
    if (out) *out = n;
}

void set_names(struct parse *p, const struct token *word, enum slot_id id, const names *list)
{
    names *out = say(p, id, word);
    if (out && list) *out = *list;
}

void set_flag(struct parse *p, const struct token *word, enum slot_id id, struct flag f)
{
    struct flag *out = say(p, id, word);
    if (!out) return;
    *out = f;
    if (!span_said(f.at)) out->at = word->at;
}

/* ---- by channel ---- */

/* Whether the channel is said here for the first time; where not, the first one's place comes from `at`. */
static bool new_channel(struct parse *p, enum slot_id id, const struct name *channel, uint32_t index,
                        uint32_t *first)
{
    uint32_t there = strmap_get(&p->channels[id], channel->s, UINT32_MAX);
    strmap_put(p->a, &p->channels[id], channel->s, index);
    *first = there;
    return there == UINT32_MAX;
}

static void channel_twice(struct parse *p, enum slot_id id, const struct name *channel, struct span first)
{
    struct str what = arena_printf(p->a, "\"%s\"", slots[id].spelling);
    diag_related(diag(p->d, E0118, channel->at, what, channel->s), first, S("first said here"));
}

static void add_entry(struct parse *p, enum slot_id id, channel_map *map, struct by_channel entry)
{
    uint32_t first;
    if (!entry.channel.s.p || new_channel(p, id, &entry.channel, map->count, &first))
        *vec_push(p->a, map) = entry;
    else
        channel_twice(p, id, &entry.channel, map->at[first].at);
}

static void add_entries(struct parse *p, const struct token *word, enum slot_id id, struct by_channel entry,
                        const names *channels)
{
    channel_map *map = say_more(p, id, word);
    if (!map) return;
    entry.at = said_from(p, word->at);
    if (map->count && !channels && !map->at[0].channel.s.p) {
        said_twice(p, id, word);
        return;
    }
    if (map->count && (!channels || !map->at[0].channel.s.p)) {
        struct str what = arena_printf(p->a, "\"%s\"", slots[id].spelling);
        struct diag *g = diag_related(diag(p->d, E0119, entry.at, what), map->at[0].at, S("said here"));
        diag_hint(p->d, g, "add \"for other\" to the one for every other channel");
        return;
    }
    if (!channels) add_entry(p, id, map, entry);
    for (uint32_t i = 0; channels && i < channels->count; i++) {
        entry.channel = channels->at[i];
        add_entry(p, id, map, entry);
    }
}

void add_by_channel(struct parse *p, const struct token *word, enum slot_id id, const struct name *n,
                    const names *channels)
{
    struct by_channel entry = {.value = *n, .to_team = id == TEAM_AFTER_HOURS_TO};
    add_entries(p, word, entry.to_team ? TEAM_AFTER_HOURS : id, entry, channels);
}

/* ---- agents ---- */

static bool whole_number(struct parse *p, const struct token *t, int64_t *out)
{
    if (read_integer(t->s, out)) return true;
    diag(p->d, E0126, t->at, t->s);
    return false;
}

void add_rank(struct parse *p, const struct token *word, const struct token *number, const names *channels)
{
    struct by_channel entry = {.value = {number->s, number->at}};
    if (whole_number(p, number, &entry.number)) add_entries(p, word, AGENT_RANK, entry, channels);
}

void set_weight(struct parse *p, const struct token *word, const struct token *number)
{
    struct agent_decl *agent = p->decl;
    int64_t *out = say(p, AGENT_WEIGHT, word);
    if (!out) return;
    agent->weight_at = number->at;
    if (!whole_number(p, number, out)) *out = 1;
}

void open_limits(struct parse *p, const struct token *word)
{
    say(p, AGENT_LIMITS, word);
}

void add_limit(struct parse *p, const struct name *channel, const struct token *number)
{
    struct agent_decl *agent = p->decl;
    struct limit_entry entry = {*channel, 0, span_join(channel->at, number->at)};
    uint32_t first;
    if (!whole_number(p, number, &entry.most)) return;
    if (new_channel(p, AGENT_LIMITS, channel, agent->limits.count, &first))
        *vec_push(p->a, &agent->limits) = entry;
    else
        channel_twice(p, AGENT_LIMITS, channel, agent->limits.at[first].channel.at);
}

void open_devices(struct parse *p, const struct token *word)
{
    say(p, AGENT_DEVICES, word);
}

void add_device(struct parse *p, const struct name *channel, const struct text *device)
{
    struct agent_decl *agent = p->decl;
    uint32_t first;
    if (new_channel(p, AGENT_DEVICES, channel, agent->devices.count, &first))
        *vec_push(p->a, &agent->devices) = (struct device_entry){*channel, *device};
    else
        channel_twice(p, AGENT_DEVICES, channel, agent->devices.at[first].channel.at);
}

void set_away(struct parse *p, const struct token *word, const unit_list *list)
{
    dates *out = say(p, AGENT_AWAY, word);
    if (out) read_dates(p, list, out);
}

/* ---- teams ---- */

void set_agents_all(struct parse *p, const struct token *word)
{
    struct team_decl *team = p->decl;
    if (say(p, TEAM_AGENTS, word)) team->agents_all = true;
}

void add_takes(struct parse *p, const struct token *word, const match_tests *tests)
{
    struct team_decl *team = p->decl;
    say_more(p, TEAM_TAKES, word);
    struct take *take = vec_push(p->a, &team->takes);
    take->tests = *tests;
    take->at = said_from(p, tests->at[0]->at);
    team->takes_listed = team->takes.count > 1;
}

/* ---- rules ---- */

void set_when(struct parse *p, const struct token *word, struct expr *when)
{
    struct expr **out = say(p, RULE_WHEN, word);
    if (out) *out = when;
}

void set_match(struct parse *p, const struct token *word, const match_tests *tests)
{
    match_tests *out = say(p, RULE_MATCH, word);
    if (out) *out = *tests;
}

void set_active(struct parse *p, const struct token *word, const unit_list *list)
{
    dates *out = say(p, RULE_ACTIVE, word);
    if (out) read_dates(p, list, out);
}

void set_to(struct parse *p, const struct token *word, const steps *to)
{
    steps *out = say(p, RULE_TO, word);
    if (out && to) *out = *to;
}

void set_continue(struct parse *p, const struct token *word)
{
    bool *out = say(p, RULE_CONTINUE, word);
    if (out) *out = true;
}
