/*
 * Turns a YAML policy into its syntax tree (ast.h): the tree of yaml_tree.c to declarations, section by
 * section. Assumes valid UTF-8. Every mistake is reported; what is right is kept, so that one wrong entry
 * hides nothing in the others. NULL only where the file was cut by a syntax error or a whole section could
 * not be read.
 */
#include "yaml_shape.h"

#include <string.h>

typedef void section_fn(struct shape *p, const struct yaml_node *value, struct span key);

/* ---- the small sections ---- */

static void read_version(struct shape *p, const struct yaml_node *value, struct span key)
{
    const struct yaml_node *real = yaml_real(value);
    p->f->version_at = key;
    p->f->version = 1; /* what is no number is reported here, and not again as an unknown version */
    if (yaml_integer(p, value, &p->f->version) && real->len) p->f->version_at = yaml_span(p->t, real);
}

static void add_word(struct shape *p, enum item_kind kind, const struct yaml_node *value, struct span key)
{
    struct name word;
    if (yaml_name(p, value, &word)) yaml_item_add(p, kind, span_join(key, word.at), key)->u.word = word;
}

static void read_policy_name(struct shape *p, const struct yaml_node *value, struct span key)
{
    add_word(p, ITEM_NAME, value, key);
}

/* A wrong one was said too: what needs a zone does not ask for it. */
static void read_timezone(struct shape *p, const struct yaml_node *value, struct span key)
{
    struct name word;
    yaml_name(p, value, &word);
    yaml_item_add(p, ITEM_TIMEZONE, span_join(key, word.at), key)->u.word = word;
}

static void read_presence(struct shape *p, const struct yaml_node *value, struct span key)
{
    add_word(p, ITEM_PRESENCE, value, key);
}

static void read_includes(struct shape *p, const struct yaml_node *value, struct span key)
{
    struct item item = {0};
    yaml_read_texts(p, value, &item.u.include);
    struct span at = span_join(key, yaml_span(p->t, value));
    if (item.u.include.count) memcpy(&yaml_item_add(p, ITEM_INCLUDE, at, key)->u, &item.u, sizeof item.u);
}

/* A list of names that counts even where it is empty: it closes what may be named. */
static void add_names(struct shape *p, enum item_kind kind, const struct yaml_node *value, struct span key)
{
    names list = {0};
    const struct yaml_node *real = yaml_real(value);
    if (real->kind == YAML_MAP || yaml_is_null(real)) p->lost = true;
    yaml_read_names(p, value, &list);
    if (!p->lost) yaml_item_add(p, kind, span_join(key, yaml_span(p->t, value)), key)->u.names = list;
}

static void read_channels(struct shape *p, const struct yaml_node *value, struct span key)
{
    add_names(p, ITEM_CHANNELS, value, key);
}

static void read_labels(struct shape *p, const struct yaml_node *value, struct span key)
{
    add_names(p, ITEM_LABELS, value, key);
}

static void read_segment_map(struct shape *p, const struct yaml_node *real, struct item *item)
{
    uint32_t count;
    const struct yaml_pair *pairs = yaml_pairs(real, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct labelled s = {0};
        const struct yaml_node *text = yaml_real(pairs[i].value);
        if (!yaml_name(p, pairs[i].key, &s.name) || yaml_skip(pairs[i].value)) continue;
        bool nothing = yaml_is_null(text) && !text->len; /* `vip:` has no description, as `vip` in a list */
        if (!nothing) yaml_text(p, pairs[i].value, &s.description);
        *vec_push(p->a, &item->u.segments) = s;
    }
}

static void read_segments(struct shape *p, const struct yaml_node *value, struct span key)
{
    const struct yaml_node *real = yaml_real(value);
    struct item item = {0};
    names list = {0};
    if (real->kind == YAML_MAP)
        read_segment_map(p, real, &item);
    else
        yaml_read_names(p, value, &list);
    if (yaml_is_null(real)) p->lost = true;
    for (uint32_t i = 0; i < list.count; i++)
        *vec_push(p->a, &item.u.segments) = (struct labelled){.name = list.at[i]};
    struct span at = span_join(key, yaml_span(p->t, value));
    if (!p->lost) memcpy(&yaml_item_add(p, ITEM_SEGMENTS, at, key)->u, &item.u, sizeof item.u);
}

static void read_fields(struct shape *p, const struct yaml_node *value, struct span key)
{
    (void)key;
    uint32_t count;
    if (!yaml_expect_section(p, value, YAML_MAP, "a map from names to lists or types")) return;
    const struct yaml_pair *pairs = yaml_pairs(yaml_real(value), &count);
    for (uint32_t i = 0; i < count; i++) {
        struct field_decl *field = arena_new_of(p->a, struct field_decl);
        if (!yaml_name(p, pairs[i].key, &field->name) || yaml_skip(pairs[i].value)) continue;
        const struct yaml_node *real = yaml_real(pairs[i].value);
        yaml_item_add(p, ITEM_FIELD, yaml_pair_span(p, &pairs[i]), field->name.at)->u.field = field;
        if (real->kind == YAML_LIST)
            yaml_read_names(p, pairs[i].value, &field->listed);
        else
            yaml_name(p, pairs[i].value, &field->type);
    }
}

static void read_otherwise(struct shape *p, const struct yaml_node *value, struct span key)
{
    struct span at = span_join(key, yaml_span(p->t, value));
    steps list = {0};
    yaml_read_steps(p, value, &list);
    yaml_item_add(p, ITEM_OTHERWISE, at, key)->u.otherwise = list;
}

static void add_switch(struct shape *p, enum item_kind kind, const struct yaml_node *value, struct span key)
{
    struct flag flag = {0};
    yaml_read_switch(p, value, &flag);
    yaml_item_add(p, kind, span_join(key, yaml_span(p->t, value)), key)->u.flag = flag;
}

static void read_auto_assign(struct shape *p, const struct yaml_node *value, struct span key)
{
    add_switch(p, ITEM_AUTO_ASSIGN, value, key);
}

static void read_assign_on_reply(struct shape *p, const struct yaml_node *value, struct span key)
{
    add_switch(p, ITEM_ASSIGN_ON_REPLY, value, key);
}

/* ---- the top ---- */

/* The rows serve the messages of what is read; their functions are called by read_top(). */
static const struct {
    struct yaml_row row;
    section_fn *read;
} sections[] = {
#define SECTION(word, reader, example)                                                                       \
    {                                                                                                        \
        {{word, sizeof(word) - 1}, NULL, 0, 0, example}, reader                                              \
    }
    SECTION("shunt", read_version, "shunt: 1"),
    SECTION("name", read_policy_name, "name: acme"),
    SECTION("timezone", read_timezone, "timezone: Europe/Stockholm"),
    SECTION("include", read_includes, "include: [teams.yaml]"),
    SECTION("channels", read_channels, "channels: [webchat, email]"),
    SECTION("labels", read_labels, "labels: [billing, refund]"),
    SECTION("segments", read_segments, "segments: [vip], or segments: {vip: \"Our best customers\"}"),
    SECTION("fields", read_fields, "fields: {plan: [free, pro], order_total: number}"),
    SECTION("hours", yaml_read_hours, "hours: {office: {weekly: {mon-fri: 09:00-17:00}}}"),
    SECTION("agents", yaml_read_agents, "agents: {anna: {role: manager}, bo: {}}"),
    SECTION("teams", yaml_read_teams, "teams: {billing: {agents: [anna, bo]}}"),
    SECTION("rules", yaml_read_rules, "rules: [{rule: refunds, when: labels has refund, to: billing}]"),
    SECTION("otherwise", read_otherwise, "otherwise: general"),
    SECTION("presence", read_presence, "presence: day"),
    SECTION("auto_assign", read_auto_assign, "auto_assign: off"),
    SECTION("assign_on_reply", read_assign_on_reply, "assign_on_reply: on"),
    SECTION("promises", yaml_read_promises, "promises: [segments has vip => team billing]"),
#undef SECTION
};
enum { SECTION_COUNT = sizeof sections / sizeof *sections };

static const struct yaml_row *row_of(struct str key)
{
    size_t i = 0;
    while (!str_eq(sections[i].row.key, key)) i++;
    return &sections[i].row;
}

static void report_unknown_section(struct shape *p, const struct yaml_node *key)
{
    struct str known[SECTION_COUNT], name = yaml_real(key)->u.text;
    for (size_t i = 0; i < SECTION_COUNT; i++) known[i] = sections[i].row.key;
    diag_nearest(p->d, diag(p->d, E0504, yaml_span(p->t, key), name, S("a policy")), name, known,
                 SECTION_COUNT);
}

static void read_section(struct shape *p, const struct yaml_pair *pair)
{
    struct str name = yaml_real(pair->key)->u.text;
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        if (!str_eq(name, sections[i].row.key)) continue;
        p->row = &sections[i].row;
        sections[i].read(p, pair->value, yaml_span(p->t, pair->key));
        return;
    }
    if (!str_starts(name, S("x-"))) report_unknown_section(p, pair->key);
}

/* Policies and their tests lie side by side: one that is taken for the other is told so, and no more. */
static bool report_test_file(struct shape *p, const struct yaml_node *first_key)
{
    if (!str_eq(yaml_real(first_key)->u.text, S("shunt-test"))) return false;
    diag_hint(p->d, diag0(p->d, E0551, yaml_span(p->t, first_key)),
              "this is a test file: shunt test reads those");
    return p->lost = true;
}

static void read_top(struct shape *p)
{
    const struct yaml_node *root = p->t->root;
    uint32_t count;
    if (!root || yaml_real(root)->kind != YAML_MAP) {
        p->lost = true;
        if (p->t->broken || (root && root->bad)) return;
        struct span at = root ? yaml_span(p->t, root) : (struct span){p->t->file, 0, 0};
        diag_hint(p->d, diag0(p->d, E0551, at), "begin the file with: shunt: 1");
        return;
    }
    const struct yaml_pair *pairs = yaml_pairs(root, &count);
    if (count && report_test_file(p, pairs[0].key)) return;
    for (uint32_t i = 0; i < count; i++)
        if (!pairs[i].key->bad) read_section(p, &pairs[i]);
}

struct file_ast *parse_yaml_policy(struct arena *a, struct diags *d, struct sources *sources, uint32_t file,
                                   bool keep_comments)
{
    struct file_ast *f = arena_new_of(a, struct file_ast);
    struct arena *nodes = arena_part(a); /* 100,000 rules: 40 MB, gone before the next pass */
    struct diags told = {.a = d->a};
    struct file_ast rules = {.whens = arena_part(a)};
    struct shape taken = {.a = a, .d = &told, .f = &rules, .row = row_of(S("rules")), .numbering = sources->numbering};
    const struct yaml_taker taker = {S("rules"), yaml_take_rule, yaml_take_plain_rule, &taken};
    struct yaml_tree *t = keep_comments ? yaml_read(nodes, d, sources, file, true)
                                        : yaml_read_taking(nodes, d, sources, file, &taker);
    struct shape p = {.a = a, .d = d, .t = t, .f = f, .numbering = sources->numbering, .taken = &taken};
    f->file = file;
    f->whens = rules.whens;
    read_top(&p);
    if (t->comments.count) vec_reserve(a, &f->comments, t->comments.count);
    for (uint32_t i = 0; i < t->comments.count; i++) *vec_push(a, &f->comments) = t->comments.at[i];
    bool whole = !t->broken && !p.lost;
    arena_end(nodes);
    return whole ? f : NULL;
}
