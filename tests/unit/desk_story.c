/* Lines of words to events, decisions to lines of words: see desk_story.h. */
#include "desk_story.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- lines to events ---- */

int64_t story_time(const char *text)
{
    int day = 0, hour = 0, min = 0, sec = 0;
    if (strchr(text, '/'))
        ck_assert_int_ge(sscanf(text, "%d/%d:%d:%d", &day, &hour, &min, &sec), 3);
    else
        ck_assert_int_ge(sscanf(text, "%d:%d:%d", &hour, &min, &sec), 2);
    return STORY_DAY + ((day * INT64_C(24) + hour) * 60 + min) * 60 + sec;
}

static struct shunt_string string(const char *text)
{
    return (struct shunt_string){text, strlen(text)};
}

/* The items of "a,b"; their count. */
static size_t split(char *text, struct shunt_string *into)
{
    size_t count = 0;
    for (char *item = strtok(text, ","); item; item = strtok(NULL, ",")) {
        ck_assert_uint_lt(count, 16);
        into[count++] = string(item);
    }
    return count;
}

static void set_attribute(struct shunt_ticket *k, const struct shunt_table *t, const char *name, char *value)
{
    struct shunt_string items[16];
    uint32_t attr = shunt_attr_find(t, name, strlen(name));
    ck_assert_msg(attr != SHUNT_NONE, "no attribute %s", name);
    if (!*value) {
        ck_assert_int_eq(shunt_ticket_clear(k, attr), SHUNT_OK);
        return;
    }
    switch (shunt_attr_type(t, attr)) {
    case SHUNT_TYPE_SET: {
        size_t count = split(value, items);
        for (size_t i = 0; i < count; i++) {
            ck_assert_int_eq(shunt_ticket_add_name(k, attr, items[i].bytes, items[i].len), SHUNT_OK);
        }
        break;
    }
    case SHUNT_TYPE_TEXT:
        ck_assert_int_eq(shunt_ticket_set_text(k, attr, value, strlen(value)), SHUNT_OK);
        break;
    case SHUNT_TYPE_NUMBER: ck_assert_int_eq(shunt_ticket_set_number(k, attr, atof(value)), SHUNT_OK); break;
    case SHUNT_TYPE_BOOL: ck_assert_int_eq(shunt_ticket_set_bool(k, attr, *value == 't'), SHUNT_OK); break;
    default: ck_assert_int_eq(shunt_ticket_set_name(k, attr, value, strlen(value)), SHUNT_OK);
    }
}

static const struct kind {
    const char *name;
    enum shunt_event_kind kind;
    const char *words; /* of those without =: t a ticket, a an agent, c a channel, o on or off */
} kinds[] = {
    {"ticket", SHUNT_EVENT_TICKET, "tc"},    {"online", SHUNT_EVENT_ONLINE, "a"},
    {"offline", SHUNT_EVENT_OFFLINE, "a"},   {"claim", SHUNT_EVENT_CLAIM, "ta"},
    {"next", SHUNT_EVENT_NEXT, "a"},         {"assign", SHUNT_EVENT_ASSIGN, "t"},
    {"unassign", SHUNT_EVENT_UNASSIGN, "t"}, {"reply", SHUNT_EVENT_REPLY, "ta"},
    {"close", SHUNT_EVENT_CLOSE, "t"},       {"reopen", SHUNT_EVENT_REOPEN, "t"},
    {"update", SHUNT_EVENT_UPDATE, "t"},     {"reroute", SHUNT_EVENT_REROUTE, "t"},
    {"pending", SHUNT_EVENT_PENDING, "t"},   {"resume", SHUNT_EVENT_RESUME, "t"},
    {"auto", SHUNT_EVENT_AUTO, "o"},         {"tick", SHUNT_EVENT_TICK, ""},
};

static const struct kind *kind_of(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) == 0) return &kinds[i];
    }
    ck_abort_msg("no event %s", name);
    return NULL;
}

static void plain_word(struct story_line *l, char what, char *word)
{
    struct shunt_event *e = &l->event;
    if (what == 't') e->ticket_count = split(word, l->tickets);
    if (what == 'a') e->agent = string(word);
    if (what == 'o') e->on = strcmp(word, "on") == 0;
    if (what == 'c')
        ck_assert_int_eq(shunt_ticket_set_name(e->carried, SHUNT_ATTR_CHANNEL, word, strlen(word)), 0);
}

static void devices(struct story_line *l, char *value)
{
    struct shunt_string items[16];
    size_t count = split(value, items);
    for (size_t i = 0; i < count; i++) {
        char *colon = strchr(items[i].bytes, ':');
        *colon = 0;
        l->devices[i] = (struct shunt_device){string(items[i].bytes), string(colon + 1)};
    }
    l->event.has_devices = true;
    l->event.device_count = count;
}

static void named_word(struct story_line *l, const struct shunt_table *t, const char *name, char *value)
{
    struct shunt_event *e = &l->event;
    if (strcmp(name, "by") == 0) {
        e->by = string(value);
    } else if (strcmp(name, "agent") == 0) {
        e->agent = string(value);
    } else if (strcmp(name, "team") == 0) {
        e->team = string(value);
    } else if (strcmp(name, "channels") == 0) {
        e->has_channels = true;
        e->channel_count = split(value, l->channels);
    } else if (strcmp(name, "devices") == 0) {
        devices(l, value);
    } else {
        set_attribute(e->carried, t, name, value);
    }
}

void story_line(struct story_line *l, const struct shunt_table *t, struct shunt_ticket *carried,
                const char *line, size_t len)
{
    char *words[16], name[32];
    size_t count = 0, plain = 0;
    ck_assert_uint_lt(len, sizeof l->words);
    memcpy(l->words, line, len);
    l->words[len] = 0;
    for (char *w = l->words + strspn(l->words, " "); *w; w += strspn(w, " ")) {
        words[count++] = w;
        w += strcspn(w, " ");
        if (*w) *w++ = 0;
    }
    ck_assert_uint_ge(count, 2);
    const struct kind *kind = kind_of(words[1]);
    shunt_ticket_record(carried, true);
    shunt_ticket_reset(carried);
    l->event = (struct shunt_event){.kind = kind->kind, .has_at = true, .at_sec = story_time(words[0])};
    l->event.tickets = l->tickets, l->event.channels = l->channels, l->event.devices = l->devices;
    l->event.carried = carried;
    for (size_t i = 2; i < count; i++) {
        char *is = strchr(words[i], '=');
        if (!is) {
            plain_word(l, kind->words[plain++], words[i]);
            continue;
        }
        snprintf(name, sizeof name, "%.*s", (int)(is - words[i]), words[i]);
        named_word(l, t, name, is + 1);
    }
}

/* ---- decisions to lines ---- */

static void say(struct story *s, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int len = vsnprintf(s->said + s->said_len, sizeof s->said - s->said_len, format, list);
    va_end(list);
    s->said_len += (size_t)len;
    ck_assert_uint_lt(s->said_len, sizeof s->said);
}

static void say_list(struct story *s, const char *name, const struct shunt_string *items, size_t count)
{
    for (size_t i = 0; i < count; i++) say(s, "%s%s", i ? "," : name, items[i].bytes ? items[i].bytes : "");
}

static void say_whose(struct story *s, const struct shunt_desk_decision *d)
{
    const struct shunt_table *t = s->policy.table;
    if (d->team != SHUNT_NONE) say(s, " team=%s", shunt_team_name(t, d->team).bytes);
    if (d->agent != SHUNT_NONE) say(s, " agent=%s", shunt_agent_name(t, d->agent).bytes);
    for (size_t i = 0; i < d->agent_count; i++) {
        say(s, "%s%s", i ? "," : " agents=", shunt_agent_name(t, d->agents[i]).bytes);
    }
    if (d->device.bytes) say(s, " device=%s", d->device.bytes);
}

static void on_decision(void *ctx, const struct shunt_desk_decision *d)
{
    struct story *s = ctx;
    say(s, "%.*s %s", (int)d->ticket.len, d->ticket.bytes, shunt_state_name(d->status));
    say_whose(s, d);
    if (strcmp(d->rule.bytes, "otherwise") != 0)
        say(s, " rule=%s%s", d->rule_is_takes ? "team." : "", d->rule.bytes);
    if (d->status != SHUNT_CLOSED && d->status != SHUNT_PENDING) say(s, " %s", shunt_why_name(d->why));
    if (d->has_until) {
        int64_t sec = d->until_sec - STORY_DAY;
        say(s, " until=%d/%02d:%02d", (int)(sec / 86400), (int)(sec / 3600 % 24), (int)(sec / 60 % 60));
    }
    if (d->priority != SHUNT_PRIORITY_NORMAL) say(s, " %s", shunt_priority_name(d->priority));
    say_list(s, " add=", d->add, d->add_count);
    if (d->step > 1) say(s, " step=%u", d->step);
    say(s, "\n");
}

struct shunt_sink story_sink(struct story *s)
{
    return (struct shunt_sink){on_decision, s};
}

/* ---- a story ---- */

void story_open(struct story *s, const char *policy)
{
    struct shunt_desk_options options = {.keep_days = SHUNT_KEEP_DAYS_DEFAULT, .figures = true};
    *s = (struct story){.memory = calloc(1, sizeof *s->memory)};
    s->memory->left = UINT64_MAX;
    struct shunt_hooks hooks = failing_hooks(s->memory);
    compiled_open(&s->policy, "p.shunt", policy, true);
    ck_assert_int_eq(shunt_desk_new(s->policy.table, &options, &hooks, &s->desk), SHUNT_OK);
}

/* Saved, loaded and saved again, a desk is the same bytes: whatever state it is in, it is one that may be. */
static void check_saved(const struct story *s)
{
    void *one, *two;
    size_t one_len, two_len;
    const char *reason = "";
    struct shunt_desk *loaded;
    struct shunt_hooks hooks = failing_hooks(s->memory);
    ck_assert_int_eq(shunt_desk_save(s->desk, NULL, &one, &one_len), SHUNT_OK);
    enum shunt_status status = shunt_desk_load(s->policy.table, one, one_len, &hooks, &loaded, &reason);
    ck_assert_msg(status == SHUNT_OK, "a saved desk that does not load: %s %s", shunt_status_text(status),
                  reason);
    ck_assert_int_eq(shunt_desk_save(loaded, NULL, &two, &two_len), SHUNT_OK);
    ck_assert_msg(one_len == two_len && !memcmp(one, two, one_len), "a loaded desk is saved as other bytes");
    shunt_desk_free(loaded);
    free(one), free(two);
}

void story_close(struct story *s)
{
    check_saved(s);
    shunt_desk_free(s->desk);
    ck_assert_uint_eq(s->memory->bytes, 0);
    free(s->memory);
    compiled_close(&s->policy);
}

void story_replace(struct story *s, const char *policy)
{
    struct compiled old = s->policy, next;
    struct shunt_desk *before = s->desk;
    compiled_open(&next, "p.shunt", policy, true);
    s->policy = next;
    s->said_len = 0;
    s->said[0] = 0;
    struct shunt_sink sink = story_sink(s);
    ck_assert_int_eq(shunt_desk_replace(before, next.table, &sink, &s->desk), SHUNT_OK);
    shunt_desk_free(before);
    compiled_close(&old);
    check_saved(s);
}

static enum shunt_status run_line(struct story *s, struct shunt_ticket *carried, const char *line, size_t len,
                                  uint64_t left)
{
    struct story_line l;
    struct shunt_refusal no;
    struct shunt_sink sink = story_sink(s);
    story_line(&l, s->policy.table, carried, line, len);
    s->memory->left = left;
    enum shunt_status status = shunt_desk_event(s->desk, &l.event, &sink, &no);
    s->memory->left = UINT64_MAX;
    if (status == SHUNT_REFUSED) say(s, "%s\n", shunt_refusal_code(no.reason));
    return status;
}

enum shunt_status story_try(struct story *s, const char *line, uint64_t left)
{
    struct shunt_ticket *carried;
    ck_assert_int_eq(shunt_ticket_new(s->policy.table, NULL, &carried), SHUNT_OK);
    s->said_len = 0;
    s->said[0] = 0;
    enum shunt_status status = run_line(s, carried, line, strlen(line), left);
    shunt_ticket_free(carried);
    return status;
}

void story_run(struct story *s, const char *lines)
{
    struct shunt_ticket *carried;
    ck_assert_int_eq(shunt_ticket_new(s->policy.table, NULL, &carried), SHUNT_OK);
    s->said_len = 0;
    s->said[0] = 0;
    for (const char *line = lines; *line;) {
        size_t len = strcspn(line, "\n");
        enum shunt_status status = len ? run_line(s, carried, line, len, UINT64_MAX) : SHUNT_OK;
        ck_assert(status == SHUNT_OK || status == SHUNT_REFUSED);
        line += len + (line[len] == '\n');
    }
    shunt_ticket_free(carried);
}

void story_says(struct story *s, const char *lines, const char *wanted)
{
    story_run(s, lines);
    ck_assert_msg(strcmp(s->said, wanted) == 0, "%s\nsaid:\n%swanted:\n%s", lines, s->said, wanted);
}
