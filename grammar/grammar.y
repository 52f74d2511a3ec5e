/*
 * The grammar of the DSL and, once for both spellings, of conditions and promises (language.md 3, 4, 8).
 *
 * Tokens (compiler/lex.c) in, calls that build the tree (compiler/dsl_build.h) out; an action is one such call.
 * The first token says what is to be read: a whole policy, one condition, or one promise.
 *
 * Every statement ends in SEP; the driver (compiler/dsl_parse.c) puts one before and after each "}" and at the
 * end. A statement may be an error: the driver passes over the rest of it. The head of a block may be one too,
 * and its statements are read all the same.
 *
 * lemon must run with -c: its default reductions would go on past a wrong token, and the message could then not
 * say all that was expected at that place. Conflicts: none.
 */
%name Grammar
%token_prefix TK_
%token_type {struct token}
%extra_context {struct parse *p}
%start_symbol source
/* NESTING_MAX parentheses, each over at most "attr or test and not (": far below this. */
%stack_size 1000
%stack_overflow { p->overflow = true; }
%syntax_error { syntax_error(p, &yyminor); }

%include {
/* lemon's own assertions and its traces, a tenth of the parser's time. */
#define NDEBUG 1
#include "dsl_build.h"
#include <assert.h>
}

/* The words that are no words of conditions: names, where a name is wanted. */
%fallback NAME
    ACTIVE ADD AFTER AGENT AGENTS ASSIGN ASSIGN_ON_REPLY AUTO_ASSIGN AWAY BACKLOG BREAK CHANNELS CLOSED CONTINUE
    DAYS DEVICE EVERY FIELD FOR FROM HOLIDAYS HOURS INCLUDE IS LABELS LIKE LIMIT MATCH MEMBERS OF OFF ON ONE ONLY
    OTHERWISE POLICY PRESENCE PRESENT PRIORITY PROMISE RAISE RANK REQUIRE ROLE ROTATION RULE SEASON SEGMENTS SET
    SKILLS SPECIAL STICKY TAKES TEAM THEN TIMEZONE TO UNASSIGNED VERSION WEEKLY WEEKS WEIGHT WHEN.

%type name {struct name}
%type names {names *}
%type names_or_none {names *}
%type for_opt {names *}
%type text {struct text}
%type text_opt {struct text}
%type texts {text_list *}
%type texts_or_none {text_list *}
%type units {unit_list *}
%type units_or_none {unit_list *}
%type flag_opt {struct flag}
%type zone {struct token}
%type unit {struct token}
%type flag {struct flag}
%type value {struct value}
%type values {values *}
%type match_value {struct value}
%type match_values {values *}
%type strings {values *}
%type condition {struct part}
%type alternatives {struct part}
%type conjunction {struct part}
%type conjuncts {struct part}
%type unary {struct part}
%type primary {struct part}
%type test {struct expr *}
%type matches {match_tests *}
%type match_test {struct expr *}
%type steps {steps *}
%type target {struct step}
%type promise {struct promise_decl *}
%type outcomes {struct promise_decl *}
%type outcome {struct outcome}

source ::= MODE_POLICY statements.
source ::= MODE_CONDITION condition(E).     { p->condition = E.e; }
source ::= MODE_PROMISE promise(P).         { p->promise = P; }

/* ---- a policy ---- */

statements ::= .
statements ::= statements SEP.
statements ::= statements statement SEP.

statement ::= error.
statement ::= POLICY(K) name(N) VERSION(V) NUMBER(W).     { build_policy(p, &K, &N, &V, &W); }
statement ::= VERSION(V) NUMBER(W).                       { build_version(p, &V, &W); }
statement ::= TIMEZONE(K) zone(Z).                        { build_word(p, ITEM_TIMEZONE, &K, name_of(p, &Z)); }
statement ::= INCLUDE(K) texts(L).                        { build_include(p, &K, L); }
statement ::= CHANNELS(K) names(L).                       { build_names(p, ITEM_CHANNELS, &K, L); }
statement ::= LABELS(K) names_or_none(L).                 { build_names(p, ITEM_LABELS, &K, L); }
statement ::= segments.
statement ::= SEGMENTS(K) NONE.                           { open_segments(p, &K); }
statement ::= FIELD(K) name(N) IS ONE OF names(L).        { build_field(p, &K, &N, NULL, L); }
statement ::= FIELD(K) name(N) IS name(T).                { build_field(p, &K, &N, &T, NULL); }
statement ::= hours_head.
statement ::= hours_head LBRACE hours_body RBRACE.        { drop_wrong_seasons(p); close_block(p); }
statement ::= agent_head.
statement ::= agent_head LBRACE agent_body RBRACE.        { close_block(p); }
statement ::= team_head.
statement ::= team_head LBRACE team_body RBRACE.          { close_block(p); }
statement ::= rule_head LBRACE rule_body RBRACE.          { close_block(p); }
statement ::= RULE(K) error.                              { open_rule(p, &K, NULL, NULL); }
statement ::= OTHERWISE(K) TO steps(L).                   { build_otherwise(p, &K, L); }
statement ::= PRESENCE(K) name(N).                        { build_word(p, ITEM_PRESENCE, &K, N); }
statement ::= AUTO_ASSIGN(K) flag(F).                     { build_flag(p, ITEM_AUTO_ASSIGN, &K, F); }
statement ::= ASSIGN_ON_REPLY(K) flag(F).                 { build_flag(p, ITEM_ASSIGN_ON_REPLY, &K, F); }
statement ::= PROMISE(K) promise(P).                      { build_promise(p, &K, P); }

segments ::= SEGMENTS(K) name(N) text_opt(T).             { open_segments(p, &K); add_segment(p, &N, &T); }
segments ::= segments COMMA name(N) text_opt(T).          { add_segment(p, &N, &T); }

/* ---- hours ---- */

hours_head ::= HOURS(K) name(N).                          { open_hours(p, &K, &N); }
hours_head ::= HOURS(K) error.                            { open_hours(p, &K, NULL); }
hours_head ::= hours_head IN(K) zone(Z).                  { set_name(p, &K, HOURS_TIMEZONE, name_of(p, &Z)); }
hours_head ::= hours_head hours_option.

hours_option ::= LIKE(K) name(N).                         { set_name(p, &K, HOURS_LIKE, N); }
hours_option ::= OUTSIDE(K) name(N).                      { set_name(p, &K, HOURS_OUTSIDE, N); }
hours_option ::= EVERY(K) unit(N) WEEKS FROM unit(D).     { set_every(p, &K, &N, &D); }

hours_body ::= .
hours_body ::= hours_body SEP.
hours_body ::= hours_body hours_statement SEP.

hours_statement ::= error.
hours_statement ::= hours_option.
hours_statement ::= TIMEZONE(K) zone(Z).                  { set_name(p, &K, HOURS_TIMEZONE, name_of(p, &Z)); }
hours_statement ::= DAYS(D) units(L).                     { add_days(p, &D, L); }
hours_statement ::= DAYS(D) CLOSED.                       { add_days(p, &D, NULL); }
hours_statement ::= WEEKLY(K) NONE.                       { set_weekly_none(p, &K); }
hours_statement ::= season_head LBRACE season_body RBRACE. { close_season(p); }
hours_statement ::= SEASON error.
hours_statement ::= SEASON(K) NONE.                       { set_seasons_none(p, &K); }
hours_statement ::= CLOSED(K) units_or_none(L).           { set_closed(p, &K, L); }
hours_statement ::= SPECIAL(K) unit(D) units(L).          { add_special(p, &K, &D, L); }
hours_statement ::= SPECIAL(K) unit(D) CLOSED.            { add_special(p, &K, &D, NULL); }
hours_statement ::= SPECIAL(K) NONE.                      { set_special_none(p, &K); }
hours_statement ::= HOLIDAYS(K) texts_or_none(L).         { set_holidays(p, &K, L); }
hours_statement ::= BREAK(K) DAYS(D) units(L).            { add_break(p, &K, &D, L); }
hours_statement ::= BREAK(K) DAYS(D) NONE.                { add_break(p, &K, &D, NULL); }
hours_statement ::= BREAK(K) NONE.                        { set_breaks_none(p, &K); }

season_head ::= SEASON(K) unit(U).                        { open_season(p, &K, &U); }
season_head ::= SEASON(K) error.                          { open_season(p, &K, NULL); }
season_body ::= .
season_body ::= season_body SEP.
season_body ::= season_body season_statement SEP.
season_statement ::= error.
season_statement ::= DAYS(D) units(L).                    { add_days(p, &D, L); }
season_statement ::= DAYS(D) CLOSED.                      { add_days(p, &D, NULL); }

/* ---- agents ---- */

agent_head ::= AGENT(K) name(N) text_opt(T).              { open_agent(p, &K, &N, &T); }
agent_head ::= AGENT(K) error.                            { open_agent(p, &K, NULL, NULL); }

agent_body ::= .
agent_body ::= agent_body SEP.
agent_body ::= agent_body agent_statement SEP.

agent_statement ::= error.
agent_statement ::= ROLE(K) name(N).                      { set_name(p, &K, AGENT_ROLE, N); }
agent_statement ::= RANK(K) unit(N) for_opt(C).           { add_rank(p, &K, &N, C); }
agent_statement ::= WEIGHT(K) unit(N).                    { set_weight(p, &K, &N); }
agent_statement ::= SKILLS(K) names_or_none(L).           { set_names(p, &K, AGENT_SKILLS, L); }
agent_statement ::= CHANNELS(K) names_or_none(L).         { set_names(p, &K, AGENT_CHANNELS, L); }
agent_statement ::= limits.
agent_statement ::= devices.
agent_statement ::= DEVICE(K) NONE.                       { open_devices(p, &K); }
agent_statement ::= HOURS(K) name(N).                     { set_name(p, &K, AGENT_HOURS, N); }
agent_statement ::= AWAY(K) units_or_none(L).             { set_away(p, &K, L); }

limits ::= LIMIT(K) name(C) unit(N).                      { open_limits(p, &K); add_limit(p, &C, &N); }
limits ::= limits COMMA name(C) unit(N).                  { add_limit(p, &C, &N); }
devices ::= DEVICE(K) name(C) text(T).                    { open_devices(p, &K); add_device(p, &C, &T); }
devices ::= devices COMMA name(C) text(T).                { add_device(p, &C, &T); }

/* ---- teams ---- */

team_head ::= TEAM(K) name(N) text_opt(T).                { open_team(p, &K, &N, &T); }
team_head ::= TEAM(K) error.                              { open_team(p, &K, NULL, NULL); }

team_body ::= .
team_body ::= team_body SEP.
team_body ::= team_body team_statement SEP.

team_statement ::= error.
team_statement ::= AGENTS(K) names_or_none(L).            { set_names(p, &K, TEAM_AGENTS, L); }
team_statement ::= AGENTS(K) ALL.                         { set_agents_all(p, &K); }
team_statement ::= TAKES(K) matches(L).                   { add_takes(p, &K, L); }
team_statement ::= ASSIGN(K) name(N) for_opt(C).          { add_by_channel(p, &K, TEAM_ASSIGN, &N, C); }
team_statement ::= ROTATION(K) name(N).                   { set_name(p, &K, TEAM_ROTATION, N); }
team_statement ::= HOURS(K) name(N) for_opt(C).           { add_by_channel(p, &K, TEAM_HOURS, &N, C); }
team_statement ::= AFTER(K) HOURS name(N) for_opt(C).     { add_by_channel(p, &K, TEAM_AFTER_HOURS, &N, C); }
team_statement ::= AFTER(K) HOURS TO name(N) for_opt(C).  { add_by_channel(p, &K, TEAM_AFTER_HOURS_TO, &N, C); }
team_statement ::= BACKLOG(K) name(N).                    { set_name(p, &K, TEAM_BACKLOG, N); }
team_statement ::= STICKY(K) flag_opt(F).                 { set_flag(p, &K, TEAM_STICKY, F); }
team_statement ::= MEMBERS(K) ONLY flag_opt(F).           { set_flag(p, &K, TEAM_MEMBERS_ONLY, F); }
team_statement ::= PRESENT(K) name(N).                    { set_name(p, &K, TEAM_PRESENT, N); }

/* ---- rules ---- */

rule_head ::= RULE(K) name(N) text_opt(T).                { open_rule(p, &K, &N, &T); }
rule_head ::= RULE(K) error.                              { open_rule(p, &K, NULL, NULL); }

rule_body ::= .
rule_body ::= rule_body SEP.
rule_body ::= rule_body rule_statement SEP.

rule_statement ::= error.
rule_statement ::= WHEN(K) condition(E).                  { set_when(p, &K, E.e); }
rule_statement ::= WHEN(K) PLAIN(T).                      { set_when(p, &K, plain_expr(p->exprs, p->numbering, &p->plain, T.at)); }
rule_statement ::= WHEN(K) error.                         { set_when(p, &K, NULL); }
rule_statement ::= MATCH(K) matches(L).                   { set_match(p, &K, L); }
rule_statement ::= ACTIVE(K) units(L).                    { set_active(p, &K, L); }
rule_statement ::= REQUIRE(K) SKILLS names(L).            { set_names(p, &K, RULE_REQUIRE, L); }
rule_statement ::= SET(K) PRIORITY name(N).               { set_name(p, &K, RULE_SET, N); }
rule_statement ::= RAISE(K) PRIORITY name(N).             { set_name(p, &K, RULE_RAISE, N); }
rule_statement ::= ADD(K) LABELS names(L).                { set_names(p, &K, RULE_ADD, L); }
rule_statement ::= TO(K) steps(L).                        { set_to(p, &K, L); }
rule_statement ::= TO(K) error.                           { set_to(p, &K, NULL); }
rule_statement ::= CONTINUE(K).                           { set_continue(p, &K); }

steps(L) ::= target(T).                                   { L = add_step(p, NULL, T, NULL, NULL); }
steps(L) ::= steps(B) COMMA THEN target(T) AFTER unit(D). { L = add_step(p, B, T, &D, NULL); }
steps(L) ::= steps(B) COMMA THEN target(T) AFTER unit(D) OF name(N). { L = add_step(p, B, T, &D, &N); }

target(T) ::= name(N).                                    { T = build_target(TARGET_TEAM, &N, N.at); }
target(T) ::= TEAM(K) name(N).                            { T = build_target(TARGET_TEAM, &N, K.at); }
target(T) ::= AGENT(K) name(N).                           { T = build_target(TARGET_AGENT, &N, K.at); }
target(T) ::= UNASSIGNED(K).                              { T = build_target(TARGET_UNASSIGNED, NULL, K.at); }

/* takes and match: the tests of one map */
matches(L) ::= match_test(T).                             { L = add_match(p, NULL, T); }
matches(L) ::= matches(B) COMMA match_test(T).            { L = add_match(p, B, T); }
match_test(T) ::= name(A) match_value(V).                 { T = build_test(p, &A, TEST_MATCH, one_value(p, V), V.at); }
match_test(T) ::= name(A) LP match_values(L) RP(E).       { T = build_test(p, &A, TEST_MATCH, L, E.at); }
match_values(L) ::= match_value(V).                       { L = one_value(p, V); }
match_values(L) ::= match_values(B) COMMA match_value(V). { L = add_value(p, B, V); }
match_value(V) ::= value(B).                              { V = B; }
match_value(V) ::= TRUE(T).                               { V = build_value(p, VALUE_BOOL, &T); }
match_value(V) ::= FALSE(T).                              { V = build_value(p, VALUE_BOOL, &T); }

/* ---- promises ---- */

promise(P) ::= condition(E) ARROW outcomes(L).            { P = finish_promise(p, L, E); }
outcomes(L) ::= outcome(O).                               { L = add_outcome(p, NULL, O); }
outcomes(L) ::= outcomes(B) AND(T) outcome(O).            { check_spelling(p, &T); L = add_outcome(p, B, O); }

outcome(O) ::= TEAM(K) name(N).                 { O = build_outcome(OUTCOME_TEAM_IN, one_name(p, &N), K.at, N.at); }
outcome(O) ::= TEAM(K) IN LP names(L) RP(E).    { O = build_outcome(OUTCOME_TEAM_IN, L, K.at, E.at); O.in = true; }
outcome(O) ::= NOT(K) TEAM name(N).             { O = build_outcome(OUTCOME_NOT_TEAM, one_name(p, &N), K.at, N.at); }
outcome(O) ::= AGENT(K) name(N).                { O = build_outcome(OUTCOME_AGENT, one_name(p, &N), K.at, N.at); }
outcome(O) ::= UNASSIGNED(K).                   { O = build_outcome(OUTCOME_UNASSIGNED, NULL, K.at, K.at); }
outcome(O) ::= RULE(K) name(N).                 { O = build_outcome(OUTCOME_RULE, one_name(p, &N), K.at, N.at); }
outcome(O) ::= PRIORITY(K) COMPARE(C) name(N).  { O = build_priority_outcome(p, &K, &C, &N); }
outcome(O) ::= PRIORITY(K) IN LP names(L) RP(E).
    { O = build_outcome(OUTCOME_PRIORITY, L, K.at, E.at); O.cmp = TEST_IN; }
outcome(O) ::= PRIORITY(K) NOT IN LP names(L) RP(E).
    { O = build_outcome(OUTCOME_PRIORITY, L, K.at, E.at); O.cmp = TEST_NOT_IN; }

/* ---- conditions ---- */

condition(E) ::= conjunction(A).                          { E = A; }
condition(E) ::= alternatives(A).                         { E = A; }
alternatives(E) ::= conjunction(A) OR(T) conjunction(B).  { E = join(p, EXPR_OR, A, &T, B); }
alternatives(E) ::= alternatives(A) OR(T) conjunction(B). { E = join_more(p, A, &T, B); }
conjunction(E) ::= unary(A).                              { E = A; }
conjunction(E) ::= conjuncts(A).                          { E = A; }
conjuncts(E) ::= unary(A) AND(T) unary(B).                { E = join(p, EXPR_AND, A, &T, B); }
conjuncts(E) ::= conjuncts(A) AND(T) unary(B).            { E = join_more(p, A, &T, B); }
unary(E) ::= primary(A).                                  { E = A; }
unary(E) ::= NOT(T) primary(A).                           { E = negate(p, &T, A); }

primary(E) ::= LP(L) condition(A) RP(R).                  { E = enclose(A, L.at, R.at); }
primary(E) ::= TRUE(T).                                   { E = constant(p, EXPR_TRUE, &T); }
primary(E) ::= FALSE(T).                                  { E = constant(p, EXPR_FALSE, &T); }
primary(E) ::= test(T).                                   { E = whole(T); }

test(T) ::= name(A) HAS value(V).                  { T = build_test(p, &A, TEST_HAS, one_value(p, V), V.at); }
test(T) ::= name(A) HAS ANY LP values(L) RP(E).    { T = build_test(p, &A, TEST_HAS_ANY, L, E.at); }
test(T) ::= name(A) HAS ALL LP values(L) RP(E).    { T = build_test(p, &A, TEST_HAS_ALL, L, E.at); }
test(T) ::= name(A) HAS NONE LP values(L) RP(E).   { T = build_test(p, &A, TEST_HAS_NONE, L, E.at); }
test(T) ::= name(A) COMPARE(C) value(V).           { T = build_comparison(p, &A, &C, V); }
test(T) ::= name(A) IN LP values(L) RP(E).         { T = build_test(p, &A, TEST_IN, L, E.at); }
test(T) ::= name(A) NOT(N) IN LP values(L) RP(E).
    { check_spelling(p, &N); T = build_test(p, &A, TEST_NOT_IN, L, E.at); }
test(T) ::= name(A) text_op(O) string(V).          { T = build_test(p, &A, O, one_value(p, V), V.at); }
test(T) ::= name(A) text_op(O) ANY LP strings(L) RP(E). { T = build_test(p, &A, O, L, E.at); T->any = true; }
test(T) ::= name(A) EXISTS(E).                     { T = build_test(p, &A, TEST_EXISTS, NULL, E.at); }
test(T) ::= name(A).                               { T = build_test(p, &A, TEST_BOOL, NULL, A.at); }
test(T) ::= DURING(K) name(H).                     { T = build_during(p, TEST_DURING, &K, &H); }
test(T) ::= OUTSIDE(K) name(H).                    { T = build_during(p, TEST_OUTSIDE, &K, &H); }

%type text_op {enum test_op}
text_op(O) ::= CONTAINS.                           { O = TEST_CONTAINS; }
text_op(O) ::= STARTS WITH.                        { O = TEST_STARTS; }
text_op(O) ::= ENDS WITH.                          { O = TEST_ENDS; }
text_op(O) ::= NOT(N) CONTAINS.                    { check_spelling(p, &N); O = TEST_NOT_CONTAINS; }
text_op(O) ::= NOT(N) STARTS WITH.                 { check_spelling(p, &N); O = TEST_NOT_STARTS; }
text_op(O) ::= NOT(N) ENDS WITH.                   { check_spelling(p, &N); O = TEST_NOT_ENDS; }

%type string {struct value}
string(V) ::= STRING(T).                           { V = build_value(p, VALUE_STRING, &T); }
strings(L) ::= string(V).                          { L = one_value(p, V); }
strings(L) ::= strings(B) COMMA string(V).         { L = add_value(p, B, V); }
value(V) ::= NAME(T).                              { V = build_value(p, VALUE_NAME, &T); }
value(V) ::= STRING(T).                            { V = build_value(p, VALUE_STRING, &T); }
value(V) ::= NUMBER(T).                            { V = build_value(p, VALUE_NUMBER, &T); }
values(L) ::= value(V).                            { L = one_value(p, V); }
values(L) ::= values(B) COMMA value(V).            { L = add_value(p, B, V); }

/* ---- names, texts, and what units.c reads ---- */

name(N) ::= NAME(T).                               { N = name_of(p, &T); }
name(N) ::= STRING(T).                             { N = name_of(p, &T); }
names(L) ::= name(N).                              { L = one_name(p, &N); }
names(L) ::= names(B) COMMA name(N).               { L = add_name(p, B, &N); }
names_or_none(L) ::= names(B).                     { L = B; }
names_or_none(L) ::= NONE.                         { L = NULL; }
for_opt(L) ::= .                                   { L = NULL; }
for_opt(L) ::= FOR names(B).                       { L = B; }

text(T) ::= STRING(S).                             { T = text_of(&S); }
text_opt(T) ::= .                                  { T = (struct text){0}; }
text_opt(T) ::= text(B).                           { T = B; }
texts(L) ::= text(T).                              { L = add_text(p, NULL, &T); }
texts(L) ::= texts(B) COMMA text(T).               { L = add_text(p, B, &T); }
texts_or_none(L) ::= texts(B).                     { L = B; }
texts_or_none(L) ::= NONE.                         { L = NULL; }

zone(A) ::= NAME(A).
zone(A) ::= STRING(A).
zone(A) ::= ODD(A).
unit(A) ::= NUMBER(A).
unit(A) ::= LITERAL(A).
units(L) ::= unit(U).                              { L = add_unit(p, NULL, &U); }
units(L) ::= units(B) COMMA unit(U).               { L = add_unit(p, B, &U); }
units_or_none(L) ::= units(B).                     { L = B; }
units_or_none(L) ::= NONE.                         { L = NULL; }

flag(F) ::= ON(K).                                 { F = (struct flag){true, K.at}; }
flag(F) ::= OFF(K).                                { F = (struct flag){false, K.at}; }
flag_opt(F) ::= .                                  { F = (struct flag){true, {0, 0, 0}}; }
flag_opt(F) ::= TRUE(K).                           { F = (struct flag){true, K.at}; }
flag_opt(F) ::= FALSE(K).                          { F = (struct flag){false, K.at}; }

/* PLAIN: a whole condition that needs no grammar (compiler/cond_plain.c); the driver makes it of what follows WHEN.
 * Tokens of no sentence: what the lexer has reported already, and the last number. */
%token BAD LAST.

/* ---- what the driver asks of the parser: its tables are known here alone ---- */

%code {
/* What the parser would do with `token`, taken for itself and not as a name, in the state of *top, where `made`
 * nonterminals stand over it. 1: take it, 0: refuse it. Copies nothing: a reduction pops what is over *top first. */
bool grammar_accepts(const struct parse *p, unsigned token)
{
    const yyParser *q = p->parser;
    const yyStackEntry *top = q->yytos;
    YYACTIONTYPE made[32];
    int count = 0;
    for (;;) {
        YYACTIONTYPE state = count ? made[count - 1] : top->stateno, act = state;
        if (state <= YY_MAX_SHIFT) {
            int i = yy_shift_ofst[state] + (int)token;
            act = yy_lookahead[i] == token ? yy_action[i] : yy_default[state];
        }
        if (act < YY_MIN_REDUCE) return act <= YY_MAX_SHIFTREDUCE || act == YY_ACCEPT_ACTION;
        int rule = act - YY_MIN_REDUCE, pop = -yyRuleInfoNRhs[rule];
        top -= pop > count ? pop - count : 0;
        count -= pop > count ? count : pop;
        state = count ? made[count - 1] : top->stateno;
        if (count == 32) return false;
        made[count++] = yy_find_reduce_action(state, yyRuleInfoLhs[rule]);
    }
}

void grammar_take(struct parse *p, const struct token *t) { Grammar(p->parser, t->kind, *t); }

bool grammar_recovering(const struct parse *p)
{
    const yyParser *q = p->parser;
    return q->yytos > q->yystack && q->yytos->major == YYERRORSYMBOL;
}

void grammar_forget_error(struct parse *p) { ((yyParser *)p->parser)->yyerrcnt = -1; }

bool grammar_is_name(unsigned token) { return token == TK_NAME || GrammarFallback((int)token) == TK_NAME; }

void grammar_run(struct parse *p)
{
    yyParser parser; /* on the stack: made and gone with each of a hundred thousand conditions */
    GrammarInit(&parser, p);
    p->parser = &parser;
    drive(p);
    GrammarFinalize(&parser);
}
}
