/*
 * The workload in CLIPS: clips DIR SECONDS
 *
 * Reads what bench/drawn wrote, as bench/peers/lines.mjs has put it: DIR/rules.clp, and DIR/facts.txt, where
 * each line is a ticket: its facts as template and value, in turn. Writes DIR/clips.txt and one line as
 * peers.mjs does.
 *
 * A rule is a defrule whose salience is the higher the earlier it stands; tests of labels, segments and the
 * channel are patterns, so that CLIPS finds by its network what may match as facts are asserted; then one
 * rule is let fire. Facts are made through the C interface, without parsing.
 */
#include <clips.h>

#include <stdlib.h>
#include <time.h>

enum { FACTS_MAX = 64, LINE_LEN = 4096, TICKETS_MAX = 100000 };

struct peer_fact {
    void *template;
    void *value; /* a symbol or a number of CLIPS, held for good */
    int type;
};
struct peer_ticket {
    struct peer_fact facts[FACTS_MAX];
    int count;
};

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void stop(const char *what)
{
    fprintf(stderr, "clips: %s\n", what);
    exit(2);
}

/* Hash tables of CLIPS let go of what nobody counts: held once more here. */
static struct peer_fact fact_of(void *env, const char *template, const char *value)
{
    struct peer_fact f = {EnvFindDeftemplate(env, template), NULL, SYMBOL};
    if (!f.template) stop(template);
    if (strcmp(template, "priority") == 0) {
        f.type = INTEGER;
        f.value = EnvAddLong(env, atoll(value));
        IncrementIntegerCount(f.value);
    } else {
        f.value = EnvAddSymbol(env, value);
        IncrementSymbolCount(f.value);
    }
    return f;
}

static struct peer_ticket *read_tickets(void *env, const char *path, int *count)
{
    static char line[LINE_LEN];
    struct peer_ticket *tickets = calloc(TICKETS_MAX, sizeof *tickets);
    FILE *f = fopen(path, "r");
    if (!f || !tickets) stop(path);
    for (*count = 0; *count < TICKETS_MAX && fgets(line, sizeof line, f); ++*count) {
        struct peer_ticket *t = &tickets[*count];
        char *rest = line, *template, *value;
        while ((template = strtok_r(rest, " \n", &rest)) && (value = strtok_r(rest, " \n", &rest))) {
            if (t->count == FACTS_MAX) stop("too many facts");
            t->facts[t->count++] = fact_of(env, template, value);
        }
    }
    fclose(f);
    return tickets;
}

static int decide(void *env, const struct peer_ticket *t)
{
    void *asserted[FACTS_MAX];
    DATA_OBJECT value;
    for (int i = 0; i < t->count; i++) {
        struct fact *f = EnvCreateFact(env, t->facts[i].template);
        SetType(value, t->facts[i].type);
        SetValue(value, t->facts[i].value);
        if (!f || !EnvPutFactSlot(env, f, "v", &value)) stop("no fact");
        asserted[i] = EnvAssert(env, f);
    }
    EnvRun(env, 1);
    if (!EnvGetDefglobalValue(env, "rule", &value)) stop("no decision");
    int rule = (int)ValueToLong(GetValue(value));
    for (int i = 0; i < t->count; i++) EnvRetract(env, asserted[i]);
    if (rule >= 0) {
        SetType(value, INTEGER);
        SetValue(value, EnvAddLong(env, -1));
        EnvSetDefglobalValue(env, "rule", &value);
    }
    return rule;
}

int main(int argc, char **argv)
{
    char path[1024];
    int count, done = 0;
    if (argc < 3) stop("needs a folder and seconds");
    double begun = now_ns(), seconds = atof(argv[2]);
    void *env = CreateEnvironment();
    snprintf(path, sizeof path, "%s/rules.clp", argv[1]);
    if (EnvLoad(env, path) != 1) stop("rules not loaded");
    EnvReset(env);
    double loaded = now_ns();
    snprintf(path, sizeof path, "%s/facts.txt", argv[1]);
    struct peer_ticket *tickets = read_tickets(env, path, &count);
    int *rules = calloc((size_t)count + 1, sizeof *rules);
    if (!rules) stop("no memory");
    for (int i = 0; i < count && i < 200; i++) decide(env, &tickets[i]);
    double from = now_ns();
    while (done < count && (done < 10 || now_ns() < from + seconds * 1e9)) {
        rules[done] = decide(env, &tickets[done]);
        done++;
    }
    double took = now_ns() - from;
    snprintf(path, sizeof path, "%s/clips.txt", argv[1]);
    FILE *f = fopen(path, "w");
    if (!f) stop(path);
    for (int i = 0; i < done; i++) fprintf(f, "%d\n", rules[i]);
    fclose(f);
    printf("clips %.0f %d %.1f\n", took / done, done, (loaded - begun) / 1e6);
    return 0;
}
