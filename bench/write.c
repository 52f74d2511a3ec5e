/* Rules and tickets to text: policies in both spellings, lines of JSON. See workload.h. */
#include "calendar.h"
#include "workload.h"

#include <string.h>

/* ---- conditions ---- */

static void write_test(FILE *f, const struct vocabulary *v, struct test t)
{
    switch ((enum test_kind)t.kind) {
    case TEST_CHANNEL: fprintf(f, "channel == %s", channel_names[t.value]); break;
    case TEST_PRIORITY: fprintf(f, "priority >= %s", priority_names[t.value]); break;
    case TEST_LABEL: fprintf(f, "labels has %s", v->labels[t.value]); break;
    case TEST_SEGMENT: fprintf(f, "segments has \"%s\"", v->segments[t.value]); break;
    case TEST_NOT_LABEL: fprintf(f, "not labels has %s", v->labels[t.value]); break;
    case TEST_SUBJECT: fprintf(f, "subject contains \"%s\"", v->text_words[t.value]); break;
    case TEST_SUBJECT_STARTS: fprintf(f, "subject starts with \"%s\"", v->text_words[t.value]); break;
    case TEST_BODY: fprintf(f, "body contains \"%s\"", v->text_words[t.value]); break;
    case TEST_TOTAL: fprintf(f, "order_total >= %u", t.value); break;
    case TEST_PLAN: fprintf(f, "plan == %s", plan_names[t.value]); break;
    case TEST_HOURS: fprintf(f, "during %s", hours_names[t.value]); break;
    case TEST_EXISTS: fprintf(f, "%s exists", exists_names[t.value]); break;
    }
}

static void write_conj(FILE *f, const struct vocabulary *v, const struct conj *c, bool brackets)
{
    if (brackets) fputc('(', f);
    for (uint32_t i = 0; i < c->count; i++) {
        if (i) fputs(" and ", f);
        write_test(f, v, c->tests[i]);
    }
    if (brackets) fputc(')', f);
}

static void write_condition(FILE *f, const struct workload *w, const struct drawn_rule *r)
{
    if (w->hot) fprintf(f, "labels has %s and (", w->hot);
    for (uint32_t i = 0; i < r->count; i++) {
        if (i) fputs(" or ", f);
        write_conj(f, w->v, &r->alternatives[i], r->count > 1);
    }
    if (w->hot) fputc(')', f);
}

/* ---- policies ---- */

void write_yaml(FILE *f, const struct workload *w)
{
    fprintf(f, "shunt: 1\nname: workload-%u\n", w->rule_count);
    if (w->mixed)
        fputs("timezone: Europe/Stockholm\nfields:\n  plan: [free, pro, business, enterprise]\n"
              "  order_total: number\nhours:\n  office: {weekly: {mon-fri: 09:00-17:00}}\n"
              "  weekend: {weekly: {sat-sun: 00:00-24:00}}\n  nights: {outside: office}\n",
              f);
    fputs("teams:\n", f);
    for (uint32_t i = 0; i < TEAM_COUNT; i++) fprintf(f, "  team-%u: {}\n", i);
    fputs("rules:\n", f);
    for (uint32_t i = 0; i < w->rule_count; i++) {
        fprintf(f, "  - {rule: r%u, when: '", i);
        write_condition(f, w, &w->rules[i]);
        fprintf(f, "', to: team-%u}\n", w->rules[i].team);
    }
    fputs("otherwise: unassigned\n", f);
}

void write_dsl(FILE *f, const struct workload *w)
{
    fprintf(f, "policy workload-%u version 1\n", w->rule_count);
    if (w->mixed)
        fputs("timezone Europe/Stockholm\nfield plan is one of free, pro, business, enterprise\n"
              "field order_total is number\nhours office { mon-fri 09:00-17:00 }\n"
              "hours weekend { sat-sun 00:00-24:00 }\nhours nights outside office\n",
              f);
    for (uint32_t i = 0; i < TEAM_COUNT; i++) fprintf(f, "team team-%u\n", i);
    for (uint32_t i = 0; i < w->rule_count; i++) {
        fprintf(f, "rule r%u {\n    when ", i);
        write_condition(f, w, &w->rules[i]);
        fprintf(f, "\n    to team-%u\n}\n", w->rules[i].team);
    }
    fputs("otherwise to unassigned\n", f);
}

/* {"kind":…,"value":…}; a priority as its number. */
static void write_neutral_test(FILE *f, const struct vocabulary *v, struct test t)
{
    static const char *const kinds[] = {"channel", "priority", "label", "segment", "not_label"};
    fprintf(f, "{\"kind\":\"%s\",\"value\":", kinds[t.kind]);
    switch (t.kind) {
    case TEST_CHANNEL: fprintf(f, "\"%s\"}", channel_names[t.value]); break;
    case TEST_PRIORITY: fprintf(f, "%u}", t.value); break;
    case TEST_SEGMENT: fprintf(f, "\"%s\"}", v->segments[t.value]); break;
    default: fprintf(f, "\"%s\"}", v->labels[t.value]); break;
    }
}

void write_neutral(FILE *f, const struct workload *w)
{
    fputs("[\n", f);
    for (uint32_t r = 0; r < w->rule_count; r++) {
        fputs(r ? ",\n[" : "[", f);
        for (uint32_t i = 0; i < w->rules[r].count; i++) {
            const struct conj *c = &w->rules[r].alternatives[i];
            for (uint32_t k = 0; k < c->count; k++) {
                fputs(k ? "," : i ? ",[" : "[", f);
                write_neutral_test(f, w->v, c->tests[k]);
            }
            fputc(']', f);
        }
        fputc(']', f);
    }
    fputs("\n]\n", f);
}

/* ---- tickets ---- */

size_t ticket_text(const struct vocabulary *v, const uint16_t *words, uint32_t count, char *out)
{
    size_t len = 0;
    for (uint32_t i = 0; i < count; i++) {
        size_t word_len = strlen(v->text_words[words[i]]);
        if (i) out[len++] = ' ';
        memcpy(out + len, v->text_words[words[i]], word_len);
        len += word_len;
    }
    out[len] = '\0';
    return len;
}

static void write_names(FILE *f, const char *key, char (*names)[NAME_LEN], const uint16_t *at, uint32_t count)
{
    fprintf(f, ",\"%s\":[", key);
    for (uint32_t i = 0; i < count; i++) fprintf(f, "%s\"%s\"", i ? "," : "", names[at[i]]);
    fputc(']', f);
}

static void write_time(FILE *f, int64_t at_sec)
{
    int64_t day = cal_floor_div(at_sec, CAL_DAY_SEC), sec = at_sec - day * CAL_DAY_SEC;
    struct cal_date date = cal_civil(day);
    fprintf(f, "\"at\":\"%04d-%02u-%02uT%02d:%02d:%02dZ\"", (int)date.year, date.month, date.day,
            (int)(sec / 3600), (int)(sec / 60 % 60), (int)(sec % 60));
}

void write_ticket(FILE *f, const struct vocabulary *v, const struct drawn_ticket *t, uint32_t number)
{
    char text[TEXT_LEN + 1];
    fprintf(f, "{\"id\":\"T-%07u\",", number);
    write_time(f, t->at_sec);
    fprintf(f, ",\"channel\":\"%s\",\"priority\":\"%s\"", channel_names[t->channel],
            priority_names[t->priority]);
    write_names(f, "labels", v->labels, t->labels, t->label_count);
    write_names(f, "segments", v->segments, t->segments, t->segment_count);
    if (t->plan < PLAN_COUNT) fprintf(f, ",\"plan\":\"%s\"", plan_names[t->plan]);
    if (t->total) fprintf(f, ",\"order_total\":%u", t->total);
    if (t->customer) fprintf(f, ",\"customer\":\"user%u@example.com\"", t->customer);
    ticket_text(v, t->subject, t->subject_len, text);
    fprintf(f, ",\"subject\":\"%s\"", text);
    ticket_text(v, t->body, BODY_LEN / 2, text);
    fprintf(f, ",\"snippet\":\"%s\"}\n", text);
}
