/*
 * A ticket as a line of NDJSON: keys in any order, escapes, offsets and spellings of numbers varied, keys
 * that no policy knows in between.
 */
#include "gen.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void json_escape(struct out *o, int32_t cp)
{
    if (cp > 0xFFFF)
        sb_printf(o, "\\u%04x\\u%04X", (unsigned)(0xD7C0 + (cp >> 10)), (unsigned)(0xDC00 + (cp & 0x3FF)));
    else
        sb_printf(o, "\\u%04x", (unsigned)cp);
}

void write_json_text(struct out *o, struct gen *g, const char *s)
{
    bool escaped = rng_chance(g, 5);
    sb_putc(o, '"');
    while (*s) {
        int32_t cp = text_next(&s);
        if (cp == '"' || cp == '\\')
            sb_printf(o, "\\%c", (char)cp);
        else if (cp == '\n')
            sb_puts(o, "\\n");
        else if (cp == '/' && rng_chance(g, 20))
            sb_puts(o, "\\/");
        else if (cp < 32 || (escaped && cp > 126) || rng_chance(g, 1))
            json_escape(o, cp);
        else
            sb_utf8(o, cp);
    }
    sb_putc(o, '"');
}

static void json_names(struct out *o, struct gen *g, const strings *names)
{
    sb_putc(o, '[');
    for (int i = 0; i < names->count; i++) {
        if (i) sb_puts(o, rng_chance(g, 70) ? "," : " , ");
        write_json_text(o, g, vary_form(g, names->at[i]));
    }
    if (names->count && rng_chance(g, 5)) { /* said twice, carried once */
        sb_putc(o, ',');
        write_json_text(o, g, names->at[0]);
    }
    sb_putc(o, ']');
}

static void json_number(struct out *o, struct gen *g, double n)
{
    char text[64];
    bool whole = fabs(n) < 1e6 && n == floor(n);
    snprintf(text, sizeof text, rng_chance(g, 70) ? "%.17g" : "%.17e", n);
    if (whole && rng_chance(g, 60))
        snprintf(text, sizeof text, "%d%s", (int)n, rng_chance(g, 80) ? "" : ".000");
    /* digits alone must be an integer that JSON's readers take */
    if (!strpbrk(text, ".e") && fabs(n) >= 9e18) snprintf(text, sizeof text, "%.17e", n);
    sb_puts(o, text);
}

void write_at(struct out *o, struct gen *g, int64_t at)
{
    static const int offsets[] = {0, 0, 60, -300, 330, 345, -210, 840, -720, 1439};
    int offset = rng_pick(g, offsets), year = 1970, month = 1;
    int64_t local = at + offset * 60, days = local / 86400, sec = local % 86400;
    if (sec < 0) sec += 86400, days--;
    year = (int)(days * 400 / 146097) + 1970;
    while (civil_days(year, 1, 1) > days) year--;
    while (civil_days(year + 1, 1, 1) <= days) year++;
    while (month < 12 && civil_days(year, month + 1, 1) <= days) month++;
    int lower = rng_chance(g, 5);
    sb_printf(o, "\"%04d-%02d-%02d%c%02d:%02d:%02d", year, month,
              (int)(days - civil_days(year, month, 1)) + 1, lower ? 't' : 'T', (int)(sec / 3600),
              (int)(sec / 60 % 60), (int)(sec % 60));
    if (rng_chance(g, 10)) sb_printf(o, ".%d", rng_below(g, 1000000000));
    if (offset == 0 && rng_chance(g, 85))
        sb_putc(o, lower ? 'z' : 'Z');
    else
        sb_printf(o, "%c%02d:%02d", offset < 0 ? '-' : '+', (offset < 0 ? -offset : offset) / 60,
                  (offset < 0 ? -offset : offset) % 60);
    sb_putc(o, '"');
}

void write_slot(struct out *o, struct gen *g, const struct g_attr *a, const struct g_slot *s)
{
    write_json_text(o, g, a->name);
    sb_puts(o, rng_chance(g, 80) ? ":" : " : ");
    if (!s->carried)
        sb_puts(o, "null");
    else if (a->type == T_SET)
        json_names(o, g, &s->names);
    else if (a->type == T_TEXT)
        write_json_text(o, g, s->text);
    else if (a->type == T_NUMBER)
        json_number(o, g, s->number);
    else if (a->type == T_BOOL)
        sb_puts(o, s->flag ? "true" : "false");
    else
        write_json_text(o, g, vary_form(g, s->names.at[0]));
}

char *write_ticket(struct gen *g, const struct g_policy *p, const struct g_ticket *t)
{
    enum { ID = -1, AT = -2, EVENT = -3, EXTRA = -4 };
    struct out o = {.g = g};
    int keys[80], count = 0;
    keys[count++] = ID;
    if (t->at_said) keys[count++] = AT;
    if (rng_chance(g, 20)) keys[count++] = EVENT;
    if (rng_chance(g, 10)) keys[count++] = EXTRA;
    for (int i = 0; i < p->attrs.count; i++)
        if (t->slots[i].carried || rng_chance(g, 3)) keys[count++] = i;
    if (rng_chance(g, 30)) rng_shuffle(g, keys, count, sizeof *keys);
    for (int i = 0; i < count; i++) {
        sb_putc(&o, i ? ',' : '{');
        if (i && rng_chance(g, 50)) sb_putc(&o, ' ');
        if (keys[i] == ID)
            sb_puts(&o, "\"id\":"), write_json_text(&o, g, t->id);
        else if (keys[i] == AT)
            sb_puts(&o, "\"at\":"), write_at(&o, g, t->at);
        else if (keys[i] == EVENT)
            sb_puts(&o, "\"event\":\"ticket\"");
        else if (keys[i] == EXTRA)
            sb_puts(&o, "\"nobody knows this\":{\"deep\":[1,{\"x\":null}],\"id\":\"no\"}");
        else
            write_slot(&o, g, &p->attrs.at[keys[i]], &t->slots[keys[i]]);
    }
    sb_puts(&o, "}\n");
    return sb_text(&o);
}
