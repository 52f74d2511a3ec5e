/*
 * A member of a team, as an attempt found them, in words: at which stage of desk.md 3 and 4 they were left
 * out, and what would have to be otherwise. See explain.h.
 */
#include "explain.h"

#include <stdlib.h>

/* So many skills or channels of a member are named. */
enum { LISTED_MAX = 20 };

/* What a sentence is about. */
struct about {
    struct explain *x;
    const struct explain_attempt *attempt;
    const struct shunt_member *m;
    const struct tf_agent *agent;
    struct member_words *words;
};

static void place(struct about *b)
{
    b->words->place = view_span(&b->x->v, TF_S_AGENT, b->m->agent);
}

/* ---- left out before the strategy ---- */

static void not_online(struct about *b)
{
    uint32_t team = b->attempt->told.team;
    struct str channel = speak_for(b->x, b->attempt->told.channel);
    bool on_shift = team != SHUNT_NONE && b->x->v.TEAM.at[team].on_shift;
    bool elsewhere = b->x->desk && shunt_desk_is_online(b->x->desk, b->m->agent);
    b->words->why = phrase(b->x, elsewhere ? "online, but not%.*s" : "not online%.*s", SAY(channel));
    b->words->needs = phrase(b->x, "to go online%.*s", SAY(channel));
    if (on_shift) b->words->needs = phrase(b->x, "to go online%.*s, or hours of their own", SAY(channel));
}

static void off_shift(struct about *b)
{
    uint32_t hours = le32(b->agent->hours);
    bool away = hours == TF_NONE || shunt_hours_open(b->x->table, hours, b->attempt->told.at_sec);
    struct str name = hours == TF_NONE ? S("") : str_of(shunt_hours_name(b->x->table, hours));
    place(b);
    if (!b->m->has_shift_from) {
        b->words->why = away ? S("away, without an end") : S("off shift, and never on shift again");
        b->words->needs = away ? S("to be back from their days away") : S("other hours");
        return;
    }
    struct str from = speak_time_of(b->x, b->m->shift_from_sec, hours);
    b->words->why = phrase(b->x, away ? "away until %.*s" : "on shift from %.*s", SAY(from));
    b->words->needs =
        away ? S("the ticket to wait until then, or no day away")
             : phrase(b->x, "the ticket to wait until then, or other hours than %.*s", SAY(name));
}

static void not_served(struct about *b)
{
    uint32_t first = le32(b->agent->channel_first), count = le32(b->agent->channel_count);
    struct str wanted = speak_channel(b->x, b->attempt->told.channel);
    struct buf list;
    buf_init(&list, b->x->a);
    for (uint32_t i = 0; i < count && i < LISTED_MAX; i++) {
        buf_puts(&list, i ? ", " : "");
        buf_str(&list, speak_channel(b->x, le32(b->x->v.LIST.at[first + i])));
    }
    if (count > LISTED_MAX) buf_printf(&list, " and %u more", (unsigned)count - LISTED_MAX);
    place(b);
    struct str served = buf_done(&list);
    b->words->why = phrase(b->x, "does not serve %.*s, only %.*s", SAY(wanted), SAY(served));
    b->words->needs = phrase(b->x, "%.*s among their channels", SAY(wanted));
}

static void note_skills(const struct about *b)
{
    const struct tf_agent *a = b->agent;
    b->x->member_number++;
    for (uint32_t i = 0; i < le32(a->skill_count); i++)
        b->x->skill_seen[le32(b->x->v.LIST.at[le32(a->skill_first) + i])] = b->x->member_number;
}

/* One of an earlier policy nobody has. */
static bool has_skill(const struct about *b, uint32_t skill)
{
    return skill < b->x->v.SKILL.count && b->x->skill_seen[skill] == b->x->member_number;
}

static void no_skill(struct about *b)
{
    const struct shunt_attempt *told = &b->attempt->told;
    struct buf list;
    size_t missing = 0;
    buf_init(&list, b->x->a);
    note_skills(b);
    for (size_t i = 0; i < told->require_count && missing <= LISTED_MAX; i++) {
        if (has_skill(b, told->require[i])) continue;
        if (missing++ < LISTED_MAX) {
            buf_puts(&list, missing > 1 ? ", " : "");
            buf_str(&list, speak_skill(b->x, told->require[i]));
        }
    }
    if (missing > LISTED_MAX) buf_puts(&list, " and more");
    place(b);
    struct str names = buf_done(&list);
    b->words->why = phrase(b->x, missing > 1 ? "lacks the skills %.*s" : "lacks the skill %.*s", SAY(names));
    b->words->needs = missing > 1 ? S("those skills, or a rule that does not require them")
                                  : S("that skill, or a rule that does not require it");
}

/* How many tickets too many for one more; 0: there is room. */
static uint32_t too_many(uint32_t open, uint32_t limit)
{
    return limit == SHUNT_NONE || open < limit ? 0 : open - limit + 1;
}

/* Of the two limits, the one that takes more to get below. */
static void full(struct about *b)
{
    const struct shunt_member *m = b->m;
    uint32_t on_channel = too_many(m->open_channel, m->limit_channel);
    uint32_t in_all = too_many(m->open_total, m->limit_total);
    bool by_channel_limit = on_channel && (on_channel >= in_all || m->limit_channel == 0);
    uint32_t over = by_channel_limit ? on_channel : in_all;
    uint32_t open = by_channel_limit ? m->open_channel : m->open_total;
    uint32_t limit = by_channel_limit ? m->limit_channel : m->limit_total;
    struct str where = by_channel_limit ? speak_on(b->x, b->attempt->told.channel) : S(" in all");
    place(b);
    if (limit == 0) {
        b->words->why = phrase(b->x, "takes no tickets%.*s: the limit is 0", SAY(where));
        b->words->needs = S("a higher limit");
        return;
    }
    b->words->why = phrase(b->x, "full, %u of %u tickets%.*s", open, limit, SAY(where));
    if (on_channel && !by_channel_limit) {
        struct str on = speak_on(b->x, b->attempt->told.channel);
        b->words->why = phrase(b->x, "%.*s, %u of %u%.*s", SAY(b->words->why), m->open_channel,
                               m->limit_channel, SAY(on));
        b->words->needs = phrase(b->x, "to close %u or set them pending, at least %u%.*s, or higher limits",
                                 over, on_channel, SAY(on));
        return;
    }
    b->words->needs = over == 1 ? S("to close one or set one pending, or a higher limit")
                                : phrase(b->x, "to close %u or set them pending, or a higher limit", over);
}

static void by_rank(struct about *b)
{
    uint32_t best = b->x->members.best_rank;
    place(b);
    b->words->why = phrase(b->x, "rank %u, asked only when nobody of rank %u can", b->m->rank, best);
    b->words->needs = phrase(b->x, "rank %u as well", best);
}

/* ---- left out by the strategy ---- */

/* The one of those who could have it whose turn comes right before. */
static const struct shunt_member *before_in_turn(const struct explain_members *all,
                                                 const struct shunt_member *m)
{
    size_t lo = 0, hi = all->in_turn_count;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (all->in_turn[mid]->turn < m->turn)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo ? all->in_turn[lo - 1] : NULL;
}

static void in_turn(struct about *b)
{
    const struct shunt_member *before = before_in_turn(&b->x->members, b->m);
    if (b->m->turn == SHUNT_NONE || !before) {
        b->words->why = S("their turn comes later");
        return;
    }
    struct str name = speak_agent(b->x, before->agent);
    bool next = before->stage == SHUNT_STAGE_CHOSEN;
    b->words->why = phrase(b->x, next ? "next in turn after %.*s" : "in turn after %.*s", SAY(name));
}

/* Their measure and the chosen one's, or the tie. */
static void by_load(struct about *b, bool fewest)
{
    const struct shunt_member *c = b->x->members.chosen;
    struct str on = speak_on(b->x, b->attempt->told.channel), name = speak_agent(b->x, c->agent);
    if (b->m->open_channel != c->open_channel) {
        b->words->why =
            phrase(b->x, "%u open%.*s, %.*s has %u", b->m->open_channel, SAY(on), SAY(name), c->open_channel);
        if (fewest)
            b->words->needs = phrase(b->x, "fewer open than %.*s", SAY(name));
        else
            b->words->needs =
                phrase(b->x, "more open than %.*s: this team fills one agent after the other", SAY(name));
        return;
    }
    if (fewest) in_turn(b);
    struct str turn = fewest ? b->words->why : phrase(b->x, "%.*s stands first in the team", SAY(name));
    b->words->why =
        phrase(b->x, "%u open%.*s, as many as %.*s; %.*s", b->m->open_channel, SAY(on), SAY(name), SAY(turn));
}

/* What both limits leave; UINT32_MAX: no limit. */
static uint32_t room_of(const struct shunt_member *m)
{
    uint32_t room = UINT32_MAX;
    if (m->limit_channel != SHUNT_NONE) room = m->limit_channel - m->open_channel;
    if (m->limit_total != SHUNT_NONE && m->limit_total - m->open_total < room)
        room = m->limit_total - m->open_total;
    return room;
}

static struct str room_words(struct explain *x, uint32_t room)
{
    return room == UINT32_MAX ? S("no limit") : phrase(x, "room for %u more", room);
}

static void by_room(struct about *b)
{
    const struct shunt_member *c = b->x->members.chosen;
    uint32_t room = room_of(b->m), theirs = room_of(c);
    struct str own = room_words(b->x, room), other = room_words(b->x, theirs),
               name = speak_agent(b->x, c->agent);
    if (room == theirs) {
        in_turn(b);
        struct str turn = b->words->why;
        b->words->why = phrase(b->x, "%.*s, as %.*s has; %.*s", SAY(own), SAY(name), SAY(turn));
        return;
    }
    b->words->why = phrase(b->x, "%.*s, %.*s has %.*s", SAY(own), SAY(name), SAY(other));
    b->words->needs = phrase(b->x, "more room than %.*s", SAY(name));
}

static void by_idle(struct about *b)
{
    const struct shunt_member *c = b->x->members.chosen;
    struct str name = speak_agent(b->x, c->agent);
    if (b->m->last_automatic == c->last_automatic)
        b->words->why =
            phrase(b->x, "never had an automatic ticket, nor had %.*s; %.*s stands first in the team",
                   SAY(name), SAY(name));
    else if (c->last_automatic == 0)
        b->words->why = phrase(b->x, "had an automatic ticket before, %.*s never had one", SAY(name));
    else
        b->words->why = phrase(b->x, "had their last automatic ticket after %.*s had theirs", SAY(name));
}

static void by_weight(struct about *b)
{
    const struct shunt_member *c = b->x->members.chosen;
    struct str name = speak_agent(b->x, c->agent);
    long long own = (long long)b->m->weight_sum + b->m->weight, other = (long long)c->weight_sum + c->weight;
    if (own == other)
        b->words->why = phrase(b->x, "weight %u, as far behind their share as %.*s, who comes first",
                               b->m->weight, SAY(name));
    else
        b->words->why = phrase(b->x, "weight %u, less behind their share than %.*s (%lld to %lld)",
                               b->m->weight, SAY(name), own, other);
}

/* The strategy that picked; a bulk assignment and a sticky one are told of by their why. */
static void by_strategy(struct about *b)
{
    const struct shunt_member *c = b->x->members.chosen;
    const struct shunt_attempt *told = &b->attempt->told;
    if (!c) return;
    struct str name = speak_agent(b->x, c->agent);
    if (told->why == SHUNT_WHY_STICKY) {
        b->words->why = phrase(b->x, "could have it, but %.*s had this customer last", SAY(name));
        b->words->needs = phrase(b->x, "%.*s not to be able to take it", SAY(name));
        return;
    }
    switch (told->strategy) {
    case SHUNT_WHY_ROUND_ROBIN: in_turn(b); break;
    case SHUNT_WHY_WEIGHTED: by_weight(b); break;
    case SHUNT_WHY_LEAST_BUSY: by_load(b, true); break;
    case SHUNT_WHY_MOST_BUSY: by_load(b, false); break;
    case SHUNT_WHY_SPARE_CAPACITY: by_room(b); break;
    case SHUNT_WHY_LONGEST_IDLE: by_idle(b); break;
    case SHUNT_WHY_RANDOM:
        b->words->why = phrase(b->x, "could have it; the lot fell on %.*s", SAY(name));
        break;
    default: b->words->why = phrase(b->x, "could have it; %.*s was picked", SAY(name)); break;
    }
}

/* ---- chosen ---- */

static void by_what(struct about *b)
{
    const struct shunt_member *m = b->m;
    struct str on = speak_on(b->x, b->attempt->told.channel), room;
    struct str *why = &b->words->why;
    switch (b->attempt->told.strategy) {
    case SHUNT_WHY_ROUND_ROBIN: *why = S("gets it: next in turn"); break;
    case SHUNT_WHY_WEIGHTED:
        *why = phrase(b->x, "gets it: furthest behind their share (weight %u)", m->weight);
        break;
    case SHUNT_WHY_LEAST_BUSY:
        *why = phrase(b->x, "gets it: fewest open%.*s (%u)", SAY(on), m->open_channel);
        break;
    case SHUNT_WHY_MOST_BUSY:
        *why = phrase(b->x, "gets it: most open%.*s (%u), and room for one more", SAY(on), m->open_channel);
        break;
    case SHUNT_WHY_SPARE_CAPACITY:
        room = room_words(b->x, room_of(m));
        *why = phrase(b->x, "gets it: most room left (%.*s)", SAY(room));
        break;
    case SHUNT_WHY_LONGEST_IDLE:
        *why = m->last_automatic ? S("gets it: longest since their last automatic ticket")
                                 : S("gets it: never had an automatic ticket");
        break;
    case SHUNT_WHY_RANDOM: *why = S("gets it: drawn by lot"); break;
    default: *why = S("gets it"); break;
    }
}

static void chosen(struct about *b)
{
    const struct shunt_attempt *told = &b->attempt->told;
    if (told->status == SHUNT_OFFERED)
        b->words->why = S("is offered it");
    else if (told->why == SHUNT_WHY_STICKY)
        b->words->why = S("gets it: had this customer's last ticket in this team");
    else if (told->why == SHUNT_WHY_AGENT)
        b->words->why = S("gets it: the step names them");
    else
        by_what(b);
}

static const struct stage {
    const char *name;
    void (*tell)(struct about *b);
} stages[] = {
    [SHUNT_STAGE_ONLINE] = {"online", not_online},      [SHUNT_STAGE_SHIFT] = {"shift", off_shift},
    [SHUNT_STAGE_CHANNEL] = {"channel", not_served},    [SHUNT_STAGE_SKILL] = {"skill", no_skill},
    [SHUNT_STAGE_CAPACITY] = {"capacity", full},        [SHUNT_STAGE_RANK] = {"rank", by_rank},
    [SHUNT_STAGE_STRATEGY] = {"strategy", by_strategy}, [SHUNT_STAGE_CHOSEN] = {"chosen", chosen},
};

/* ---- even then ---- */

static struct str also(struct about b, unsigned stage, struct str so_far)
{
    struct member_words words = {.why = S("")};
    b.words = &words;
    stages[stage].tell(&b);
    return phrase(b.x, "%.*s%s%.*s", SAY(so_far), so_far.len ? "; " : "", SAY(words.why));
}

/* The stages after the one at which they were left out, as if that were mended. */
static struct str even_then(const struct about *b)
{
    struct str then = S("");
    if (b->m->stage >= SHUNT_STAGE_RANK) return then;
    for (unsigned stage = b->m->stage + 1U; stage < SHUNT_STAGE_RANK; stage++)
        if (b->m->stages & 1U << stage) then = also(*b, stage, then);
    return b->m->rank > b->x->members.best_rank ? also(*b, SHUNT_STAGE_RANK, then) : then;
}

/* ---- all of them ---- */

/* By turn; no two of a team have the same. */
static int turn_cmp(const void *a, const void *b)
{
    const struct shunt_member *x = *(const struct shunt_member *const *)a,
                              *y = *(const struct shunt_member *const *)b;
    return (x->turn > y->turn) - (x->turn < y->turn);
}

/* Once for an attempt: looked for by each member anew, n members would cost n * n. */
static void look_at_all(struct explain *x, const struct explain_attempt *a)
{
    struct explain_members all = {.of = a, .best_rank = UINT32_MAX};
    all.in_turn = arena_array(x->a, const struct shunt_member *, a->told.member_count);
    for (size_t i = 0; i < a->told.member_count; i++) {
        const struct shunt_member *m = &a->members[i];
        if (m->stage == SHUNT_STAGE_CHOSEN && !all.chosen) all.chosen = m;
        if (m->stage >= SHUNT_STAGE_RANK && m->rank < all.best_rank) all.best_rank = m->rank;
        if (m->stage >= SHUNT_STAGE_STRATEGY) all.in_turn[all.in_turn_count++] = m;
    }
    if (all.in_turn_count > 1) qsort(all.in_turn, all.in_turn_count, sizeof *all.in_turn, turn_cmp);
    x->members = all;
}

struct member_words explain_member(struct explain *x, const struct explain_attempt *attempt,
                                   const struct shunt_member *member)
{
    struct member_words words = {stages[member->stage].name, S("could have it"), S(""), S(""), NULL};
    struct about about = {x, attempt, member, &x->v.AGENT.at[member->agent], &words};
    if (x->members.of != attempt) look_at_all(x, attempt);
    stages[member->stage].tell(&about);
    words.then = even_then(&about);
    return words;
}

struct str speak_member(struct explain *x, const struct member_words *words)
{
    struct str text = words->why;
    if (words->needs.len) text = phrase(x, "%.*s; would need %.*s", SAY(text), SAY(words->needs));
    if (words->then.len) text = phrase(x, "%.*s; even then: %.*s", SAY(text), SAY(words->then));
    return text;
}
