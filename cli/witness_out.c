/*
 * A witness as the ticket that `match` reads, and in words: see witness_out.h.
 *
 * Assumes a witness of that space. Its texts may hold anything that a ticket may: in words they are shown so
 * that no terminal takes them for a command.
 */
#include "witness_out.h"
#include "render.h"
#include "rfc3339.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A short decimal that reads back as the same double: 15 digits at least, as fewer write 100 as 1e+02. */
static void out_number(struct out *o, double number)
{
    char text[32];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        if (strtod(text, NULL) == number) break;
    }
    out_puts(o, text);
}

/* ---- JSON ---- */

static void out_members(struct out *o, const struct witness_attr *attr)
{
    for (uint32_t i = 0; i < attr->names.count; i++) {
        out_putc(o, i ? ',' : '[');
        out_json(o, attr->names.at[i]);
    }
    out_putc(o, ']');
}

static void out_value(struct out *o, const struct dim *dim, const struct witness_attr *attr)
{
    switch (dim->kind) {
    case DIM_ONE_OF: out_json(o, dim->values.at[attr->value]); break;
    case DIM_SET: out_members(o, attr); break;
    case DIM_TEXT: out_json(o, attr->text); break;
    case DIM_NUMBER: out_number(o, attr->number); break;
    case DIM_BOOL: out_puts(o, attr->yes ? "true" : "false"); break;
    }
}

void out_witness(struct out *o, const struct space *s, const struct witness *w)
{
    char at[RFC3339_LEN + 1];
    write_rfc3339(w->at, at);
    out_printf(o, "{\"id\":\"T1\",\"at\":\"%s\"", at);
    for (uint32_t i = 0; i < w->attrs.count; i++) {
        const struct witness_attr *attr = &w->attrs.at[i];
        const struct dim *dim = &s->dims.at[attr->dim];
        out_putc(o, ',');
        out_json(o, dim->name);
        out_putc(o, ':');
        out_value(o, dim, attr);
    }
    out_putc(o, '}');
}

/* ---- words ---- */

static void out_quoted(struct out *o, struct str text)
{
    out_putc(o, '"');
    out_visible(o, text);
    out_putc(o, '"');
}

/* "an" before a vowel's letter, and before letters that are read one by one (sms). */
static bool takes_an(struct str word)
{
    bool vowels = false;
    for (size_t i = 0; i < word.len; i++) vowels |= strchr("aeiouyAEIOUY", word.p[i]) != NULL;
    const char *first = vowels ? "aeioAEIO" : "aefhilmnorsxAEFHILMNORSX";
    return word.len && strchr(first, word.p[0]);
}

static void words_channel(struct out *o, const struct dim *dim, const struct witness_attr *attr)
{
    if (!attr) {
        out_puts(o, "a ticket without a channel");
        return;
    }
    struct str name = dim->values.at[attr->value];
    out_puts(o, takes_an(name) ? "an " : "a ");
    out_visible(o, name);
    out_puts(o, " ticket");
}

/* "label" of one label; other sets by their own names. */
static void words_set(struct out *o, const struct dim *dim, const struct witness_attr *attr)
{
    struct str name = dim->name;
    bool one = attr->names.count == 1 && (str_eq(name, S("labels")) || str_eq(name, S("segments")));
    out_visible(o, (struct str){name.p, name.len - one});
    for (uint32_t i = 0; i < attr->names.count; i++) {
        out_puts(o, i == 0 ? " " : i + 1 < attr->names.count ? ", " : " and ");
        out_quoted(o, attr->names.at[i]);
    }
}

static void words_attr(struct out *o, const struct dim *dim, const struct witness_attr *attr)
{
    if (dim->kind == DIM_SET) {
        words_set(o, dim, attr);
        return;
    }
    out_visible(o, dim->name);
    out_putc(o, ' ');
    if (dim->kind == DIM_TEXT)
        out_quoted(o, attr->text);
    else if (dim->kind == DIM_ONE_OF)
        out_visible(o, dim->values.at[attr->value]);
    else
        out_value(o, dim, attr);
}

void out_witness_words(struct out *o, const struct space *s, const struct witness *w, bool times)
{
    uint32_t channel_dim = space_channel_dim(s), said = 0, count = w->attrs.count;
    const struct witness_attr *channel = NULL;
    for (uint32_t i = 0; i < count; i++)
        if (w->attrs.at[i].dim == channel_dim) channel = &w->attrs.at[i];
    words_channel(o, &s->dims.at[channel_dim], channel);
    uint32_t others = count - (channel != NULL);
    for (uint32_t i = 0; i < count; i++) {
        const struct witness_attr *attr = &w->attrs.at[i];
        if (attr == channel) continue;
        const char *and = channel ? " with " : ", with ";
        out_puts(o, said == 0 ? and : said + 1 < others ? ", " : " and ");
        words_attr(o, &s->dims.at[attr->dim], attr);
        said++;
    }
    if (!times) return;
    char at[RFC3339_LEN + 1];
    write_rfc3339(w->at, at);
    out_printf(o, "%s that arrives %s", said ? "," : "", at);
}
