/*
 * The zones that a policy names to the model's: each once, the policy's own first, then those of hours sorted
 * by name, read from the machine's database.
 *
 * Assumes the tree; promises that a name that is no zone is reported where it stands, with the name that was
 * probably meant.
 */
#include "resolve_hours.h"
#include "fd.h"
#include "zone.h"

#include <string.h>

#include <stdlib.h>

/* Files of the database that are no zones. */
static const char *no_zone(struct str name)
{
    static const struct {
        const char *name, *why;
    } wrong[] = {
        {"localtime", "that is the zone of whatever machine compiles the policy; name the zone itself"},
        {"posixrules", "that is a file of the time-zone database, and no zone"},
        {"Factory", "that stands for a machine whose zone nobody has said"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (str_eq(name, str_from(wrong[i].name))) return wrong[i].why;
    return NULL;
}

/* Looking for what was meant compares with every zone: past so many errors it is left. */
enum { HINTED_ERRORS_MAX = 500 };

static void report_unknown(struct compilation *c, struct zone_db *db, struct name zone)
{
    struct diag *g = diag(&c->diags, E0401, zone.at, zone.s);
    const char *why = no_zone(zone.s);
    struct str meant = {NULL, 0};
    if (!why && c->diags.error_count < HINTED_ERRORS_MAX) meant = zone_guess(c->a, db, zone.s);
    if (meant.p)
        diag_hint(&c->diags, g, "did you mean \"%.*s\"?", (int)meant.len, meant.p);
    else
        diag_hint(&c->diags, g, "%s",
                  why ? why : "write a name of the time-zone database, such as Europe/Stockholm");
}

uint32_t find_zone(const struct model *m, struct str name)
{
    for (uint32_t i = 0; i < m->zones.count; i++)
        if (str_eq(m->zones.at[i].name, name)) return i;
    return NONE;
}

/* Nothing is wrong with the name where the machine cannot read. */
static uint32_t report_unreadable(struct compilation *c, const struct zone_db *db, struct name zone,
                                  struct str why)
{
    bool is_worlds = db->error && !is_of_path(db->error);
    c->unreadable |= is_worlds;
    if (!db->release.p && !is_worlds)
        diag(&c->diags, E0403, zone.at, c->options.zoneinfo_dir);
    else
        diag(&c->diags, E0402, zone.at, zone.s, why.p ? why : str_from(strerror(db->error)));
    return NONE;
}

/* Reads a zone to the end of the model's; NONE after reporting. */
static uint32_t add_zone(struct compilation *c, struct zone_db *db, struct name zone)
{
    struct m_zone read;
    struct str why = {NULL, 0};
    if (!zone.s.p) return NONE; /* it was not readable, and that was told */
    if (!db->release.p) return report_unreadable(c, db, zone, why);
    if (!zone_known(c->a, db, zone.s)) return report_unknown(c, db, zone), NONE;
    if (!zone_read(c->a, db, zone.s, &read, &why)) return report_unreadable(c, db, zone, why);
    c->model.zone_release = db->release;
    *vec_push(c->a, &c->model.zones) = read;
    return c->model.zones.count - 1;
}

uint32_t resolve_zone(struct compilation *c, struct name zone)
{
    uint32_t known = zone.s.p ? find_zone(&c->model, zone.s) : NONE;
    if (known != NONE || !zone.s.p) return known;
    struct zone_db db;
    zone_db_open(c->a, c->options.zoneinfo_dir, &db);
    return add_zone(c, &db, zone);
}

static int by_name(const void *a, const void *b)
{
    const struct name *x = a, *y = b;
    int order = str_cmp(x->s, y->s);
    if (order) return order;
    if (x->at.file != y->at.file) return x->at.file < y->at.file ? -1 : 1;
    return (x->at.off > y->at.off) - (x->at.off < y->at.off);
}

void resolve_zones(struct compilation *c)
{
    struct zone_db db;
    names named = {0};
    for (uint32_t i = 0; i < c->ast.items.count; i++) {
        const struct item *item = c->ast.items.at[i];
        if (item->kind == ITEM_HOURS && item->u.hours->timezone.s.p)
            *vec_push(c->a, &named) = item->u.hours->timezone;
    }
    if (!named.count) return;
    zone_db_open(c->a, c->options.zoneinfo_dir, &db);
    qsort(named.at, named.count, sizeof *named.at, by_name);
    for (uint32_t i = 0; i < named.count; i++)
        if (find_zone(&c->model, named.at[i].s) == NONE) add_zone(c, &db, named.at[i]);
}
