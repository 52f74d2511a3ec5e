/*
 * Decisions (desk.md 7.1): put together while an event is under way, handed to the sink once it stands.
 *
 * Strings are those of the table and of tickets; what an event frees is freed after its decisions are handed
 * out, so they hold until then.
 */
#include "desk_state.h"

void *sh_desk_room(struct shunt_desk *d, void *array, size_t count, size_t *cap, size_t item_len)
{
    if (count < *cap) return array;
    size_t more = *cap * 2 + 16;
    void *grown = sh_resize(&d->txn.hooks, array, *cap * item_len, sh_array_len(more, item_len));
    if (!grown) sh_txn_fail(&d->txn);
    *cap = more;
    return grown;
}

void sh_desk_reports_begin(struct shunt_desk *d)
{
    struct desk_scratch *s = &d->scratch;
    s->report_count = s->report_agent_count = s->report_string_count = 0;
}

static void add_string(struct shunt_desk *d, struct shunt_string string)
{
    struct desk_scratch *s = &d->scratch;
    s->report_strings = sh_desk_room(d, s->report_strings, s->report_string_count, &s->report_string_cap,
                                     sizeof *s->report_strings);
    s->report_strings[s->report_string_count++] = string;
}

static void add_agent(struct shunt_desk *d, uint32_t agent)
{
    struct desk_scratch *s = &d->scratch;
    s->report_agents = sh_desk_room(d, s->report_agents, s->report_agent_count, &s->report_agent_cap,
                                    sizeof *s->report_agents);
    s->report_agents[s->report_agent_count++] = agent;
}

/* The lists of the decision, by their places in scratch. */
static void add_lists(struct shunt_desk *d, const struct desk_ticket *k, struct sh_desk_report *r)
{
    struct desk_scratch *s = &d->scratch;
    r->agents_off = s->report_agent_count;
    r->devices_off = s->report_string_count;
    r->d.agent_count = desk_list_count(k->offered);
    for (size_t i = 0; i < r->d.agent_count; i++) {
        add_agent(d, k->offered->at[i]);
        add_string(d, sh_desk_device_of(d, k->offered->at[i], k->channel));
    }
    r->add_off = s->report_string_count;
    r->d.add_count = desk_list_count(k->add);
    for (size_t i = 0; i < r->d.add_count; i++) add_string(d, sh_desk_label_name(d, k->add->at[i]));
}

void sh_desk_report(struct shunt_desk *d, const struct desk_ticket *k)
{
    struct desk_scratch *s = &d->scratch;
    struct sh_desk_report r = {.d = {.part = d->part,
                                     .at_sec = d->core.now_sec,
                                     .ticket = {k->id, k->id_len},
                                     .status = (enum shunt_state)k->status,
                                     .why = (enum shunt_why)k->why,
                                     .team = k->team,
                                     .agent = k->agent,
                                     .priority = k->priority,
                                     .step = k->step + 1,
                                     .has_until = k->status == SHUNT_HELD && k->until_sec != DESK_NEVER,
                                     .until_sec = k->until_sec}};
    r.d.rule = sh_desk_rule_name(d, k->rule, &r.d.rule_is_takes);
    if (k->status == SHUNT_ASSIGNED) r.d.device = sh_desk_device_of(d, k->agent, k->channel);
    r.d.time_went_back = d->went_back && d->part != SHUNT_PART_DUE;
    if (r.d.time_went_back) d->went_back = false;
    add_lists(d, k, &r);
    s->reports = sh_desk_room(d, s->reports, s->report_count, &s->report_cap, sizeof *s->reports);
    s->reports[s->report_count++] = r;
}

void sh_desk_reports_send(struct shunt_desk *d, const struct shunt_sink *sink)
{
    struct desk_scratch *s = &d->scratch;
    for (size_t i = 0; sink && i < s->report_count; i++) {
        struct sh_desk_report *r = &s->reports[i];
        r->d.agents = r->d.agent_count ? s->report_agents + r->agents_off : NULL;
        r->d.devices = r->d.agent_count ? s->report_strings + r->devices_off : NULL;
        r->d.add = r->d.add_count ? s->report_strings + r->add_off : NULL;
        sink->decision(sink->ctx, &r->d);
    }
    sh_desk_reports_begin(d);
}
