/*
 * Prints a YAML file's tree as JSON, by YAML 1.2's core rules: for running the tree against the collection
 * yaml-test-suite. Usage: yaml2json FILE. Exit status 0: printed; 1: refused, the errors with line and column
 * on standard error; 2: not readable.
 */
#include "yaml_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct job {
    struct arena *a;
    struct str text;
    int status;
};

static void put_text(struct str s)
{
    putchar('"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < 0x20)
            printf("\\u%04x", c);
        else
            putchar(c);
    }
    putchar('"');
}

static bool is_bool(struct str s)
{
    static const char *const words[] = {"true", "True", "TRUE", "false", "False", "FALSE"};
    for (size_t i = 0; i < 6; i++)
        if (str_eq(s, str_from(words[i]))) return true;
    return false;
}

/* The core schema's numbers, as far as the collection has them: decimal and hexadecimal. */
static bool put_number(struct str s)
{
    char spelled[512], *end;
    if (!s.len || s.len >= sizeof spelled || !strchr("+-.0123456789", s.p[0])) return false;
    memcpy(spelled, s.p, s.len);
    spelled[s.len] = 0;
    double d = strtod(spelled, &end);
    if (*end || end == spelled || strpbrk(spelled, "iInNpP")) return false;
    if (s.p[0] == '0' && s.len > 1 && s.p[1] == 'o') return false;
    printf("%.17g", d);
    return true;
}

static void put_node(const struct yaml_node *n)
{
    n = yaml_real(n);
    if (n->kind == YAML_LIST) {
        putchar('[');
        for (uint32_t i = 0; i < n->count; i++) {
            if (i) putchar(',');
            put_node(n->u.items[i]);
        }
        putchar(']');
    } else if (n->kind == YAML_MAP) {
        uint32_t count;
        const struct yaml_pair *p = yaml_pairs(n, &count);
        putchar('{');
        for (uint32_t i = 0; i < count; i++) {
            if (i) putchar(',');
            put_text(yaml_real(p[i].key)->u.text);
            putchar(':');
            put_node(p[i].value);
        }
        putchar('}');
    } else if (yaml_is_null(n)) {
        printf("null");
    } else if (n->style == YAML_PLAIN && is_bool(n->u.text)) {
        printf(n->u.text.p[0] == 't' || n->u.text.p[0] == 'T' ? "true" : "false");
    } else if (n->style != YAML_PLAIN || !put_number(n->u.text)) {
        put_text(n->u.text);
    }
}

static void run(void *ctx)
{
    struct job *j = ctx;
    struct sources sources = {0};
    struct diags d = {.a = j->a};
    vec_push(j->a, &sources.list)->text = j->text;
    if (utf8_bad(j->text) < j->text.len) {
        fprintf(stderr, "not UTF-8\n");
        j->status = 1;
        return;
    }
    struct yaml_tree *t = yaml_read(j->a, &d, &sources, 0, true);
    diags_sort(&d);
    for (uint32_t i = 0; i < d.list.count; i++) {
        struct place p = source_place(j->a, &sources.list.at[0], d.list.at[i]->at);
        const struct str *m = &d.list.at[i]->message;
        fprintf(stderr, "%u:%u: %s: %.*s\n", p.line, p.column, diag_rows[d.list.at[i]->id].code, (int)m->len,
                m->p);
    }
    j->status = d.error_count ? 1 : 0;
    if (!j->status && t->root) put_node(t->root);
    if (!j->status) putchar('\n');
}

int main(int argc, char **argv)
{
    FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!f) return 2;
    struct job j = {arena_new(), {0}, 2};
    char *text = malloc(1 << 24);
    if (text) j.text = (struct str){text, fread(text, 1, 1 << 24, f)};
    if (str_starts(j.text, S("\xef\xbb\xbf"))) j.text = (struct str){j.text.p + 3, j.text.len - 3};
    if (text && j.a && !arena_try(j.a, run, &j)) j.status = 2;
    arena_free(j.a);
    free(text);
    fclose(f);
    return j.status;
}
