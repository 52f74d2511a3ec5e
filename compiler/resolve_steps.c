/*
 * Steps of a YAML policy that are spelled as in the DSL ("billing, then agent anna after 2h"): YAML reads
 * each as one name, which no team has. Says what to write instead.
 *
 * Assumes agents and teams declared.
 */
#include "resolve.h"
#include "yaml_quote.h"

#include <string.h>

static bool take_word(struct str *s, struct str word)
{
    if (!str_starts(*s, word)) return false;
    s->p += word.len;
    s->len -= word.len;
    return true;
}

/* Cuts s off before the first `mark`; gives what stands behind it, .p NULL where there is none. */
static struct str cut_at(struct str *s, struct str mark)
{
    for (size_t i = 1; i + mark.len <= s->len; i++) {
        if (memcmp(s->p + i, mark.p, mark.len)) continue;
        struct str rest = {s->p + i + mark.len, s->len - i - mark.len};
        s->len = i;
        return rest;
    }
    return (struct str){NULL, 0};
}

/* "agent anna after 2h" as YAML; false where nothing but a name was spelled. */
static bool put_yaml_step(struct resolver *r, struct buf *b, struct str s, bool first)
{
    bool said = take_word(&s, S("then ")), team = take_word(&s, S("team "));
    bool agent = !team && take_word(&s, S("agent "));
    struct str after = cut_at(&s, S(" after "));
    said |= team | agent | (after.p != NULL);
    bool nobody = !team && !agent && str_eq(s, S("unassigned"));
    if (!team && strmap_get(&r->m->team_ids, s, NONE) == NONE)
        agent |= strmap_get(&r->m->agent_ids, s, NONE) != NONE;
    bool map = !first || agent;
    buf_puts(b, !map ? "" : agent ? "{agent: " : nobody ? "{unassigned: true" : "{team: ");
    if (!map || !nobody) yaml_put_text(b, s, true);
    if (!first) buf_puts(b, ", after: ");
    if (!first) yaml_put_text(b, after.p ? after : S("2h"), true);
    if (map) buf_puts(b, "}");
    return said;
}

/* What to write in YAML for a step that is spelled as in the DSL, or for some, between commas; .p NULL: it is
 * not so spelled. A first step has no time. */
static struct str yaml_step(struct resolver *r, struct name n, bool first)
{
    struct str s = n.s, rest = {NULL, 0}, whole = n.s;
    struct buf b;
    if (!n.s.p || !spelling(r, n.at, "YAML", NULL)) return rest;
    bool many = cut_at(&whole, S(" after ")).p != NULL;
    if (many) rest = cut_at(&s, S(", "));
    if (many && !rest.p) rest = cut_at(&s, S(" then "));
    buf_init(&b, r->a);
    if (rest.p) buf_puts(&b, "[");
    bool said = put_yaml_step(r, &b, s, first) || rest.p;
    while (rest.p) {
        s = rest;
        rest = cut_at(&s, S(", "));
        buf_puts(&b, ", ");
        put_yaml_step(r, &b, s, false);
        if (!rest.p) buf_puts(&b, "]");
    }
    return said ? buf_done(&b) : (struct str){NULL, 0};
}

bool report_dsl_step(struct resolver *r, struct name n, bool first)
{
    if (!n.s.p || r->over[LIMIT_TEAMS] || strmap_get(&r->m->team_ids, n.s, NONE) != NONE) return false;
    if (strmap_get(&r->m->agent_ids, n.s, NONE) != NONE) return false;
    struct str instead = yaml_step(r, n, first);
    if (!instead.p) return false;
    struct diag *g = diag(r->d, E0203, n.at, S("team"), shown(r, n.s), S("is"));
    bool at_once = first && instead.p[0] != '[' && cut_at(&n.s, S(" after ")).p;
    diag_hint(r->d, g, "write %.*s%s", (int)instead.len, instead.p,
              at_once ? ": the first step begins at once" : "");
    return true;
}
