/* shunt dump: everything in a table, for people or as JSON. A source is compiled first. */
#include "dump.h"

/* ---- what both writers count ---- */

struct dump_section dump_section(const struct table_view *v, uint32_t i)
{
    const struct tf_section *s = (const struct tf_section *)(v->header + 1) + i;
    struct dump_section row = {le32(s->id), "?", le32(s->record_len), le64(s->count)};
    switch (row.id) {
#define X(id, section_name, type)                                                                            \
    case id: row.name = #section_name; break;
        TF_SECTIONS(X)
#undef X
    default: break;
    }
    return row;
}

struct dump_index dump_index(const struct table_view *v, bool deciding)
{
    const le32_t *starts = deciding ? v->INDEX_BUCKET.at : v->CONT_BUCKET.at;
    uint32_t bucket_count = deciding ? v->INDEX_BUCKET.count : v->CONT_BUCKET.count;
    struct dump_index x = {.name = deciding ? "decide" : "continue", .largest_bucket = TF_NONE};
    for (uint32_t b = 0; b + 1 < bucket_count; b++) {
        uint32_t entries = le32(starts[b + 1]) - le32(starts[b]);
        x.entries += entries;
        x.buckets += entries != 0;
        if (b == v->ATOM.count)
            x.unfiled = entries;
        else if (entries > x.largest)
            x.largest = entries, x.largest_bucket = b;
    }
    return x;
}

/* ---- the command ---- */

struct dumping {
    struct cli *cli;
    struct policy *p;
    bool json, sections;
};

static void dump_thunk(void *ctx)
{
    struct dumping *c = ctx;
    struct table_view v;
    table_view(&v, c->p->table);
    struct dump d = {.o = c->cli->out, .v = &v, .first = true};
    buf_init(&d.words, c->p->a);
    if (c->json)
        dump_json(&d);
    else if (c->sections)
        dump_text_sections(&d, true);
    else
        dump_text(&d);
}

int cmd_dump(struct cli *cli)
{
    struct policy p = {0};
    struct dumping c = {.cli = cli, .p = &p};
    const struct option options[] = {
        {"json", 0, OPTION_SWITCH, &c.json, NULL, "one JSON object, on one line"},
        {"sections", 0, OPTION_SWITCH, &c.sections, NULL,
         "only what each part of the file takes, in all and a rule"},
    };
    const struct usage usage = {
        "shunt dump TABLE",
        "Shows everything in a compiled table: its sections, the policy with every condition in\n"
        "words, where each thing stands in the sources, and what the index holds. A policy's\n"
        "source is compiled first.",
        options,
        sizeof options / sizeof *options,
        1,
        1};
    int status;
    if (!cli_options(cli, &usage, &status)) return status;
    if (policy_open(cli, &p, cli->operands[0], &status)) {
        status = EXIT_FINE;
        if (!p.a) p.a = arena_new(); /* a table came without one */
        if (!p.a || !arena_try(p.a, dump_thunk, &c)) status = cli_broken(cli, "out of memory");
    }
    policy_close(&p);
    return status;
}
