/*
 * Linked into build/ops/counting, a program whose own code is compiled with -fsanitize-coverage=trace-pc:
 * counts what it does, and writes "OPERATIONS PEAK" to the file that SHUNT_OPS names when the process ends.
 *
 * An operation is a basic block of our own that is entered; eight bytes that are moved, compared, searched,
 * zeroed or formatted by libc for anybody linked in (so that a long memcpy() is no single step, and what
 * libyaml moves counts); an event of libyaml's; a step of SQLite's virtual machine. PEAK is the largest
 * number of bytes allocated at once, by anybody. The same input gives the same numbers, but for what hangs on
 * addresses: run it without their randomisation. glibc only: the allocator below is reached by its own names.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* One thread alone counts: with --jobs the sum would depend on who comes first. */
static unsigned long long ops;
static size_t live, peak;

void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    ops++;
}

static void bytes(size_t len)
{
    ops += 1 + len / 8;
}

static int told = -1;

/* At once: later the program may not open files any more. */
__attribute__((constructor)) static void open_told(void)
{
    const char *path = getenv("SHUNT_OPS");
    if (path) told = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

__attribute__((destructor)) static void tell(void)
{
    if (told >= 0) dprintf(told, "%llu %zu\n", ops, peak);
}

/* ---- what libc does in one call: the linker puts these in their place (--wrap) ---- */

void *__real_memcpy(void *to, const void *from, size_t len);
void *__wrap_memcpy(void *to, const void *from, size_t len);
void *__wrap_memcpy(void *to, const void *from, size_t len)
{
    return bytes(len), __real_memcpy(to, from, len);
}

void *__real_memmove(void *to, const void *from, size_t len);
void *__wrap_memmove(void *to, const void *from, size_t len);
void *__wrap_memmove(void *to, const void *from, size_t len)
{
    return bytes(len), __real_memmove(to, from, len);
}

void *__real_memset(void *to, int c, size_t len);
void *__wrap_memset(void *to, int c, size_t len);
void *__wrap_memset(void *to, int c, size_t len)
{
    return bytes(len), __real_memset(to, c, len);
}

/* As many bytes as are the same. */
int __real_memcmp(const void *a, const void *b, size_t len);
int __wrap_memcmp(const void *a, const void *b, size_t len);
int __wrap_memcmp(const void *a, const void *b, size_t len)
{
    const unsigned char *x = a, *y = b;
    size_t same = 0;
    int order = __real_memcmp(a, b, len);
    while (order && x[same] == y[same]) same++;
    bytes(order ? same : len);
    return order;
}

/* As many as are looked at. */
void *__real_memchr(const void *in, int c, size_t len);
void *__wrap_memchr(const void *in, int c, size_t len);
void *__wrap_memchr(const void *in, int c, size_t len)
{
    char *found = __real_memchr(in, c, len);
    bytes(found ? (size_t)(found - (const char *)in) : len);
    return found;
}

size_t __real_strlen(const char *s);
size_t __wrap_strlen(const char *s);
size_t __wrap_strlen(const char *s)
{
    size_t len = __real_strlen(s);
    bytes(len);
    return len;
}

int __real_vsnprintf(char *to, size_t cap, const char *format, va_list args);
int __wrap_vsnprintf(char *to, size_t cap, const char *format, va_list args);
int __wrap_vsnprintf(char *to, size_t cap, const char *format, va_list args)
{
    int len = __real_vsnprintf(to, cap, format, args);
    bytes(len > 0 ? (size_t)len : 0);
    return len;
}

/* ---- what is random, but for here ---- */

unsigned long __wrap_getauxval(unsigned long type);
unsigned long __wrap_getauxval(unsigned long type)
{
    static const char random[16] = "as good as any.";
    (void)type;
    return (unsigned long)(uintptr_t)random;
}

/* ---- what libraries do ---- */

int __real_yaml_parser_parse(yaml_parser_t *parser, yaml_event_t *event);
int __wrap_yaml_parser_parse(yaml_parser_t *parser, yaml_event_t *event);
int __wrap_yaml_parser_parse(yaml_parser_t *parser, yaml_event_t *event)
{
    ops++;
    return __real_yaml_parser_parse(parser, event);
}

int __real_sqlite3_step(sqlite3_stmt *stmt);
int __wrap_sqlite3_step(sqlite3_stmt *stmt);
int __wrap_sqlite3_step(sqlite3_stmt *stmt)
{
    int status = __real_sqlite3_step(stmt);
    ops += (unsigned)sqlite3_stmt_status(stmt, SQLITE_STMTSTATUS_VM_STEP, 1);
    return status;
}

/* ---- memory ---- */

void *__libc_malloc(size_t len);
void *__libc_calloc(size_t count, size_t len);
void *__libc_realloc(void *block, size_t len);
void *__libc_memalign(size_t alignment, size_t len);
void __libc_free(void *block);

static void *taken(void *block)
{
    if (block) live += malloc_usable_size(block);
    if (live > peak) peak = live;
    return block;
}

static void *left(void *block)
{
    if (block) live -= malloc_usable_size(block);
    return block;
}

void *malloc(size_t len)
{
    return taken(__libc_malloc(len));
}
void free(void *block)
{
    __libc_free(left(block));
}
void *calloc(size_t count, size_t len)
{
    bytes(count * len);
    return taken(__libc_calloc(count, len));
}
void *realloc(void *block, size_t len)
{
    size_t before = block ? malloc_usable_size(block) : 0;
    void *grown = __libc_realloc(block, len);
    if (!grown && len) return NULL;
    live -= before;
    bytes(before < len ? before : len);
    return taken(grown);
}
void *memalign(size_t alignment, size_t len)
{
    return taken(__libc_memalign(alignment, len));
}
void *aligned_alloc(size_t alignment, size_t len)
{
    return memalign(alignment, len);
}
int posix_memalign(void **block, size_t alignment, size_t len)
{
    void *made = memalign(alignment, len);
    if (!made) return ENOMEM;
    *block = made;
    return 0;
}
