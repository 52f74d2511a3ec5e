/*
 * The time-zone database of the machine to zones by name: see zone.h. Reads regular files only, and names no
 * file that tzdata.zi does not name.
 */
#include "zone.h"
#include "fd.h"
#include "../runtime/zone_rule.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ZONE_FILE_MAX = 1 << 20, ZI_FILE_MAX = 1 << 23, RELEASE_LEN_MAX = 32 };

/* The whole of a regular file of at most max bytes; .p NULL otherwise, and *error an errno or 0. Memory is
 * taken before the file is opened, so that running out of it leaves nothing open. */
static struct str read_regular(struct arena *a, const char *path, off_t max, int *error)
{
    struct stat st;
    struct str none = {NULL, 0};
    *error = stat(path, &st) ? errno : 0;
    if (*error || !S_ISREG(st.st_mode) || st.st_size > max) return none;
    char *p = arena_alloc(a, (size_t)st.st_size + 1);
    int fd = fd_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    ssize_t len = fd < 0 ? -1 : fd_read(fd, p, (size_t)st.st_size);
    if (len < 0) *error = errno;
    if (fd >= 0) close(fd);
    return len < 0 ? none : (struct str){p, (size_t)len};
}

/* ---- names ---- */

/* The next word of a line, without the blanks before it; empty at its end. */
static struct str word(struct str *line)
{
    while (line->len && line->p[0] == ' ') line->p++, line->len--;
    struct str w = {line->p, 0};
    while (line->len && line->p[0] != ' ') line->p++, line->len--, w.len++;
    return w;
}

/* A name that is a zone's: not the placeholder, and nothing that could be taken for a path out of the folder.
 */
static bool usable(struct str name)
{
    if (!name.len || name.len > 255 || name.p[0] == '/' || str_eq(name, S("Factory"))) return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.p[i], lower = (char)(c | 0x20);
        bool plain = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
                     c == '-' || c == '+';
        if (!plain) return false;
    }
    return true;
}

static struct str take_line(struct str *text)
{
    const char *end = memchr(text->p, '\n', text->len);
    struct str line = {text->p, end ? (size_t)(end - text->p) : text->len};
    size_t taken = line.len + (end != NULL);
    text->p += taken, text->len -= taken;
    return line;
}

/* The name that the next line names which names any, from *text on; .p NULL: none does. "Z NAME …" and "L
 * TARGET NAME" name zones; the other lines are their rules, which the TZif files have too. */
static struct str next_name(struct str *text)
{
    while (text->len) {
        struct str line = take_line(text);
        if (line.len == 0 || (line.p[0] != 'Z' && line.p[0] != 'L')) continue;
        struct str kind = word(&line), name = word(&line);
        if (kind.len != 1) continue;
        if (kind.p[0] == 'L') name = word(&line);
        if (usable(name)) return name;
    }
    return (struct str){NULL, 0};
}

/* What the first line names that names a release; none: its .p is NULL. */
static struct str find_release(struct str text)
{
    struct str head = S("# version "), none = {NULL, 0};
    while (text.len) {
        struct str line = take_line(&text);
        if (!str_starts(line, head)) continue;
        struct str release = {line.p + head.len, line.len - head.len};
        if (release.len <= RELEASE_LEN_MAX && utf8_bad(release) == release.len) return release;
    }
    return none;
}

void zone_db_open(struct arena *a, struct str dir, struct zone_db *db)
{
    *db = (struct zone_db){.dir = arena_str(a, dir)};
    db->text = read_regular(a, arena_printf(a, "%s/tzdata.zi", db->dir.p).p, ZI_FILE_MAX, &db->error);
    db->release = find_release(db->text);
}

static void list_names(struct arena *a, struct zone_db *db)
{
    struct str text = db->text;
    if (db->listed) return;
    db->listed = true;
    for (struct str name = next_name(&text); name.p; name = next_name(&text)) {
        if (strmap_get(&db->known, name, NONE) != NONE) continue;
        strmap_put(a, &db->known, name, db->names.count);
        *vec_push(a, &db->names) = name;
    }
}

static bool text_names(struct str text, struct str name)
{
    for (struct str known = next_name(&text); known.p; known = next_name(&text))
        if (str_eq(known, name)) return true;
    return false;
}

bool zone_known(struct arena *a, struct zone_db *db, struct str name)
{
    if (!db->asked++) return text_names(db->text, name);
    list_names(a, db);
    return strmap_get(&db->known, name, NONE) != NONE;
}

bool zone_read(struct arena *a, struct zone_db *db, struct str name, struct m_zone *out, struct str *why)
{
    const char *reason = "its file is not there";
    struct str path = arena_printf(a, "%s/%.*s", db->dir.p, (int)name.len, name.p);
    struct str bytes = read_regular(a, path.p, ZONE_FILE_MAX, &db->error);
    *out = (struct m_zone){.name = arena_str(a, name)};
    if (bytes.p && tzif_parse(a, bytes, out, &reason)) return true;
    *why = str_from(db->error && !is_of_path(db->error) ? strerror(db->error) : reason);
    return false;
}

/* ---- what was meant ---- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* The same but for case, a blank standing for an underscore. */
static bool alike(struct str a, struct str b)
{
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++) {
        char x = lower(a.p[i]), y = lower(b.p[i]);
        if ((x == ' ' ? '_' : x) != (y == ' ' ? '_' : y)) return false;
    }
    return true;
}

static struct str last_part(struct str name)
{
    size_t n = name.len;
    while (n && name.p[n - 1] != '/') n--;
    return (struct str){name.p + n, name.len - n};
}

static struct str without(struct str name, struct str prefix)
{
    return str_starts(name, prefix) ? (struct str){name.p + prefix.len, name.len - prefix.len} : name;
}

struct str zone_guess(struct arena *a, struct zone_db *db, struct str name)
{
    list_names(a, db);
    name = without(without(without(name, S("/")), S("posix/")), S("right/"));
    for (uint32_t i = 0; i < db->names.count; i++)
        if (alike(db->names.at[i], name)) return db->names.at[i];
    for (uint32_t i = 0; i < db->names.count; i++)
        if (name.len > 3 && alike(last_part(db->names.at[i]), last_part(name))) return db->names.at[i];
    return name.len > 3 ? nearest(name, db->names.at, db->names.count) : (struct str){NULL, 0};
}

/* ---- offsets ---- */

struct zone_span zone_span_at(const struct m_zone *z, int64_t at_sec)
{
    uint32_t past = 0, count = z->changes.count;
    for (uint32_t hi = count; past < hi;) {
        uint32_t mid = past + (hi - past) / 2;
        if (z->changes.at[mid].at <= at_sec)
            past = mid + 1;
        else
            hi = mid;
    }
    int64_t from = past ? z->changes.at[past - 1].at : INT64_MIN;
    if (past == count && z->rule.has_rule) {
        struct zone_span s = zone_rule_span(&z->rule, at_sec);
        if (s.from < from) s.from = from;
        return s;
    }
    const struct tf_zone_type *t = &z->types.at[past ? z->changes.at[past - 1].type : 0];
    int64_t until = past < count ? z->changes.at[past].at : INT64_MAX;
    return (struct zone_span){from, until, (int32_t)le32(t->offset_sec), t->isdst != 0};
}
