/*
 * docs/TABLE-FORMAT.md is enough to read a table: a policy with everything in it is compiled, and what a
 * decoder made from that page alone (page_decoder.c) says of its bytes stands beside it.
 */
#include "page.h"
#include "page_decoder.h"
#include "run_suite.h"
#include "widened.h"

#include <check.h>
#include <stdlib.h>

/* ---- a policy with everything in it, and what the page makes of its table ---- */

static const char policy[] =
    "shunt: 1\n"
    "name: acme\n"
    "timezone: Europe/Stockholm\n"
    "labels: [billing, refund, \"needs reply\"]\n"
    "segments: {vip: \"Top 1 %\", wholesale: \"\"}\n"
    "fields: {plan: [free, pro], total: number, eu: bool}\n"
    "hours:\n"
    "  office:\n"
    "    weekly: {mon-fri: [09:00-12:00, 13:00-17:30], sat: 20:00-02:00}\n"
    "    seasons: {06-29..08-07: {sun: 10:00-15:00}}\n"
    "    closed: [2027-01-01, 12-24..12-26]\n"
    "    special: {2026-12-27: 10:00-14:00}\n"
    "  duty: {outside: office, every: 6 weeks from 2026-03-02}\n"
    "agents:\n"
    "  anna: {name: Anna Karlsson, role: manager, rank: {webchat: 1, other: 20}, weight: 2, skills: "
    "[swedish, refunds], channels: [webchat, email], limits: {email: 10, total: 12}, devices: {phone: \"+46 "
    "70\"}, hours: office, away: 2026-12-20..2027-01-06}\n"
    "  bo: {}\n"
    "teams:\n"
    "  billing: {description: Invoices, agents: [bo, anna], takes: [{labels: billing}, {plan: pro}], assign: "
    "{webchat: most-busy, other: pull}, hours: {webchat: office, other: always}, after_hours: {to: general}, "
    "rotation: global, sticky: true, backlog: leave}\n"
    "  general: {agents: all, members_only: true, present: on-shift}\n"
    "rules:\n"
    "  - rule: vip-refund\n"
    "    description: For our best customers\n"
    "    when: labels has refund and segments has vip and not plan == free\n"
    "    active: 2026-11-20..2026-12-01\n"
    "    require: {skills: refunds}\n"
    "    set: {priority: urgent}\n"
    "    add: {labels: \"needs reply\"}\n"
    "    to: [billing, {team: general, after: 2h of office}, {unassigned: true, after: 1d}]\n"
    "  - rule: wholesale-first\n"
    "    match: {segments: wholesale, channel: [email, phone]}\n"
    "    raise: {priority: high}\n"
    "    continue: true\n"
    "  - rule: texts\n"
    "    when: 'subject contains \"Refund\" or subject starts with \"RE:\" or (plan >= pro or eu) and (total "
    "> 2.5 or total in (-1, 7)) and priority != low and labels has all (refund, billing) and during duty and "
    "labels exists'\n"
    "    to: {agent: bo}\n"
    "otherwise: general\n"
    "promises:\n"
    "  - segments has vip => team in (billing, general) and priority >= high\n";

static const char expected[] =
    "policy acme in Europe/Stockholm, presence 0 auto 1 reply 0 otherwise 1\n"
    "channel: closed channel: webchat, email, sms, social, phone\n"
    "labels: closed set: billing, refund, needs reply\n"
    "segments: closed set: vip, wholesale\n"
    "priority: priority\n"
    "subject: text: ^ re:, * refund\n"
    "body: text\n"
    "customer: text\n"
    "plan: closed listed: free, pro\n"
    "total: number\n"
    "eu: bool\n"
    "hours always always\n"
    "hours office in Europe/Stockholm: 540-720 780-1050; 540-720 780-1050; 540-720 780-1050; 540-720 "
    "780-1050; 540-720 780-1050; 1200-1440; 0-120; season 180..219 sunday 600-900; special 20814 600-840; "
    "closed 2027-01-01..2027-01-01 yearly 358..360\n"
    "hours duty in Europe/Stockholm outside office; every 6 from 2026-03-02\n"
    "zone Europe/Stockholm: then 3600, 7200 in summer, from M3.5.0/7200 to M10.5.0/10800\n"
    "agent anna \"Anna Karlsson\" role 2 weight 2 rank webchat=1 *=20 limit email=10 total=12 device +46 70 "
    "skill refunds skill swedish serves webchat serves email hours office away 2026-12-20..2027-01-06\n"
    "agent bo \"-\" role 1 weight 1 rank *=50 limit\n"
    "team billing \"Invoices\" members bo anna assign webchat=3 *=8 hours webchat=1 *=0 after *=3 rotation 2 "
    "flags 11000\n"
    "team general \"-\" members anna bo assign *=0 hours *=0 after *=0 rotation 0 flags 00111\n"
    "vip-refund: and(active 2026-11-20..2026-12-01, and(has(labels.refund), has(segments.vip), not "
    "has(plan.free))) set 3 add needs reply require refunds -> billing -> general after 7200 of office -> "
    "nobody after 86400\n"
    "wholesale-first: and(has(segments.wholesale), any(channel.email, channel.phone)) raise 2 continue\n"
    "texts: or(has(subject.refund), has(subject.re:), and(or(plan >= pro, eu), or(total > 2.5, total in -1 "
    "7), not priority bits 1, all(labels.billing, labels.refund), during duty, labels exists)) -> bo\n"
    "(takes): or(has(labels.billing), has(plan.pro)) -> billing\n"
    "(otherwise): true -> general\n"
    "promise \"segments has vip => team in (billing, general) and priority >= high\": has(segments.vip) => "
    "kind 0 0 1 => kind 5 priorities 12\n"
    "about rule 0: For our best customers\n"
    "about atom 8: Top 1 %\n"
    "0/0 acme.yaml:21:5+16\n"
    "0/1 acme.yaml:29:5+21\n"
    "0/2 acme.yaml:33:5+11\n"
    "1/3 acme.yaml:18:64+17\n"
    "1/3 acme.yaml:18:83+11\n"
    "2/4 acme.yaml:36:1+18\n"
    "3/0 acme.yaml:15:3+245\n"
    "3/1 acme.yaml:16:3+6\n"
    "4/0 acme.yaml:18:3+253\n"
    "4/1 acme.yaml:19:3+61\n"
    "5/1 acme.yaml:8:3+6\n"
    "5/2 acme.yaml:13:3+4\n"
    "6/0 acme.yaml:38:5+67\n"
    "7/7 acme.yaml:6:10+4\n"
    "7/8 acme.yaml:6:29+5\n"
    "7/9 acme.yaml:6:44+2\n"
    "8/0 acme.yaml:23:11+59\n"
    "8/1 acme.yaml:24:13+22\n"
    "8/2 acme.yaml:23:11+59\n"
    "8/3 acme.yaml:23:11+17\n"
    "8/4 acme.yaml:23:33+16\n"
    "8/5 acme.yaml:23:54+16\n"
    "8/6 acme.yaml:23:58+12\n"
    "8/7 acme.yaml:30:13+44\n"
    "8/8 acme.yaml:30:13+19\n"
    "8/9 acme.yaml:30:34+23\n"
    "8/12 acme.yaml:34:12+206\n"
    "8/13 acme.yaml:34:12+25\n"
    "8/14 acme.yaml:34:41+25\n"
    "8/15 acme.yaml:34:70+148\n"
    "8/16 acme.yaml:34:71+17\n"
    "8/17 acme.yaml:34:71+11\n"
    "8/19 acme.yaml:34:86+2\n"
    "8/20 acme.yaml:34:95+31\n"
    "8/21 acme.yaml:34:95+11\n"
    "8/23 acme.yaml:34:110+16\n"
    "8/27 acme.yaml:34:132+15\n"
    "8/28 acme.yaml:34:132+15\n"
    "8/29 acme.yaml:34:152+32\n"
    "8/32 acme.yaml:34:189+11\n"
    "8/33 acme.yaml:34:205+13\n"
    "8/34 acme.yaml:18:65+28\n"
    "8/35 acme.yaml:18:65+15\n"
    "8/36 acme.yaml:18:84+9\n"
    "8/38 acme.yaml:38:5+16\n"
    "9/0 acme.yaml:23:11+59\n"
    "9/1 acme.yaml:30:13+44\n"
    "9/2 acme.yaml:34:12+206\n";

static unsigned char *bytes;
static size_t table_len;
static void setup(void)
{
    bytes = page_table("acme.yaml", policy, &table_len);
    ck_assert_ptr_nonnull(bytes);
    page_open(bytes, table_len);
}
static void teardown(void)
{
    free(bytes);
}

/* The same with second hashes, which small tables have not. */
static void widen(void)
{
    unsigned char *narrow = bytes;
    bytes = widened_table(narrow, table_len, &table_len);
    free(narrow);
    page_open(bytes, table_len);
    page_check_file();
}

START_TEST(format_2_header_and_directory_are_as_the_page_says)
{
    page_check_file();
}
END_TEST

START_TEST(format_4_every_record_reads_as_the_policy_was_written)
{
    ck_assert_str_eq(page_words(), expected);
}
END_TEST

START_TEST(format_4_4_names_are_found_by_their_hash)
{
    ck_assert_str_eq(page_atom_name(page_find_atom(1, "needs reply")), "needs reply");
    ck_assert_str_eq(page_atom_name(page_find_atom(7, "pro")), "pro");
    ck_assert_uint_eq(page_find_atom(1, "pro"), PAGE_NONE);
    ck_assert_uint_eq(page_find_atom(4, "refund"), PAGE_NONE); /* a pattern is no name */
}
END_TEST

START_TEST(format_7_patterns_are_found_by_the_automaton)
{
    ck_assert_str_eq(page_found_in(4, "re: a refund"), " ^re: *refund");
    ck_assert_str_eq(page_found_in(4, "any refunds? re:"), " *refund");
    ck_assert_str_eq(page_found_in(4, "nothing"), "");
}
END_TEST

START_TEST(format_8_a_ticket_finds_the_rules_it_may_meet)
{
    if (_i) widen();
    uint32_t refund = page_find_atom(1, "refund"), vip = page_find_atom(2, "vip"),
             wholesale = page_find_atom(2, "wholesale"), email = page_find_atom(0, "email"),
             sms = page_find_atom(0, "sms");
    ck_assert_str_eq(page_candidates(33, (uint32_t[]){email, refund, vip}, 3, 1, email), " 0?");
    ck_assert_str_eq(page_candidates(33, (uint32_t[]){email, refund}, 2, 1, email), "");
    ck_assert_str_eq(page_candidates(33, (uint32_t[]){wholesale}, 1, 1, PAGE_NONE), "");
    ck_assert_str_eq(page_candidates(36, (uint32_t[]){email, wholesale}, 2, 1, email), " 1");
    ck_assert_str_eq(page_candidates(36, (uint32_t[]){sms, wholesale}, 2, 1, sms), "");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("format_page");
    TCase *t = tcase_create("format_page");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, format_2_header_and_directory_are_as_the_page_says);
    tcase_add_test(t, format_4_every_record_reads_as_the_policy_was_written);
    tcase_add_test(t, format_4_4_names_are_found_by_their_hash);
    tcase_add_test(t, format_7_patterns_are_found_by_the_automaton);
    tcase_add_loop_test(t, format_8_a_ticket_finds_the_rules_it_may_meet, 0, 2);
    suite_add_tcase(s, t);
    return run_suite(s);
}
