/* Lines to events and tickets: see event_in.h. */
#include "event_in.h"
#include "../runtime/words.h"
#include "rfc3339.h"

#include <stdlib.h>
#include <string.h>

static const struct line_fault no_fault = {LINE_OK, {NULL, 0}, NULL};

static struct line_fault fault(enum line_error error, struct json_text about)
{
    return (struct line_fault){error, about, NULL};
}

static bool text_is(struct json_text t, const char *cstring)
{
    return t.len == strlen(cstring) && memcmp(t.p, cstring, t.len) == 0;
}

/* ---- what every event has ---- */

static enum event_kind event_kind_of(struct json_text spelling)
{
    static const char *const spellings[] = {
#define EVENT(id, spelling, keys) spelling,
#include "events.def"
#undef EVENT
    };
    int kind = 0;
    while (kind < EVENT_KIND_COUNT && !text_is(spelling, spellings[kind])) kind++;
    return (enum event_kind)kind;
}

/* Most keys of a ticket begin with a letter (its lower five bits) that none of these does. The others are
 * compared with each: of as many bytes as the compiler knows, so that nothing is called. */
static enum event_key event_key_of(struct json_text key)
{
    const uint32_t letters = 0
#define EVENT_KEY(id, spelling, shape) | UINT32_C(1) << (spelling[0] & 31)
#include "event_keys.def"
#undef EVENT_KEY
        ;
    if (key.len == 0 || !(letters >> (*key.p & 31) & 1)) return EVENT_KEY_COUNT;
#define EVENT_KEY(id, spelling, shape)                                                                       \
    if (key.len == sizeof spelling - 1 && memcmp(key.p, spelling, sizeof spelling - 1) == 0)                 \
        return EVENT_KEY_##id;
#include "event_keys.def"
#undef EVENT_KEY
    return EVENT_KEY_COUNT;
}

/* What a message says of a value that should be a text. */
static struct json_text text_of(const struct json_value *v)
{
    return v->type == JSON_TEXT ? v->text : (struct json_text){NULL, 0};
}

static struct line_fault read_at(const struct json_value *v, struct event *event)
{
    int64_t at_sec;
    if (v->type != JSON_TEXT || !parse_rfc3339(v->text.p, v->text.len, &at_sec) || at_sec < SHUNT_TIME_MIN ||
        at_sec > SHUNT_TIME_MAX)
        return fault(LINE_BAD_AT, text_of(v));
    event->has_at = true;
    event->at_sec = at_sec;
    return no_fault;
}

static struct line_fault read_kind(const struct json_value *v, struct event *event)
{
    event->kind = v->type == JSON_TEXT ? event_kind_of(v->text) : EVENT_KIND_COUNT;
    if (event->kind != EVENT_KIND_COUNT) return no_fault;
    return fault(LINE_BAD_EVENT, text_of(v));
}

struct line_fault event_read(const struct json_line *line, struct event *event)
{
    struct line_fault f = no_fault;
    *event = (struct event){.kind = EVENT_TICKET, .at_null_idx = SHUNT_NONE};
    for (uint32_t i = 0; i < line->count; i++) {
        const struct json_value *v = &line->values[i];
        enum event_key key = event_key_of(v->key);
        if (key == EVENT_KEY_COUNT) continue;
        if (v->type != JSON_NULL)
            event->said[key] = v;
        else if (key == EVENT_KEY_AT)
            event->at_null_idx = i;
    }
    event->id = event->said[EVENT_KEY_ID];
    if (event->said[EVENT_KEY_AT]) f = read_at(event->said[EVENT_KEY_AT], event);
    if (!f.error && event->said[EVENT_KEY_EVENT]) f = read_kind(event->said[EVENT_KEY_EVENT], event);
    return f;
}

/* ---- a ticket's attributes ---- */

bool ticket_reader_init(struct ticket_reader *r, const struct shunt_table *table)
{
    *r = (struct ticket_reader){.table = table};
    r->seen = calloc(shunt_attr_count(table), sizeof *r->seen);
    return r->seen != NULL;
}

void ticket_reader_release(struct ticket_reader *r)
{
    free(r->unknown);
    free(r->seen);
    *r = (struct ticket_reader){0};
}

static bool keep_unknown(struct ticket_reader *r, uint32_t attr, struct json_text value)
{
    if (r->unknown_count == r->unknown_cap) {
        size_t cap = r->unknown_cap ? r->unknown_cap * 2 : 8;
        struct unknown_value *grown = realloc(r->unknown, cap * sizeof *grown);
        if (!grown) return false;
        r->unknown = grown;
        r->unknown_cap = cap;
    }
    r->unknown[r->unknown_count++] = (struct unknown_value){attr, value};
    return true;
}

static int unknown_cmp(const void *x, const void *y)
{
    const struct unknown_value *a = x, *b = y;
    return a->attr < b->attr ? -1 : a->attr > b->attr;
}

/* The attribute of that name. Names compare in NFC (language.md 1.3); the library's are in it already. */
static bool attr_of(const struct shunt_table *t, struct json_text key, uint32_t *attr)
{
    size_t i = 0;
    while (i < key.len && (unsigned char)key.p[i] < 0x80) i++;
    if (i == key.len) {
        *attr = shunt_attr_find(t, key.p, key.len);
        return true;
    }
    char *nfc;
    size_t nfc_len;
    if (shunt_text_nfc(key.p, key.len, NULL, &nfc, &nfc_len) != SHUNT_OK) return false;
    *attr = shunt_attr_find(t, nfc, nfc_len);
    free(nfc);
    return true;
}

/* The same for a member's key: by memo where it is the last one of its mark, which saves a line of
 * 10 keys some 2,000 instructions. NULL: no memory. */
static const struct key_memo *attr_of_member(struct ticket_reader *r, const struct json_value *v)
{
    struct json_text key = v->key;
    struct key_memo *memo = &r->memo[v->key_mark % KEY_MEMO_COUNT];
    if (key.len && memo->len == key.len && sh_same_bytes(memo->key, key.p, key.len)) return memo;
    if (key.len > KEY_MEMO_LEN) memo = &r->long_key;
    memo->len = 0;
    if (!attr_of(r->table, key, &memo->attr)) return NULL;
    if (memo->attr != SHUNT_NONE) memo->type = shunt_attr_type(r->table, memo->attr);
    if (key.len > KEY_MEMO_LEN) return memo;
    memcpy(memo->key, key.p, key.len);
    memo->len = (uint32_t)key.len;
    return memo;
}

struct reading {
    struct ticket_reader *r;
    const struct json_line *line;
    struct shunt_ticket *ticket;
    struct line_fault fault; /* set where what follows answers false */
};

static bool refuse(struct reading *s, enum line_error error, const struct json_value *v)
{
    s->fault = fault(error, v->key);
    return false;
}

static bool wrong_type(struct reading *s, const struct json_value *v, const char *wanted)
{
    s->fault = (struct line_fault){LINE_BAD_TYPE, v->key, wanted};
    return false;
}

static bool is_fine(struct reading *s, enum shunt_status status, const struct json_value *v)
{
    if (status == SHUNT_OK) return true;
    return status == SHUNT_NO_MEMORY ? refuse(s, LINE_NO_MEMORY, v)
                                     : wrong_type(s, v, "a value it can carry");
}

static bool set_name(struct reading *s, uint32_t attr, const struct json_value *v)
{
    if (v->type != JSON_TEXT) return wrong_type(s, v, "a text");
    enum shunt_status status = shunt_ticket_set_name(s->ticket, attr, v->text.p, v->text.len);
    if (status != SHUNT_UNKNOWN) return is_fine(s, status, v);
    return keep_unknown(s->r, attr, v->text) || refuse(s, LINE_NO_MEMORY, v);
}

static bool set_members(struct reading *s, uint32_t attr, const struct json_value *v)
{
    if (v->type != JSON_ARRAY) return wrong_type(s, v, "a list of texts");
    const struct json_value *item = s->line->values + v->first;
    for (uint32_t left = v->count; left > 0; left--, item++) {
        if (item->type != JSON_TEXT) return wrong_type(s, v, "a list of texts");
        enum shunt_status status = shunt_ticket_add_name(s->ticket, attr, item->text.p, item->text.len);
        if (status != SHUNT_OK) return is_fine(s, status, v);
    }
    return true;
}

/* For matching, a text that no condition reads need not be folded: that it is carried is all there is to say.
 */
static bool set_text(struct reading *s, uint32_t attr, const struct json_value *v)
{
    if (v->type != JSON_TEXT) return wrong_type(s, v, "a text");
    bool whole = s->r->reading_for != READ_TO_MATCH || shunt_attr_is_read(s->r->table, attr);
    size_t len = whole ? v->text.len : 0;
    return is_fine(s, shunt_ticket_set_text(s->ticket, attr, v->text.p, len), v);
}

static bool set_attr(struct reading *s, uint32_t attr, enum shunt_type type, const struct json_value *v)
{
    switch (type) {
    case SHUNT_TYPE_CHANNEL:
    case SHUNT_TYPE_PRIORITY:
    case SHUNT_TYPE_LISTED: return set_name(s, attr, v);
    case SHUNT_TYPE_SET: return set_members(s, attr, v);
    case SHUNT_TYPE_TEXT: return set_text(s, attr, v);
    case SHUNT_TYPE_NUMBER:
        if (v->type != JSON_NUMBER) return wrong_type(s, v, "a number");
        return is_fine(s, shunt_ticket_set_number(s->ticket, attr, v->number), v);
    case SHUNT_TYPE_BOOL:
        if (v->type != JSON_BOOL) return wrong_type(s, v, "true or false");
        return is_fine(s, shunt_ticket_set_bool(s->ticket, attr, v->truth), v);
    }
    return true;
}

/* In an update, what says that the attribute is no longer carried (desk.md 6.1). */
static bool clears(const struct reading *s, enum shunt_type type, const struct json_value *v)
{
    if (s->r->reading_for != READ_TO_UPDATE) return false;
    return v->type == JSON_NULL || (v->type == JSON_ARRAY && v->count == 0 && type == SHUNT_TYPE_SET);
}

/* Two spellings of one name, composed and decomposed, are one key said twice. */
static bool read_member(struct reading *s, const struct json_value *v)
{
    const struct key_memo *memo = attr_of_member(s->r, v);
    if (!memo) return refuse(s, LINE_NO_MEMORY, v);
    uint32_t attr = memo->attr;
    if (attr == SHUNT_NONE) return true;
    if (s->r->seen[attr] == s->r->ticket_number) return refuse(s, LINE_KEY_TWICE, v);
    s->r->seen[attr] = s->r->ticket_number;
    if (clears(s, memo->type, v)) return is_fine(s, shunt_ticket_clear(s->ticket, attr), v);
    return v->type == JSON_NULL || set_attr(s, attr, memo->type, v);
}

struct line_fault ticket_read(struct ticket_reader *r, const struct json_line *line,
                              struct shunt_ticket *ticket)
{
    struct reading s = {r, line, ticket, no_fault};
    shunt_ticket_reset(ticket);
    r->unknown_count = 0;
    r->ticket_number++;
    for (const struct json_value *v = line->values, *end = v + line->count; v < end && read_member(&s, v);)
        v++;
    if (r->unknown_count > 1) qsort(r->unknown, r->unknown_count, sizeof *r->unknown, unknown_cmp);
    return s.fault;
}

void out_unknown(struct out *o, const struct shunt_table *table, const struct unknown_value *unknown)
{
    struct shunt_string name = shunt_attr_name(table, unknown->attr);
    out_puts(o, "unknown ");
    out_bytes(o, name.bytes, name.len);
    out_puts(o, " \"");
    out_bytes(o, unknown->value.p, unknown->value.len);
    out_putc(o, '"');
}

/* ---- error lines ---- */

static const struct line_error_row {
    const char *code, *message;
    bool moves;
} line_error_rows[LINE_ERROR_COUNT] = {
    [LINE_OK] = {"", "", true},
#define LINE_ERROR(id, code, message, moves) [LINE_##id] = {code, message, moves},
#include "line_errors.def"
#undef LINE_ERROR
};

bool line_fault_moves(const struct line_fault *fault)
{
    return line_error_rows[fault->error].moves;
}

/* The sentence with its first {} filled in by what it is about, the second by what was wanted. */
static void fill_in(struct out *text, const char *sentence, struct json_text about, const char *wanted)
{
    int filled = 0;
    for (const char *p = sentence; *p; p++) {
        if (p[0] != '{' || p[1] != '}') {
            out_putc(text, *p);
            continue;
        }
        if (filled++)
            out_puts(text, wanted ? wanted : "what it should be");
        else if (about.p)
            out_bytes(text, about.p, about.len);
        else
            out_puts(text, "that is not a text");
        p++;
    }
}

void out_error(struct out *o, uint64_t line_number, const char *code, const char *sentence,
               struct json_text about, const char *wanted)
{
    struct out text;
    out_init(&text, -1);
    fill_in(&text, sentence, about, wanted);
    out_puts(o, "{\"error\":{\"line\":");
    out_u64(o, line_number);
    out_json_text(o, "code", str_from(code));
    out_json_text(o, "message", (struct str){text.p ? text.p : "", text.len});
    out_puts(o, "}}\n");
    out_free_part(&text, o);
}

void out_line_error(struct out *o, uint64_t line_number, const struct line_fault *fault)
{
    const struct line_error_row *row = &line_error_rows[fault->error];
    out_error(o, line_number, row->code, row->message, fault->about, fault->wanted);
}
