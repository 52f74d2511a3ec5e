/* Policies in the DSL (language.md 3): a source beside its tree, its errors, its canonical layout. */
#include "compile.h"
#include "dump_ast.h"
#include "run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct arena *a;
static struct diags d;
static struct sources sources;

static void setup(void)
{
    a = arena_new();
    sources = (struct sources){0};
}
static void teardown(void)
{
    arena_free(a);
}

static struct file_ast *parse(struct str text)
{
    d = (struct diags){.a = a};
    sources = (struct sources){0};
    vec_push(a, &sources.list)->text = text;
    struct file_ast *f = parse_dsl_policy(a, &d, &sources, 0, true);
    diags_sort(&d);
    return f;
}

static const char *tree(const char *text)
{
    return dump_file(a, parse(str_from(text))).p;
}

/* "line:column code" of each. */
static const char *errors(const char *text)
{
    struct buf b;
    parse(str_from(text));
    buf_init(&b, a);
    for (uint32_t i = 0; i < d.list.count; i++) {
        struct place at = source_place(a, &sources.list.at[0], d.list.at[i]->at);
        buf_printf(&b, i ? " %u:%u %s" : "%u:%u %s", at.line, at.column, diag_rows[d.list.at[i]->id].code);
    }
    return buf_done(&b).p;
}

static const char *fmt(const char *text)
{
    struct file_ast *f = parse(str_from(text));
    ck_assert_msg(d.list.count == 0, "%s: %s", text, d.list.count ? d.list.at[0]->message.p : "");
    return print_dsl(a, f).p;
}

/* ---- the tree ---- */

START_TEST(language_3_files_begin_with_a_version)
{
    ck_assert_str_eq(tree("version 1"), "version 1");
    ck_assert_str_eq(tree("policy acme version 1\n"), "version 1\n1 word=<acme>");
    ck_assert(!span_said(parse(S("timezone UTC"))->version_at)); /* reported by resolve, for both spellings */
    ck_assert_str_eq(tree("version 2"), "version 2");
    ck_assert_str_eq(errors("version 1.0"), "1:9 E0126");
    ck_assert_str_eq(errors("timezone UTC\nversion 1"), "2:1 E0125");
    ck_assert_str_eq(errors("version 1\npolicy x version 1"), "2:10 E0125");
}
END_TEST

START_TEST(language_3_declarations_of_one_line)
{
    static const struct {
        const char *text, *tree;
    } cases[] = {
        {"timezone Europe/Stockholm", "2 word=<Europe/Stockholm>"},
        {"timezone \"UTC\"", "2 word=<UTC>"},
        {"include \"a.yaml\", \"b.shunt\"", "0 include=<a.yaml> include=<b.shunt>"},
        {"channels email, \"web chat\"", "3 names=[ =<email> =<web chat>]"},
        {"labels a,\n  b", "4 names=[ =<a> =<b>]"},
        {"labels none", "4 names=[]"},
        {"segments vip \"Top 1 %\", team, x \"\"",
         "5 segment=<vip> =<Top 1 %> segment=<team> segment=<x> =<>"},
        {"segments none", "5"},
        {"field plan is one of free, pro", "6 field=<plan> one of=[ =<free> =<pro>]"},
        {"field x is set", "6 field=<x> is=<set> one of=[]"},
        {"otherwise to a, then agent b after 2h of office, then unassigned after 0",
         "11\n  step 0 =<a>\n  step 1 =<b> after 7200 of=<office>\n  step 2 after 0"},
        {"presence day", "12 word=<day>"},
        {"auto_assign off; assign_on_reply on", "13 flag=0\n14 flag=1"},
        {"promise a => team x and unassigned",
         "15promise (test BOOL =<a>) => 0 0 0 =[ =<x>] => 3 0 0 =[] text=<a => team x and unassigned>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = arena_printf(a, "version 1\n%s\n", cases[i].text).p;
        ck_assert_str_eq(tree(text), arena_printf(a, "version 1\n%s", cases[i].tree).p);
        ck_assert_uint_eq(d.list.count, 0);
    }
}
END_TEST

START_TEST(language_3_hours)
{
    ck_assert_str_eq(
        tree("version 1\nhours office in Europe/Stockholm {\n mon-thu 09:00-17:30\n fri 09:00-12:00, "
             "13:00-16:00\n"
             " sat closed\n season 06-29..08-07 { mon-fri 10:00-15:00; sun closed }\n"
             " closed 12-24..12-26, 2027-01-01\n special 2026-12-27 10:00-14:00\n special 12-24 closed\n"
             " holidays \"se.ics\"\n break mon-fri 11:00-12:00\n break sun none\n}\n"),
        "version 1\n7 hours=<office> timezone=<Europe/Stockholm>"
        "\n  weekly {0..3 540-1050} {4..4 540-720 780-960} {5..5}"
        "\n  seasons 0/6/29~0/8/7\n  week {0..4 600-900} {6..6}"
        " closed: 0/12/24~0/12/26 2027/1/1~2027/1/1"
        "\n  special 2026/12/27 600-840 0/12/24\n  holidays =<se.ics>\n  breaks {0..4 660-720} {6..6}");
    ck_assert_str_eq(
        tree("version 1\nhours x like y every 6 weeks from 2026-03-02\nhours z { outside x; timezone UTC }"),
        "version 1\n7 hours=<x> like=<y> every 6 from 2026/3/2\n7 hours=<z> timezone=<UTC> outside=<x>");
    ck_assert_str_eq(
        tree("version 1\nhours x like y { weekly none; season none; closed none; special none; holidays "
             "none; break none }"),
        "version 1\n7 hours=<x> like=<y>\n  weekly\n  seasons closed:\n  special\n  holidays\n  breaks");
    ck_assert_uint_eq(d.list.count, 0);
}
END_TEST

START_TEST(language_3_agents)
{
    ck_assert_str_eq(tree("version 1\nagent anna \"Anna Karlsson\" { role manager; rank 1 for webchat, "
                          "email; rank 20 for other\n"
                          "weight 2; skills swedish, refunds; channels none; limit webchat 3, total 12\n"
                          "device phone \"+46 70\"; hours early; away 2026-12-20..2027-01-06 }\nagent bo"),
                     "version 1\n8 agent=<anna> name=<Anna Karlsson> role=<manager>"
                     "\n  rank channel=<webchat>=<1> 1 channel=<email>=<1> 1 channel=<other>=<20> 20 weight=2"
                     " skills=[ =<swedish> =<refunds>] channels=[] limit=<webchat>3 limit=<total>12 devices "
                     "on=<phone> at=<+46 70>"
                     " hours=<early> away: 2026/12/20~2027/1/6\n8 agent=<bo>");
    ck_assert_uint_eq(d.list.count, 0);
}
END_TEST

START_TEST(language_3_teams)
{
    ck_assert_str_eq(
        tree("version 1\nteam billing \"Invoices\" { agents anna, bo; takes labels billing\n"
             "takes segments (w, \"x y\"), channel email, n 5, flag true\nassign most-busy for "
             "webchat\nassign pull for other\n"
             "rotation team; hours office; after hours hold for webchat; after hours to nights for other\n"
             "backlog leave; sticky; members only false; present on-shift }\nteam g { agents all }\nteam h { "
             "agents none }"),
        "version 1\n9 team=<billing> description=<Invoices> agents=[ =<anna> =<bo>]"
        " takes(test MATCH =<labels> name=<billing>)"
        " or-takes(test MATCH =<segments> name=<w> string=<x y>) or-takes(test MATCH =<channel> name=<email>)"
        " or-takes(test MATCH =<n> number=<5>:5) or-takes(test MATCH =<flag> bool=<true>)"
        "\n  assign channel=<webchat>=<most-busy> 0 channel=<other>=<pull> 0 rotation=<team>\n  "
        "hours=<office> 0"
        "\n  after_hours channel=<webchat>=<hold> 0 channel=<other>=<nights> 0 to backlog=<leave> sticky=1"
        " members_only=0 present=<on-shift>\n9 team=<g> everyone\n9 team=<h> agents=[]");
    ck_assert_uint_eq(d.list.count, 0);
}
END_TEST

START_TEST(language_3_rules)
{
    ck_assert_str_eq(
        tree("version 1\nrule r \"why\" { when labels has refund; match channel (email, phone)\nactive "
             "11-20..12-01\n"
             "require skills refunds; set priority urgent; raise priority high; add labels x\n"
             "to billing, then team general after 1h30m }\nrule s { when true; continue }"),
        "version 1\n10 rule=<r> description=<why>\n  when (test HAS =<labels> name=<refund>)"
        " match(test MATCH =<channel> name=<email> name=<phone>) active: 0/11/20~0/12/1 require=[ =<refunds>]"
        " set=<urgent> raise=<high> add=[ =<x>]\n  step 0 =<billing>\n  step 0 =<general> after 5400"
        "\n10 rule=<s>\n  when (true) continue");
    ck_assert_uint_eq(d.list.count, 0);
}
END_TEST

START_TEST(places_of_declarations_are_exact)
{
    struct str text = S("version 1\nteam t \"x\" {\n  agents all\n}\notherwise to t # c\nlabels a,\n b\n");
    struct file_ast *f = parse(text);
    static const struct {
        const char *whole, *key;
    } cases[] = {
        {"team t \"x\" {\n  agents all\n}", "t"},
        {"otherwise to t", "otherwise"},
        {"labels a,\n b", "labels"},
    };
    ck_assert_uint_eq(f->items.count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        const struct item *item = &f->items.at[i];
        ck_assert(str_eq((struct str){text.p + item->at.off, item->at.len}, str_from(cases[i].whole)));
        ck_assert(str_eq((struct str){text.p + item->key.off, item->key.len}, str_from(cases[i].key)));
    }
    ck_assert_uint_eq(f->version_at.len, 9);
}
END_TEST

/* ---- errors ---- */

START_TEST(language_3_1_one_run_reports_every_error)
{
    static const struct {
        const char *text, *errors;
    } cases[] = {
        /* a wrong statement, in a block and out of it */
        {"teem x\nagent a\nlabels\nagent b", "2:1 E0101 4:7 E0101"},
        {"team x {\n agnts a\n assign pull pull\n backlog leave\n}\nagent 5",
         "3:2 E0101 4:14 E0101 7:7 E0116"},
        /* the first statement of a block */
        {"team x {\n agnts a\n}\nagent a b", "3:2 E0101 5:9 E0101"},
        /* a block that nothing can be made of is passed over as a whole */
        {"teem x {\n agents a\n foo { bar }\n}\nagent a b", "2:1 E0101 6:9 E0101"},
        /* a wrong head: its statements are read all the same */
        {"rule a b {\n when x ==\n to t\n}\nagent a b", "2:8 E0101 3:11 E0101 6:9 E0101"},
        {"hours x lke y {\n mon 9-17\n}", "2:9 E0101 3:6 E0151"},
        {"hours x {\n season 06-32 {\n  mon 1-2\n }\n closed 13-01\n}", "3:9 E0155 4:7 E0151 6:9 E0155"},
        {"rule a\nagent b c", "2:7 E0101 3:9 E0101"},
        /* an error in parentheses over several lines */
        {"rule a {\n when (x and\n  y z or\n  v)\n to t\n foo\n}", "4:5 E0101 7:2 E0101"},
        {"rule a {\n when (x\n to t\n foo\n}", "3:7 E0111 5:2 E0101"},
        {"rule a {\n when (x }\nagent a b", "3:7 E0111 4:9 E0101"},
        /* braces that are missing, or too many */
        {"rule a {\n when x\nrule b {\n foo\n}", "2:8 E0113 5:2 E0101"},
        {"hours x {\n season 06-29 {\nagent a b", "3:15 E0113 4:9 E0101"},
        {"team a {\n agents all\n", "2:8 E0113"},
        {"team a { agents all } }\nagent a b", "2:23 E0114 3:9 E0101"},
        {"hours x {\n season 06-29 { mon 09:00-10:00\n closed 12-24\n}\nagent a b", "3:15 E0113 6:9 E0101"},
        {"hours x {\n season 06-29 { mon 09:00-10:00\n}\nagent a b", "3:15 E0113 5:9 E0101"},
        {"hours x {\nseason 06-29 {\nmon 09:00-10:00\n}\n}", ""},
        {"team a {\n agents all\nhours x {\n mon 09:00-10:00\n}", "2:8 E0113"},
        {"team a {\nagents all\nhours x for y\n}", ""},
        /* a "{" that is missing: lines further in are the block, with or without its "}" */
        {"rule a\n when x\n to t\nagent a b", "2:7 E0101 5:9 E0101"},
        {"rule a:\n when x\n to t\n}\nagent a b", "2:7 E0102 6:9 E0101"},
        {"rule\n when x\n to t\n}\nagent a b", "2:5 E0101 6:9 E0101"},
        {"team a\n hours x\n}\nagent a b", "2:7 E0101 5:9 E0101"},
        {"agent a on\n hours x\n role y\nagent a b", "2:9 E0101 5:9 E0101"},
        {"hours x\n season 06-29\n  mon 09:00-10:00\n closed 12-24\nagent a b",
         "2:8 E0101 3:14 E0101 6:9 E0101"},
        {"hours x {\n season 06-29\n  mon 09:00-10:00\n closed 12-24\n}\nagent a b", "3:14 E0101 7:9 E0101"},
        /* but what can stand where it stands is read so, however far in */
        {"agent a\n hours x { mon 09:00-10:00 }\n agent b\n  hours y like x\n channels c", ""},
        /* a text that is not closed takes no block with it */
        {"rule a \"x {\n when y\n foo\n}", "2:8 E0103 4:2 E0101"},
        /* several statements on a line */
        {"team x { foo; bar; backlog leave }; agent a b", "2:10 E0101 2:15 E0101 2:45 E0101"},
        /* what was thought to go on on the next line */
        {"rule a\n{\n when foo bar\n}\nagent a b", "3:1 E0101 4:11 E0101 6:9 E0101"},
        {"rule a {\n when x\n  and y\n to t\n foo\n}", "4:3 E0101 6:2 E0101"},
        /* what the rest of a wrong statement holds is not reported */
        {"team x {\n foo: $ 'bar'\n baz\n}", "3:2 E0101 4:2 E0101"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_str_eq(errors(arena_printf(a, "version 1\n%s", cases[i].text).p), cases[i].errors);
}
END_TEST

START_TEST(what_is_named_wrongly_is_declared_all_the_same)
{
    struct file_ast *f =
        parse(S("version 1\nagent anna anna\nteam x y { agents anna }\nrule r s { to x }\nhours \"a b\" c"));
    ck_assert_uint_eq(f->items.count, 4);
    ck_assert(str_eq(f->items.at[0].u.agent->id.s, S("anna")));
    ck_assert(str_eq(f->items.at[1].u.team->id.s, S("x")) && f->items.at[1].u.team->agents.count == 1);
    ck_assert(str_eq(f->items.at[2].u.rule->name.s, S("r")) && f->items.at[2].u.rule->to.count == 1);
    ck_assert(str_eq(f->items.at[3].u.hours->name.s, S("a b")));
}
END_TEST

START_TEST(what_is_said_wrongly_is_said_all_the_same)
{
    struct file_ast *f =
        parse(S("shunt: 1\ntimezone UTC // x\nfield plan is free, pro\nhours [late] { mon 9-17 }\n"
                "team: t { }\nrule b\nagent 24h { }\nsegments a, b c"));
    ck_assert(span_said(f->version_at) && f->version == 1);
    ck_assert_uint_eq(f->items.count, 6);
    ck_assert_int_eq(f->items.at[0].kind, ITEM_TIMEZONE);
    ck_assert(str_eq(f->items.at[1].u.field->name.s, S("plan")));
    ck_assert(str_eq(f->items.at[2].u.hours->name.s, S("late")));
    ck_assert(str_eq(f->items.at[3].u.team->id.s, S("t")));
    ck_assert(str_eq(f->items.at[4].u.rule->name.s, S("b")));
    ck_assert(str_eq(f->items.at[5].u.agent->id.s, S("24h")));
}
END_TEST

START_TEST(a_wrong_condition_was_said_all_the_same)
{
    struct file_ast *f = parse(S("version 1\nrule r { when x y; to }"));
    ck_assert(span_said(f->items.at[0].u.rule->when_key) && !f->items.at[0].u.rule->when);
    ck_assert(span_said(f->items.at[0].u.rule->to_key));
}
END_TEST

START_TEST(a_block_says_each_thing_once)
{
    static const struct {
        const char *text, *errors;
    } cases[] = {
        {"agent a { role x; role y }", "2:19 E0117"},
        {"agent a { limit x 1; limit y 2 }", "2:22 E0117"},
        {"agent a { limit x 1, x 2 }", "2:22 E0118"},
        {"agent a { device x \"1\", x \"2\" }", "2:25 E0118"},
        {"agent a { rank 1 for x; rank 2 for y, x }", "2:39 E0118"},
        {"agent a { rank 1; rank 2 }", "2:19 E0117"},
        {"agent a { rank 1; rank 2 for x }", "2:19 E0119"},
        {"agent a { rank 2 for x; rank 1 }", "2:25 E0119"},
        {"agent a { rank 1.5; weight x; weight 9999999999999999999 }", "2:16 E0126 2:28 E0101 2:38 E0126"},
        {"team t { hours a for x; hours b for x }", "2:37 E0118"},
        {"team t { after hours hold; after hours to x }", "2:28 E0117"},
        {"team t { agents all; agents a }", "2:22 E0117"},
        {"team t { takes a b; takes c d }", ""},
        {"hours h { weekly none; mon 09:00-10:00 }", "2:24 E0117"},
        {"hours h { mon 09:00-10:00; weekly none }", "2:28 E0117"},
        {"hours h like a { like b }", "2:18 E0117"},
        {"hours h { special none; special 12-24 closed }", "2:25 E0117"},
        {"hours h { closed 12-24; closed 12-25 }", "2:25 E0117"},
        {"rule r { when a; when b; to x; to y; continue; continue }", "2:18 E0117 2:32 E0117 2:48 E0117"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_str_eq(errors(arena_printf(a, "version 1\n%s", cases[i].text).p), cases[i].errors);
}
END_TEST

START_TEST(blocks_nest_without_end_only_in_errors)
{
    struct buf b;
    buf_init(&b, a);
    buf_puts(&b, "version 1\n");
    for (int i = 0; i < 100000; i++) buf_puts(&b, "team x { ");
    parse(buf_done(&b));
    ck_assert_uint_ge(d.list.count, 1);
}
END_TEST

START_TEST(a_hundred_thousand_errors_take_no_stack)
{
    struct buf b;
    buf_init(&b, a);
    buf_puts(&b, "version 1\nteam x {\n");
    for (int i = 0; i < 100000; i++) buf_puts(&b, "when (\n");
    parse(buf_done(&b));
    ck_assert_uint_ge(d.error_count, 100000);
}
END_TEST

/* ---- layout ---- */

static const char full[] = "policy \"my acme\" version 1\n"
                           "timezone UTC\n"
                           "include \"teams.yaml\"\n"
                           "\n"
                           "channels webchat, email\n"
                           "labels billing, \"needs reply\", \"team\", \"any\", Überfällig\n"
                           "segments vip \"Top \\\"1\\\" %\", wholesale\n"
                           "field plan is one of free, pro\n"
                           "field order_total is number\n"
                           "\n"
                           "hours office in Europe/Stockholm every 2 weeks from 2026-03-02 {\n"
                           "    mon-thu 09:00-17:30\n"
                           "    fri 09:00-12:00, 22:00-06:00\n"
                           "    season 06-29..08-07 { mon-fri 10:00-15:00 }\n"
                           "    closed 12-24..12-26, 2027-01-01\n"
                           "    special 2026-12-27 10:00-14:00\n"
                           "    holidays \"se.ics\"\n"
                           "    break tue none\n"
                           "}\n"
                           "hours early like office { break mon-fri 11:00-12:00 }\n"
                           "hours duty outside office\n"
                           "\n"
                           "agent anna \"Anna Karlsson\" {\n"
                           "    role manager\n"
                           "    rank 1 for webchat, email\n"
                           "    rank 20 for other\n"
                           "    limit webchat 3, total 12\n"
                           "    device phone \"+46 70\"\n"
                           "    away 2026-12-20..2027-01-06\n"
                           "}\n"
                           "agent bo\n"
                           "\n"
                           "team billing \"Invoices\" {\n"
                           "    agents anna, bo\n"
                           "    takes labels billing\n"
                           "    takes segments (vip, \"x y\"), channel email, n 5, flag true\n"
                           "    assign most-busy for webchat\n"
                           "    assign pull for other\n"
                           "    rotation team\n"
                           "    hours office\n"
                           "    after hours to nights\n"
                           "    sticky\n"
                           "    members only false\n"
                           "}\n"
                           "team nights { agents all }\n"
                           "\n"
                           "rule a \"why\" {\n"
                           "    when labels has refund and not plan == free\n"
                           "    match channel (email, phone)\n"
                           "    active 2026-11-20..2026-12-01\n"
                           "    require skills refunds\n"
                           "    set priority urgent\n"
                           "    to billing, then agent anna after 90m of office, then unassigned after 1d\n"
                           "}\n"
                           "\n"
                           "rule b {\n"
                           "    when true\n"
                           "    raise priority high\n"
                           "    add labels billing\n"
                           "    continue\n"
                           "}\n"
                           "\n"
                           "otherwise to nights\n"
                           "presence day\n"
                           "auto_assign off\n"
                           "\n"
                           "promise labels has refund => team billing and priority >= high\n";

START_TEST(language_3_2_the_canonical_layout_stays)
{
    ck_assert_str_eq(fmt(full), full);
}
END_TEST

START_TEST(language_3_2_layout_and_order)
{
    static const struct {
        const char *text, *layout;
    } cases[] = {
        {"agent a", "agent a\n"},
        {"policy acme version 1;timezone UTC", "policy acme version 1\ntimezone UTC\n"},
        {"version 1\n\n\n\nagent a\n\n\nagent b\n", "version 1\n\nagent a\nagent b\n"},
        {"version 1\nhours h { like x; mon-mon 09:00-10:00; timezone UTC }",
         "version 1\n\nhours h in UTC like x { mon 09:00-10:00 }\n"},
        {"version 1\nagent a { weight 1; role agent }",
         "version 1\n\nagent a {\n    role agent\n    weight 1\n}\n"},
        {"version 1\nagent a { }", "version 1\n\nagent a\n"},
        {"version 1\nhours h {closed none}", "version 1\n\nhours h { closed none }\n"},
        {"version 1\nhours h {season 06-29 {}}", "version 1\n\nhours h {\n    season 06-29 { }\n}\n"},
        {"version 1\nteam t { hours x for a; hours x for b; hours y for c }",
         "version 1\n\nteam t {\n    hours x for a, b\n    hours y for c\n}\n"},
        {"version 1\nlabels aaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccccccc, "
         "ddddddddddddddddddd, e",
         "version 1\n\nlabels aaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccccccc,\n    "
         "ddddddddddddddddddd, e\n"},
        {"version 1\nrule r {when aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb and "
         "(cccccccccccccccccc or ddd)\nto t}",
         "version 1\n\nrule r {\n    when aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and\n        "
         "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb and\n"
         "        (cccccccccccccccccc or ddd)\n    to t\n}\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_str_eq(fmt(cases[i].text), cases[i].layout);
        ck_assert_str_eq(fmt(cases[i].layout), cases[i].layout);
        ck_assert_str_eq(tree(cases[i].layout), tree(cases[i].text));
    }
}
END_TEST

START_TEST(language_3_2_every_comment_is_kept)
{
    static const struct {
        const char *text, *layout;
    } cases[] = {
        {"# head\n\n# of the policy\nversion 1 # one\n", "# head\n\n# of the policy\nversion 1  # one\n"},
        {"version 1\n# end", "version 1\n# end\n"},
        {"version 1\n\n\n# end\n\n\n", "version 1\n\n# end\n"},
        {"version 1\nagent a { # head\n # first\n role x # role\n # last\n} # end\n# after\nagent b # b",
         "version 1\n\nagent a {  # head\n    # first\n    role x  # role\n    # last\n}  # end\n# "
         "after\nagent b  # b\n"},
        {"version 1\nlabels a, # one\n # two\n b # three\n# four\nlabels c",
         "version 1\n\n# one\n# two\nlabels a, b  # three\n# four\nlabels c\n"},
        {"version 1\nrule r {\n when (a # x\n  # y\n  or b) # z\n to t }",
         "version 1\n\nrule r {\n    # x\n    # y\n    when a or b  # z\n    to t\n}\n"},
        {"version 1\nagent a { weight 1 # w\n role x # r\n}",
         "version 1\n\nagent a {\n    role x  # r\n    weight 1  # w\n}\n"},
        {"version 1\nhours h { mon 09:00-10:00 } # h", "version 1\n\nhours h { mon 09:00-10:00 }  # h\n"},
        {"version 1\nhours h { # h\n mon 09:00-10:00 }",
         "version 1\n\nhours h {  # h\n    mon 09:00-10:00\n}\n"},
        {"version 1\nhours h {\n season 06-29 { mon closed # s\n # t\n } # u\n # v\n}",
         "version 1\n\nhours h {\n    season 06-29 {\n        mon closed  # s\n        # t\n    }  # u\n    "
         "# v\n}\n"},
        {"version 1\nagent a {\n # nothing\n}", "version 1\n\n# nothing\nagent a\n"},
        {"version 1\r\n# crlf\r\nagent a # b\r\n", "version 1\n\n# crlf\nagent a  # b\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_str_eq(fmt(cases[i].text), cases[i].layout);
        ck_assert_str_eq(fmt(cases[i].layout), cases[i].layout);
    }
}
END_TEST

START_TEST(language_3_2_comments_of_yaml_go_where_their_things_went)
{
    struct str text = S("# head\nshunt: 1 # version\n\n# people\nagents: # all of them\n  # the first\n"
                        "  anna: {role: manager} # anna\n  bo: {} # bo\n# end\n");
    const char *layout = "# head\nversion 1  # version\n\n# people\n# all of them\n# the first\n"
                         "agent anna { role manager }  # anna\nagent bo  # bo\n# end\n";
    d = (struct diags){.a = a};
    sources = (struct sources){0};
    vec_push(a, &sources.list)->text = text;
    struct file_ast *f = parse_yaml_policy(a, &d, &sources, 0, true);
    ck_assert_uint_eq(d.list.count, 0);
    ck_assert_str_eq(print_dsl(a, f).p, layout);
    ck_assert_str_eq(fmt(layout), layout);
}
END_TEST

/* A small generator of its own (xorshift), so that the run is the same everywhere. */
static uint32_t roll(uint32_t *state, uint32_t sides)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state % sides;
}

/* The full policy with comments and empty lines put between and behind its lines. */
static struct str with_comments(uint32_t seed, uint32_t *count)
{
    struct buf b;
    buf_init(&b, a);
    *count = 0;
    for (const char *p = full; *p;) {
        const char *end = strchr(p, '\n');
        while (roll(&seed, 4) == 0) {
            if (roll(&seed, 2))
                buf_printf(&b, "%*s#own%u\n", (int)roll(&seed, 6), "", ++*count);
            else
                buf_puts(&b, "\n");
        }
        buf_add(&b, p, (size_t)(end - p));
        if (roll(&seed, 4) == 0) buf_printf(&b, " #behind%u", ++*count);
        buf_puts(&b, roll(&seed, 8) ? "\n" : "\r\n");
        p = end + 1;
    }
    return buf_done(&b);
}

START_TEST(language_3_2_formatting_keeps_comments_wherever_they_stand)
{
    const char *plain = tree(full);
    for (uint32_t seed = 1; seed <= 200; seed++) {
        uint32_t count, found = 0;
        struct str text = with_comments(seed * 2654435761u, &count);
        const char *once = fmt(text.p);
        for (const char *p = once; (p = strchr(p, '#')); p++) found++;
        ck_assert_uint_eq(found, count);
        ck_assert_str_eq(tree(once), plain);
        ck_assert_str_eq(fmt(once), once);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("dsl");
    TCase *t = tcase_create("dsl");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, language_3_files_begin_with_a_version);
    tcase_add_test(t, language_3_declarations_of_one_line);
    tcase_add_test(t, language_3_hours);
    tcase_add_test(t, language_3_agents);
    tcase_add_test(t, language_3_teams);
    tcase_add_test(t, language_3_rules);
    tcase_add_test(t, places_of_declarations_are_exact);
    tcase_add_test(t, language_3_1_one_run_reports_every_error);
    tcase_add_test(t, what_is_named_wrongly_is_declared_all_the_same);
    tcase_add_test(t, what_is_said_wrongly_is_said_all_the_same);
    tcase_add_test(t, a_wrong_condition_was_said_all_the_same);
    tcase_add_test(t, a_block_says_each_thing_once);
    tcase_add_test(t, blocks_nest_without_end_only_in_errors);
    tcase_add_test(t, a_hundred_thousand_errors_take_no_stack);
    tcase_add_test(t, language_3_2_the_canonical_layout_stays);
    tcase_add_test(t, language_3_2_layout_and_order);
    tcase_add_test(t, language_3_2_every_comment_is_kept);
    tcase_add_test(t, language_3_2_comments_of_yaml_go_where_their_things_went);
    tcase_add_test(t, language_3_2_formatting_keeps_comments_wherever_they_stand);
    suite_add_tcase(s, t);
    return run_suite(s);
}
