/*
 * A test file's YAML to its tests: see test_file.h. Assumes nothing of the file; promises a diagnostic with
 * its place for everything that is not as docs/testing-policies.md says, and that what is kept of the rest is
 * whole: a step has a time before it, and an event is a known one with keys that it knows.
 */
#include "rfc3339.h"
#include "test_file.h"
#include "yaml_shape.h"

void test_add_field(struct shape *p, test_fields *fields, const struct yaml_pair *pair)
{
    struct name key = {yaml_real(pair->key)->u.text, yaml_span(p->t, pair->key)};
    if (!yaml_skip(pair->value)) *vec_push(p->a, fields) = (struct test_field){key, pair->value};
}

/* The value of a key; NULL: it is not said. */
static const struct yaml_node *find_key(const struct yaml_node *map, struct str key)
{
    uint32_t count;
    const struct yaml_pair *pairs = yaml_pairs(yaml_real(map), &count);
    for (uint32_t i = 0; i < count; i++)
        if (!yaml_skip(pairs[i].key) && str_eq(yaml_real(pairs[i].key)->u.text, key)) return pairs[i].value;
    return NULL;
}

/* ---- steps ---- */

void test_read_time(struct shape *p, const struct yaml_node *value, void *out)
{
    struct test_step *s = out;
    struct name word;
    if (yaml_is_null(yaml_real(value)) && yaml_real(value)->len) return; /* null is not said */
    s->time.s = S(""); /* said, wrongly it may be */
    if (!yaml_name(p, value, &word)) return;
    bool right = parse_rfc3339(word.s.p, word.s.len, &s->time_sec) && s->time_sec >= SHUNT_TIME_MIN &&
                 s->time_sec <= SHUNT_TIME_MAX;
    if (!right)
        diag_hint(p->d, diag(p->d, E0804, word.at, word.s), "write it like 2026-03-02T09:15:00+01:00");
    s->time = word;
}

static void read_online(struct shape *p, const struct yaml_node *value, void *out)
{
    struct test_step *s = out;
    s->sets_online = true;
    yaml_read_names(p, value, &s->online);
}

static void read_nothing(struct shape *p, const struct yaml_node *value, void *out)
{
    (void)p, (void)value, (void)out;
}

/* `event` and `at` are read first, wherever they stand: they say what the others are. */
static const struct yaml_row step_rows[] = {
    {{"at", 2}, read_nothing, 0, 0, "at: 2026-03-02T09:15:00+01:00"},
    {{"event", 5}, read_nothing, 0, 0, "event: tick"},
    {{"online", 6}, read_online, 0, 0, "online: [anna, bo]"},
    {{"ticket", 6}, test_read_ticket, 0, 0, "ticket: {channel: email, labels: [refund]}"},
    {{"expect", 6}, test_read_expect, 0, 0, "expect: {status: assigned, agent: anna}"},
};
enum { ROW_AT, ROW_EVENT, ROW_ONLINE, ROW_TICKET, ROW_EXPECT, STEP_ROW_COUNT };

/* Keys that a test has besides those of a step. */
static const char *const test_keys[] = {"name", "seed", "steps"};
enum { TEST_KEY_COUNT = sizeof test_keys / sizeof *test_keys };

static bool is_test_key(struct str key)
{
    for (size_t i = 0; i < TEST_KEY_COUNT; i++)
        if (str_eq(key, str_from(test_keys[i]))) return true;
    return false;
}

static void report_step_key(struct shape *p, const struct yaml_node *key, bool of_test)
{
    struct str known[STEP_ROW_COUNT + TEST_KEY_COUNT], name = yaml_real(key)->u.text;
    size_t count = 0;
    for (size_t i = 0; i < STEP_ROW_COUNT; i++) known[count++] = step_rows[i].key;
    for (size_t i = 0; of_test && i < TEST_KEY_COUNT; i++) known[count++] = str_from(test_keys[i]);
    struct diag *g = diag(p->d, E0504, yaml_span(p->t, key), name, of_test ? S("a test") : S("a step"));
    diag_nearest(p->d, g, name, known, count);
}

static void read_row(struct shape *p, const struct yaml_row *row, const struct yaml_node *value, void *out)
{
    p->row = row;
    row->read(p, value, out);
    p->row = NULL;
}

static void read_step_key(struct shape *p, const struct yaml_pair *pair, bool is_event, bool of_test,
                          struct test_step *s)
{
    struct str key = yaml_real(pair->key)->u.text;
    const struct yaml_row *row = NULL;
    for (size_t i = 0; i < STEP_ROW_COUNT; i++)
        if (str_eq(key, step_rows[i].key)) row = &step_rows[i];
    if (is_event && row == &step_rows[ROW_TICKET]) row = NULL; /* then it is the event's */
    if (row)
        read_row(p, row, pair->value, s);
    else if (of_test && is_test_key(key))
        return;
    else if (is_event)
        test_read_event_key(p, pair, s);
    else
        report_step_key(p, pair->key, of_test);
}

/* The keys of a step, or those of a test that is one: of_test. */
static void read_step(struct shape *p, const struct yaml_node *map, bool of_test, struct test_step *s)
{
    uint32_t count;
    const struct yaml_pair *pairs = yaml_pairs(yaml_real(map), &count);
    const struct yaml_node *event = find_key(map, S("event")), *at = find_key(map, S("at"));
    s->at = yaml_span(p->t, map);
    static const struct yaml_row first[] = {
        {{"at", 2}, test_read_time, 0, 0, "at: 2026-03-02T09:15:00+01:00"},
        {{"event", 5}, test_read_event, 0, 0, "event: tick"}};
    if (at) read_row(p, &first[0], at, s);
    if (event) read_row(p, &first[1], event, s);
    for (uint32_t i = 0; i < count; i++)
        if (!yaml_skip(pairs[i].key)) read_step_key(p, &pairs[i], event != NULL, of_test, s);
}

/* ---- tests ---- */

/* A whole number from 0 to 2^64 - 1. */
static void read_seed(struct shape *p, const struct yaml_node *value, bool *has, uint64_t *seed)
{
    const struct yaml_node *real = yaml_real(value);
    if (!yaml_expect(p, value, YAML_TEXT, "a whole number")) return;
    struct str s = real->u.text;
    uint64_t n = 0;
    bool right = s.len > 0 && real->style == YAML_PLAIN;
    for (size_t i = 0; right && i < s.len; i++) {
        unsigned digit = (unsigned)(s.p[i] - '0');
        right = digit <= 9 && n <= (UINT64_MAX - digit) / 10;
        if (right) n = 10 * n + digit;
    }
    *has = true;
    *seed = n;
    if (!right)
        diag_hint(p->d, diag(p->d, E0543, yaml_span(p->t, value), S("seed")), "write for example: seed: 7");
}

/* Beside `steps`, a test says what its first step finds: the time, and who is online. */
static void read_steps(struct shape *p, const struct yaml_node *map, const struct yaml_node *value,
                       struct test_case *t)
{
    struct test_step before = {0};
    static const struct yaml_row row = {{"steps", 5}, NULL, 0, 0, "steps: [{at: 2026-03-02T09:15:00+01:00}]"};
    static const char *const elsewhere[] = {"ticket", "event", "expect"};
    uint32_t count, errors = p->d->error_count;
    const struct yaml_pair *pairs = yaml_pairs(yaml_real(map), &count);
    for (uint32_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizeof elsewhere / sizeof *elsewhere; k++)
            if (!yaml_skip(pairs[i].key) && str_eq(yaml_real(pairs[i].key)->u.text, str_from(elsewhere[k])))
                diag(p->d, E0805, yaml_span(p->t, pairs[i].key), str_from(elsewhere[k]));
    if (p->d->error_count == errors)
        read_step(p, map, true, &before);
    else if (find_key(map, S("at")))
        before.time.s = S("");
    if (before.time.s.p || before.sets_online) *vec_push(p->a, &t->steps) = before;
    p->row = &row;
    if (!yaml_expect(p, value, YAML_LIST, "a list of steps")) return;
    const struct yaml_node *list = yaml_real(value);
    for (uint32_t i = 0; i < list->count; i++) {
        p->row = &row;
        if (!yaml_expect(p, list->u.items[i], YAML_MAP, "a map of what happens and what comes of it"))
            continue;
        struct test_step *step = vec_push(p->a, &t->steps);
        step->number = i + 1;
        read_step(p, list->u.items[i], false, step);
    }
}

/* What happens first needs a time; a wrong one was said too. */
static void check_time(struct shape *p, const struct test_case *t)
{
    for (uint32_t i = 0; i < t->steps.count; i++) {
        const struct test_step *s = &t->steps.at[i];
        if (s->time.s.p) return;
        struct diag *g = diag0(p->d, E0803, s->at);
        diag_hint(p->d, g, "write for example at: 2026-03-02T09:15:00+01:00");
        return;
    }
}

/* Tickets without an id get one of their own: ticket-1 and so on, by their place among the test's tickets. */
static void give_ids(struct shape *p, struct test_case *t)
{
    uint32_t number = 0;
    for (uint32_t i = 0; i < t->steps.count; i++) {
        struct test_step *s = &t->steps.at[i];
        if (!s->has_event || s->event != EVENT_TICKET) continue;
        bool has_id = false;
        for (uint32_t k = 0; k < s->fields.count; k++)
            has_id |=
                str_eq(s->fields.at[k].key.s, S("id")) && !yaml_is_null(yaml_real(s->fields.at[k].value));
        number++;
        if (!has_id) s->id = arena_printf(p->a, "ticket-%u", number);
    }
}

static void read_test(struct shape *p, const struct yaml_node *map, struct test_file *f)
{
    static const struct yaml_row row = {{"name", 4}, NULL, 0, 0, "name: a refund goes to billing"};
    struct test_case *t = vec_push(p->a, &f->tests);
    const struct yaml_node *name = find_key(map, S("name")), *seed = find_key(map, S("seed")),
                           *several = find_key(map, S("steps"));
    p->row = &row;
    t->name.at = yaml_span(p->t, map);
    struct text words = {{NULL, 0}, t->name.at};
    if (name && yaml_text(p, name, &words)) t->name = (struct name){words.s, words.at};
    if (!name) diag(p->d, E0546, t->name.at, S("a test"), S("a `name`"));
    p->row = NULL;
    if (seed) read_seed(p, seed, &t->has_seed, &t->seed);
    if (several)
        read_steps(p, map, several, t);
    else
        read_step(p, map, true, vec_push(p->a, &t->steps));
    check_time(p, t);
    give_ids(p, t);
}

/* ---- the file ---- */

static void read_version(struct shape *p, const struct yaml_node *value, void *out)
{
    (void)out;
    int64_t version;
    if (!yaml_integer(p, value, &version) || version == 1) return;
    struct diag *g = diag(p->d, E0802, yaml_span(p->t, value), yaml_real(value)->u.text);
    diag_hint(p->d, g, "write shunt-test: 1");
}

static void read_policy_path(struct shape *p, const struct yaml_node *value, void *out)
{
    struct test_file *f = out;
    yaml_text(p, value, &f->policy);
}

static void read_file_seed(struct shape *p, const struct yaml_node *value, void *out)
{
    struct test_file *f = out;
    read_seed(p, value, &f->has_seed, &f->seed);
}

static void read_tests(struct shape *p, const struct yaml_node *value, void *out)
{
    struct test_file *f = out;
    if (!yaml_expect(p, value, YAML_LIST, "a list of tests")) return;
    const struct yaml_node *list = yaml_real(value);
    const struct yaml_row *row = p->row;
    for (uint32_t i = 0; i < list->count; i++) {
        p->row = row;
        if (yaml_expect(p, list->u.items[i], YAML_MAP, "a map of a test's keys"))
            read_test(p, list->u.items[i], f);
    }
}

static void read_promise_texts(struct shape *p, const struct yaml_node *value, void *out)
{
    struct test_file *f = out;
    struct yaml_items items = yaml_items(value);
    const struct yaml_row *row = p->row;
    for (uint32_t i = 0; i < items.count; i++) {
        const struct yaml_node *item = yaml_item(&items, i);
        struct text text;
        p->row = row;
        if (!yaml_text(p, item, &text)) continue;
        struct test_promise *promise = vec_push(p->a, &f->promises);
        promise->value = item;
        promise->as_test.name = (struct name){text.s, text.at};
    }
}

struct file_keys {
    struct span version_key, policy_key, seed_key, tests_key, promises_key;
};

/* yaml_read_map() notes where the keys stand in one struct and hands the readers the other. */
struct file_decl {
    struct test_file f;
    struct file_keys keys;
};

static const struct yaml_row file_rows[] = {
    YAML_ROW(struct file_decl, "shunt-test", read_version, keys.version_key, f, "shunt-test: 1"),
    YAML_ROW(struct file_decl, "policy", read_policy_path, keys.policy_key, f, "policy: policy.yaml"),
    YAML_ROW(struct file_decl, "seed", read_file_seed, keys.seed_key, f, "seed: 7"),
    YAML_ROW(struct file_decl, "tests", read_tests, keys.tests_key, f,
             "tests: [{name: …, ticket: {…}, expect: {…}}]"),
    YAML_ROW(struct file_decl, "promises", read_promise_texts, keys.promises_key, f,
             "promises: [segments has vip => team billing]"),
};

static void report_none(struct shape *p)
{
    const struct yaml_node *root = p->t->root;
    struct span at = {0, 0, 0};
    if (root)
        at =
            yaml_real(root)->kind == YAML_MAP && root->count ? yaml_span(p->t, root->u.map.pairs[0].key) : at;
    bool policy = root && yaml_real(root)->kind == YAML_MAP && find_key(root, S("shunt"));
    struct diag *g = diag0(p->d, E0801, at);
    if (policy)
        diag_hint(p->d, g, "it looks like a policy: shunt check reads those");
    else
        diag_hint(p->d, g, "begin the file with shunt-test: 1");
}

static void read_root(struct shape *p, struct file_decl *decl)
{
    const struct yaml_node *root = p->t->root;
    if (p->t->broken && (!root || yaml_real(root)->kind != YAML_MAP)) return;
    if (!root || yaml_real(root)->kind != YAML_MAP || !find_key(root, S("shunt-test"))) {
        if (!root || !root->bad) report_none(p);
        return;
    }
    yaml_read_map(p, root, file_rows, sizeof file_rows / sizeof *file_rows, decl, "a test file");
    struct span top = yaml_span(p->t, root->u.map.pairs[0].key);
    if (p->t->broken) return;
    if (!span_said(decl->keys.policy_key))
        diag(p->d, E0546, top, S("a test file"), S("`policy`: the file it tests"));
    bool says = span_said(decl->keys.tests_key) || span_said(decl->keys.promises_key);
    if (!says) diag(p->d, E0546, top, S("a test file"), S("`tests`"));
}

static void warn_twice(struct shape *p, const struct test_file *f)
{
    struct strmap seen = {0};
    for (uint32_t i = 0; i < f->tests.count; i++) {
        const struct name *name = &f->tests.at[i].name;
        if (!name->s.p) continue;
        uint32_t first = strmap_put(p->a, &seen, name->s, i);
        if (first == i) continue;
        struct diag *g = diag(p->d, W1801, name->at, name->s);
        diag_related(g, f->tests.at[first].name.at, S("the first stands here"));
    }
}

/* Lines and columns, found here where memory may run out. */
static void find_places(struct test_file *f)
{
    struct source *s = &f->c->sources.list.at[0];
    for (uint32_t i = 0; i < f->promises.count; i++) {
        struct test_case *t = &f->promises.at[i].as_test;
        t->place = source_place(f->c->a, s, t->name.at);
    }
    for (uint32_t i = 0; i < f->tests.count; i++) {
        struct test_case *t = &f->tests.at[i];
        t->place = source_place(f->c->a, s, t->name.at);
        for (uint32_t k = 0; k < t->steps.count; k++) {
            struct test_step *step = &t->steps.at[k];
            step->place = source_place(f->c->a, s, step->at);
            step->expect_place = source_place(f->c->a, s, step->expect_at);
            for (uint32_t e = 0; e < step->expected.count; e++)
                step->expected.at[e].place = source_place(f->c->a, s, step->expected.at[e].at);
        }
    }
}

struct test_file *test_read(struct arena *a, const char *path)
{
    struct file_decl *decl = arena_new_of(a, struct file_decl);
    struct test_file *f = &decl->f;
    f->c = arena_new_of(a, struct compilation);
    f->c->a = a;
    f->c->diags.a = a;
    if (read_yaml_source(f->c, path)) {
        f->tree = yaml_read(a, &f->c->diags, &f->c->sources, 0, false);
        struct shape p = {.a = a, .d = &f->c->diags, .t = f->tree};
        read_root(&p, decl);
        warn_twice(&p, f);
        find_places(f);
    }
    diags_sort(&f->c->diags);
    return f;
}
