/*
 * What brought a case about, what an attempt came to, and where the ticket then is, in sentences: see
 * explain.h. For admins: short, and with what to do where somebody has to do something.
 */
#include "explain.h"

/* ---- what brought it about ---- */

static struct str said(const struct explain_case *c, enum event_key key)
{
    const struct json_value *v = c->cause.event ? c->cause.event->said[key] : NULL;
    return v && v->type == JSON_TEXT ? (struct str){v->text.p, v->text.len} : (struct str){NULL, 0};
}

/* Who does it, for events in which an absent `by` is the agent. */
static struct str doer(const struct explain_case *c)
{
    struct str agent = said(c, EVENT_KEY_AGENT), by = said(c, EVENT_KEY_BY);
    return agent.p ? agent : by.p ? by : S("somebody");
}

static struct str by_whom(struct explain *x, const struct explain_case *c)
{
    struct str by = said(c, EVENT_KEY_BY);
    return by.p ? phrase(x, ", by %.*s", SAY(by)) : S("");
}

static struct str due_words(struct explain *x, const struct explain_case *c)
{
    for (size_t i = 0; i < c->attempt_count; i++)
        if (!c->attempts[i].told.drain) return S("its next step fell due");
    if (x->v.POLICY.at->presence_day)
        return S("hours opened or closed, a shift began, or midnight signed everybody out");
    return S("hours opened or closed, or a shift began");
}

static struct str switch_words(struct explain *x, const struct explain_case *c)
{
    const struct json_value *on = c->cause.event->said[EVENT_KEY_ON];
    struct str team = said(c, EVENT_KEY_TEAM);
    const char *word = on && on->truth ? "on" : "off";
    if (team.p) return phrase(x, "automatic assignment was switched %s for %.*s", word, SAY(team));
    return phrase(x, "automatic assignment was switched %s", word);
}

static struct str assign_words(struct explain *x, const struct explain_case *c)
{
    struct str agent = said(c, EVENT_KEY_AGENT), team = said(c, EVENT_KEY_TEAM), by = by_whom(x, c);
    if (team.p) return phrase(x, "it was given to the team %.*s%.*s", SAY(team), SAY(by));
    return phrase(x, "it was given to %.*s%.*s", SAY(agent), SAY(by));
}

/* A sentence with the doer in front, or one with who did it behind. */
static struct str event_words(struct explain *x, const struct explain_case *c)
{
    struct str who = doer(c), by = by_whom(x, c);
    switch (c->cause.event->kind) {
    case EVENT_TICKET: return S("it came");
    case EVENT_ONLINE: return phrase(x, "%.*s went online", SAY(who));
    case EVENT_OFFLINE:
    case EVENT_SIGNOUT: return phrase(x, "%.*s went offline", SAY(who));
    case EVENT_CLAIM: return phrase(x, "%.*s claimed it", SAY(who));
    case EVENT_NEXT: return phrase(x, "%.*s asked for the next ticket", SAY(who));
    case EVENT_ASSIGN: return assign_words(x, c);
    case EVENT_UNASSIGN: return phrase(x, "it was taken from its agent%.*s", SAY(by));
    case EVENT_REPLY: return phrase(x, "%.*s replied to it", SAY(who));
    case EVENT_CLOSE: return phrase(x, "it was closed%.*s", SAY(by));
    case EVENT_REOPEN: return phrase(x, "it was opened again%.*s", SAY(by));
    case EVENT_UPDATE: return phrase(x, "it was changed%.*s", SAY(by));
    case EVENT_REROUTE: return phrase(x, "it was to be decided anew%.*s", SAY(by));
    case EVENT_PENDING: return phrase(x, "it was set pending%.*s", SAY(by));
    case EVENT_RESUME: return phrase(x, "it was taken up again%.*s", SAY(by));
    case EVENT_AUTO: return switch_words(x, c);
    case EVENT_TICK:
    case EVENT_KIND_COUNT: break;
    }
    return S("time passed");
}

/* "it" is the ticket; where another ticket's event drained the backlog, that one is named. */
struct str speak_cause(struct explain *x, const struct explain_case *c)
{
    const struct event *e = c->cause.event;
    if (c->cause.now) return S("as it stands then");
    if (c->cause.part == SHUNT_PART_DUE) return due_words(x, c);
    if (!e) return S("time passed");
    const struct json_value *about = e->kind == EVENT_TICKET ? e->id : e->said[EVENT_KEY_TICKET];
    struct str own = {c->ticket->id, c->ticket->id_len}, text = event_words(x, c);
    if (c->cause.part != SHUNT_PART_DRAIN || !about || about->type != JSON_TEXT) return text;
    struct str id = {about->text.p, about->text.len};
    return str_eq(id, own) ? text : phrase(x, "of ticket %.*s: %.*s", SAY(id), SAY(text));
}

/* ---- what an attempt came to ---- */

static struct str somebody_has_to(struct explain *x, struct str because)
{
    return phrase(x, "%.*s; somebody has to take it or assign it", SAY(because));
}

static uint32_t team_hours(const struct explain *x, uint32_t team, uint32_t channel)
{
    return explain_by_channel(x, &x->v.TEAM.at[team].hours, channel);
}

/* "billing is closed for webchat until Mon 2026-11-23 09:00" */
static struct str closed_words(struct explain *x, uint32_t team, uint32_t channel, int64_t at_sec)
{
    int64_t opening;
    uint32_t hours = team_hours(x, team, channel);
    struct str name = speak_team(x, team), what = speak_for(x, channel);
    if (!shunt_hours_next_opening(x->table, hours, at_sec, &opening))
        return phrase(x, "%.*s is closed%.*s, and its hours do not open again", SAY(name), SAY(what));
    struct str until = speak_time_of(x, opening, hours);
    return phrase(x, "%.*s is closed%.*s until %.*s", SAY(name), SAY(what), SAY(until));
}

static struct str held_words(struct explain *x, const struct shunt_attempt *a)
{
    uint32_t after = explain_by_channel(x, &x->v.TEAM.at[a->team].after_hours, a->channel);
    struct str closed = closed_words(x, a->team, a->channel, a->at_sec);
    if (after < TF_TO_FIRST ||
        shunt_hours_open(x->table, team_hours(x, after - TF_TO_FIRST, a->channel), a->at_sec))
        return a->has_until ? phrase(x, "%.*s; it waits for that", SAY(closed)) : somebody_has_to(x, closed);
    struct str next = speak_team(x, after - TF_TO_FIRST);
    if (!a->has_until)
        return somebody_has_to(
            x, phrase(x, "%.*s; so is every team that it hands on to, and none opens again", SAY(closed)));
    struct str until = speak_time(x, a->until_sec);
    return phrase(x,
                  "%.*s; %.*s, to which it hands on, is closed as well, and it waits until the first of them "
                  "opens, %.*s",
                  SAY(closed), SAY(next), SAY(until));
}

static struct str nobody_words(struct explain *x, const struct shunt_attempt *a)
{
    struct str team = speak_team(x, a->team), what = speak_for(x, a->channel);
    if (a->member_count == 0) return phrase(x, "%.*s has no members", SAY(team));
    switch (a->why) {
    case SHUNT_WHY_NOBODY_ONLINE: return phrase(x, "nobody of %.*s is online%.*s", SAY(team), SAY(what));
    case SHUNT_WHY_OFF_SHIFT: return phrase(x, "nobody of %.*s who is online is on shift", SAY(team));
    case SHUNT_WHY_CHANNEL_NOT_SERVED:
        return phrase(x, "nobody of %.*s who is there serves the channel", SAY(team));
    case SHUNT_WHY_SKILL_MISSING:
        return phrase(x, "nobody of %.*s who is there has every skill that is required", SAY(team));
    default: return phrase(x, "everybody of %.*s who could take it is full", SAY(team));
    }
}

static struct str waiting_words(struct explain *x, const struct shunt_attempt *a)
{
    if (a->why == SHUNT_WHY_PULL) {
        struct str team = speak_team(x, a->team);
        return phrase(x,
                      "in %.*s members take their work themselves, with `next` or `claim`; it waits for that",
                      SAY(team));
    }
    struct str nobody = nobody_words(x, a);
    if (x->goes_on) return phrase(x, "%.*s; its next step is due already", SAY(nobody));
    if (a->status == SHUNT_QUEUED)
        return phrase(x, "%.*s; it waits, and is tried again when that may have changed", SAY(nobody));
    return somebody_has_to(x, phrase(x, "%.*s, and its backlog is `leave`", SAY(nobody)));
}

static struct str left_words(struct explain *x, const struct shunt_attempt *a)
{
    struct str team = a->team == SHUNT_NONE ? S("") : speak_team(x, a->team);
    if (a->why == SHUNT_WHY_AUTO_OFF) return somebody_has_to(x, S("automatic assignment is switched off"));
    if (a->why == SHUNT_WHY_MANUAL) return somebody_has_to(x, phrase(x, "%.*s assigns by hand", SAY(team)));
    if (a->why != SHUNT_WHY_CLOSED) return waiting_words(x, a);
    struct str closed = closed_words(x, a->team, a->channel, a->at_sec);
    return somebody_has_to(x,
                           phrase(x, "%.*s, and then leaves what comes (`after_hours: leave`)", SAY(closed)));
}

static struct str given_words(struct explain *x, const struct shunt_attempt *a)
{
    struct str agent = speak_agent(x, a->agent), team = speak_team(x, a->team);
    const char *strategy = a->strategy <= SHUNT_WHY_MANUAL ? shunt_why_name(a->strategy) : "";
    if (a->why == SHUNT_WHY_STICKY)
        return phrase(x, "%.*s is sticky: %.*s had this customer last", SAY(team), SAY(agent));
    return phrase(x, "%.*s gives it by %s: %.*s gets it", SAY(team), strategy, SAY(agent));
}

static struct str agent_step_words(struct explain *x, const struct shunt_attempt *a,
                                   const struct shunt_member *m)
{
    if (a->why == SHUNT_WHY_AUTO_OFF) return left_words(x, a);
    struct str agent = m ? speak_agent(x, m->agent) : S("one agent");
    if (a->status == SHUNT_ASSIGNED) return phrase(x, "it is for %.*s, who can take it", SAY(agent));
    return phrase(x, "it is for %.*s alone, who cannot take it now; it waits", SAY(agent));
}

static struct str came_to(struct explain *x, const struct explain_attempt *attempt)
{
    const struct shunt_attempt *a = &attempt->told;
    struct str team;
    if (a->team == SHUNT_NONE) return agent_step_words(x, a, a->member_count ? attempt->members : NULL);
    switch (a->status) {
    case SHUNT_ASSIGNED: return given_words(x, a);
    case SHUNT_OFFERED:
        team = speak_team(x, a->team);
        return phrase(x, "%.*s offers it to all who can take it: the first to claim it has it", SAY(team));
    case SHUNT_HELD: return held_words(x, a);
    case SHUNT_QUEUED: return waiting_words(x, a);
    default: return left_words(x, a);
    }
}

struct str speak_attempt(struct explain *x, const struct explain_attempt *attempt)
{
    const struct shunt_attempt *a = &attempt->told;
    struct str text = came_to(x, attempt);
    if (a->asked == a->team || a->team == SHUNT_NONE) return text;
    struct str closed = closed_words(x, a->asked, a->channel, a->at_sec), to = speak_team(x, a->team);
    int64_t opening;
    bool opens = shunt_hours_next_opening(x->table, team_hours(x, a->asked, a->channel), a->at_sec, &opening);
    return phrase(x, "%.*s%s and hands on to %.*s; %.*s", SAY(closed), opens ? "" : ",", SAY(to), SAY(text));
}

/* ---- where it is ---- */

static struct str in_team(struct explain *x, const struct explain_decision *d)
{
    return d->team.p ? phrase(x, ", team %.*s", SAY(d->team)) : S("");
}

static struct str assigned_words(struct explain *x, const struct explain_decision *d)
{
    struct str team = in_team(x, d), agent = d->agent;
    switch (d->why) {
    case SHUNT_WHY_CLAIMED: return phrase(x, "assigned to %.*s, who took it%.*s", SAY(agent), SAY(team));
    case SHUNT_WHY_REPLIED:
        return phrase(x, "assigned to %.*s, who replied first%.*s", SAY(agent), SAY(team));
    case SHUNT_WHY_REOPENED:
        return phrase(x, "assigned to %.*s, who had it before%.*s", SAY(agent), SAY(team));
    case SHUNT_WHY_MANUAL: return phrase(x, "assigned to %.*s by hand%.*s", SAY(agent), SAY(team));
    default: break;
    }
    const char *why = d->why == SHUNT_NONE ? "" : shunt_why_name(d->why);
    return phrase(x, "assigned to %.*s%.*s (%s)", SAY(agent), SAY(team), why);
}

/* Where the desk asked nobody, a person did it. */
static struct str unassigned_words(struct explain *x, const struct explain_decision *d, bool by_desk)
{
    struct str team = in_team(x, d);
    if (d->why == SHUNT_WHY_MANUAL && !by_desk)
        return phrase(x, "unassigned by hand%.*s; it stays so until somebody takes it or assigns it",
                      SAY(team));
    switch (d->why) {
    case SHUNT_WHY_NO_TEAM: return S("unassigned: the rule leaves it to nobody");
    case SHUNT_WHY_AGENT_GONE:
        return phrase(x, "unassigned: its agent is gone from the policy%.*s", SAY(team));
    case SHUNT_WHY_TEAM_GONE: return S("unassigned: its team is gone from the policy");
    case SHUNT_NONE: return phrase(x, "unassigned%.*s", SAY(team));
    default: return phrase(x, "unassigned%.*s (%s)", SAY(team), shunt_why_name(d->why));
    }
}

struct str speak_decision(struct explain *x, const struct explain_case *c)
{
    const struct explain_decision *d = c->decision;
    if (!d) return c->cause.now ? S("it waits") : S("it stays as it was");
    struct str team = in_team(x, d);
    switch (d->status) {
    case SHUNT_ASSIGNED: return assigned_words(x, d);
    case SHUNT_OFFERED: return phrase(x, "offered%.*s (%s)", SAY(team), shunt_why_name(d->why));
    case SHUNT_QUEUED: return phrase(x, "queued%.*s (%s)", SAY(team), shunt_why_name(d->why));
    case SHUNT_HELD: return phrase(x, "held%.*s (%s)", SAY(team), shunt_why_name(d->why));
    case SHUNT_UNASSIGNED: return unassigned_words(x, d, c->attempt_count > 0);
    case SHUNT_PENDING:
        return phrase(x, "pending: %.*s keeps it, and it counts for no limit%.*s", SAY(d->agent), SAY(team));
    default: return S("closed");
    }
}

/* ---- why not ---- */

static bool is_member(const struct explain *x, uint32_t team, uint32_t agent)
{
    const struct tf_team *t = &x->v.TEAM.at[team];
    for (uint32_t i = 0; i < le32(t->member_count); i++)
        if (le32(x->v.LIST.at[le32(t->member_first) + i]) == agent) return true;
    return false;
}

static struct str not_asked_words(struct explain *x, const struct explain_attempt *a, uint32_t agent)
{
    struct str name = speak_agent(x, agent), text = speak_attempt(x, a);
    if (a->told.team == SHUNT_NONE || is_member(x, a->told.team, agent))
        return phrase(x, "%.*s was not asked: %.*s", SAY(name), SAY(text));
    struct str team = speak_team(x, a->told.team);
    return phrase(x, "%.*s is not in the team %.*s; would need to be a member", SAY(name), SAY(team));
}

struct str speak_why_not(struct explain *x, const struct explain_case *c, uint32_t agent)
{
    struct str name = speak_agent(x, agent);
    const struct explain_decision *d = c->decision;
    if (d && d->agent.p && d->status != SHUNT_CLOSED && str_eq(d->agent, name)) return (struct str){NULL, 0};
    if (c->attempt_count == 0) {
        struct str text = speak_decision(x, c);
        return phrase(x, "%.*s was not asked, nor was anybody; the ticket is %.*s", SAY(name), SAY(text));
    }
    const struct explain_attempt *a = &c->attempts[c->attempt_count - 1];
    for (size_t i = 0; i < a->told.member_count; i++) {
        if (a->members[i].agent != agent) continue;
        struct member_words w = explain_member(x, a, &a->members[i]);
        struct str text = speak_member(x, &w);
        return phrase(x, "%.*s: %.*s", SAY(name), SAY(text));
    }
    return not_asked_words(x, a, agent);
}
