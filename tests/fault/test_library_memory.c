/*
 * Every allocation of a whole life with the library fails in turn, through the caller's hooks (commands.md
 * 12): a table opened, a ticket matched and explained, a desk that gets events, is asked, saved, loaded, and
 * taken to the next version of its policy. Each call is done or says that memory ran out; what was given is
 * given back; and the life that comes to its end is the one that had memory enough.
 */
#include <check.h>
#include <string.h>

#include "../unit/desk_story.h"
#include "run_suite.h"

static const char policy[] =
    "version 1\ntimezone Europe/Stockholm\nlabels a, b, \"\xc3\xa9\"\nhours office { mon-fri 09:00-17:00 }\n"
    "agent anna { limit webchat 1 }\nagent bo { skills sv }\n"
    "team first { agents anna, bo\n hours office }\nteam queue { agents anna\n assign pull }\n"
    "rule one { when labels has a and subject contains \"\xc3\xa4rger\"\n require skills sv\n to first }\n"
    "rule two { when labels has b\n to queue, then first after 1h }\n"
    "otherwise to first\n";

static const char *const lines[] = {
    "09:00 online anna channels=email,phone devices=phone:123",
    "09:01 ticket T1 email labels=a,b customer=c",
    "09:02 ticket T2 webchat labels=b",
    "09:03 next anna",
    "09:04 ticket T3 labels=b",
    "10:30 tick",
    "10:31 assign T1,T3 team=queue",
    "10:32 close T1",
};
enum { LINE_COUNT = sizeof lines / sizeof *lines };

struct life {
    struct shunt_hooks hooks;
    const struct shunt_table *table, *next;
    struct shunt_ticket *ticket, *carried; /* carried: by events; made with memory enough */
    struct shunt_desk *desk, *loaded, *replaced;
    const struct shunt_figures *figures;
    char *text;
    size_t text_len;
    void *saved;
    size_t saved_len;
    uint32_t rule;
    size_t tried, viewed, attempts, decisions;
};

static void count_tried(void *ctx, const struct shunt_tried *tried)
{
    (void)tried;
    ++*(size_t *)ctx;
}
static void count_decision(void *ctx, const struct shunt_desk_decision *d)
{
    (void)d;
    ++*(size_t *)ctx;
}
static void count_attempt(void *ctx, const struct shunt_attempt *attempt)
{
    (void)attempt;
    ++*(size_t *)ctx;
}

#define DO(call)                                                                                             \
    do {                                                                                                     \
        enum shunt_status status = (call);                                                                   \
        if (status == SHUNT_NO_MEMORY) return false;                                                         \
        ck_assert_int_eq(status, SHUNT_OK);                                                                  \
    } while (0)

static bool match(struct life *l)
{
    struct shunt_decision decision;
    struct shunt_ticket *k = l->ticket;
    DO(shunt_text_nfc("a\xcc\x8a", 3, &l->hooks, &l->text, &l->text_len));
    DO(shunt_ticket_set_at(k, STORY_DAY));
    DO(shunt_ticket_add_name(k, SHUNT_ATTR_LABELS, "a", 1));
    DO(shunt_ticket_add_name(k, SHUNT_ATTR_LABELS, "e\xcc\x81", 3));
    DO(shunt_ticket_set_text(k, SHUNT_ATTR_SUBJECT, "\xc3\x84RGER", 6));
    shunt_match(k, &decision);
    l->rule = decision.rule;
    DO(shunt_explain_rules(k, count_tried, &l->tried));
    return true;
}

static bool feed(struct life *l)
{
    const struct shunt_sink sink = {count_decision, &l->decisions};
    struct story_line line;
    ck_assert_int_eq(shunt_ticket_new(l->table, NULL, &l->carried), SHUNT_OK);
    for (int i = 0; i < LINE_COUNT; i++) {
        story_line(&line, l->table, l->carried, lines[i], strlen(lines[i]));
        DO(shunt_desk_event(l->desk, &line.event, &sink, NULL));
    }
    return true;
}

static bool ask(struct life *l)
{
    const struct shunt_sink sink = {count_decision, &l->viewed};
    DO(shunt_desk_view(l->desk, SHUNT_VIEW_ALL, (struct shunt_string){"anna", 4}, true, &sink));
    DO(shunt_desk_ask(l->desk, (struct shunt_string){"T3", 2}, count_attempt, &l->attempts));
    DO(shunt_desk_figures(l->desk, &l->figures));
    return true;
}

/* false: memory ran out. */
static bool live(struct life *l, const struct compiled *c)
{
    const struct shunt_desk_options options = {.keep_days = 30, .figures = true};
    const struct shunt_sink sink = {count_decision, &l->decisions};
    size_t len;
    const void *bytes = shunt_table_bytes(c->table, &len);
    DO(shunt_table_open(bytes, len, &l->hooks, &l->table, NULL));
    DO(shunt_ticket_new(l->table, &l->hooks, &l->ticket));
    if (!match(l)) return false;
    DO(shunt_desk_new(l->table, &options, &l->hooks, &l->desk));
    if (!feed(l) || !ask(l)) return false;
    DO(shunt_desk_save(l->desk, &l->hooks, &l->saved, &l->saved_len));
    DO(shunt_desk_load(l->table, l->saved, l->saved_len, &l->hooks, &l->loaded, NULL));
    DO(shunt_table_open(bytes, len, &l->hooks, &l->next, NULL));
    DO(shunt_desk_replace(l->loaded, l->next, &sink, &l->replaced));
    return true;
}

static void end(struct life *l)
{
    shunt_figures_free(l->figures);
    shunt_desk_free(l->desk);
    shunt_desk_free(l->loaded);
    shunt_desk_free(l->replaced);
    shunt_ticket_free(l->ticket);
    shunt_ticket_free(l->carried);
    if (l->saved) l->hooks.resize(l->hooks.ctx, l->saved, l->saved_len, 0);
    if (l->text) l->hooks.resize(l->hooks.ctx, l->text, l->text_len + 1, 0);
    if (l->table) shunt_table_close(l->table);
    if (l->next) shunt_table_close(l->next);
}

START_TEST(commands_12_a_whole_life_without_memory)
{
    struct failing memory;
    struct compiled c;
    struct life calm;
    uint64_t count;
    compiled_open(&c, "p.shunt", policy, false);
    memory = (struct failing){.left = UINT64_MAX};
    calm = (struct life){.hooks = failing_hooks(&memory)};
    ck_assert(live(&calm, &c));
    ck_assert_uint_gt(calm.tried + calm.viewed + calm.attempts, 4);
    count = UINT64_MAX - memory.left;
    ck_assert_uint_gt(count, 100);
    end(&calm);
    ck_assert_uint_eq(memory.bytes, 0);
    for (uint64_t n = 0; n <= count; n++) {
        memory.left = n;
        struct life l = {.hooks = failing_hooks(&memory)};
        ck_assert_int_eq(live(&l, &c), n == count);
        if (n == count) {
            ck_assert_uint_eq(l.rule, calm.rule);
            ck_assert_uint_eq(l.decisions, calm.decisions);
            ck_assert_uint_eq(l.saved_len, calm.saved_len);
        }
        end(&l);
        ck_assert_uint_eq(memory.bytes, 0);
    }
    compiled_close(&c);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("library memory");
    TCase *t = tcase_create("library memory");
    tcase_add_test(t, commands_12_a_whole_life_without_memory);
    suite_add_tcase(s, t);
    return run_suite(s);
}
