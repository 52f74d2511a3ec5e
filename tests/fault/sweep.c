/*
 * Makes every allocation, or every call of a file, of a run of shunt fail in turn, and judges what becomes of
 * it.
 *
 *   sweep memory|calls SHUNT SHIMS RUNS STEP SEED [NAME]
 *
 * SHIMS: what is preloaded into SHUNT ("-": nothing, it is linked with the shim). RUNS has a run a line:
 *
 *   NAME | FILES IT WRITES | STANDARD INPUT, OR - | ARGUMENTS
 *
 * A file NAME.before, where there is one, is what a written file is before the run. A file @NAME is a state
 * file. Every STEPth failure is made, beginning with one that SEED chooses, and each twice: alone, and with
 * all that follow. Then what must hold:
 *
 *   - The run ends as undisturbed: same status, same answers, its files whole. Or with status 2 and a
 * message, its answers the beginning of those, each file whole or as it was before.
 *   - Nothing is leaked: no memory, no descriptor, no file beside those named.
 *   - A state file holds every event that was answered; and the same run once more, undisturbed, makes it
 * what it would have been.
 *
 * Calls: besides, all of them cut short at once, and all of them interrupted once, change nothing at all.
 */
#define _GNU_SOURCE
#include "control.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where a run begins anew for each failure it costs that much more: a sample takes fewer. */
enum { ANEW_STEP = 8, ALL_OF = 150 /* of so few, all */ };
enum { FILES_MAX = 4, ARGS_MAX = 32, WRONG_TOLD = 6, RUN_SEC_MAX = 60 };

struct text {
    char *p; /* NULL: there is no such file */
    size_t len;
};

/* What a run left. */
struct end {
    int status; /* of waitpid() */
    struct text out, err, files[FILES_MAX], log;
    int names; /* in the folder */
};

struct run {
    char *name, *input, *files[FILES_MAX], *args[ARGS_MAX];
    int file_count, arg_count;
    struct text before[FILES_MAX];
    struct end calm, again; /* undisturbed, and once more (with a state file) */
    bool is_state;
};

struct sweep {
    const char *shunt, *shims;
    int64_t wanted_step, step, seed; /* step: of the run under way */
    int out_fd, err_fd, control_fd;
    struct control *control;
    bool is_memory, loud;
    /* of the run under way */
    struct run *run;
    int64_t failed, without_effect, wrong, at_once; /* at_once: ended by _exit() */
};

extern char **environ;

static _Noreturn void fail(const char *what, const char *more)
{
    printf("not ok sweep: %s: %s\n", what, more);
    exit(1);
}

/* ---- files ---- */

static struct text read_fd(int fd)
{
    struct stat st;
    if (fd < 0 || fstat(fd, &st)) return (struct text){NULL, 0};
    struct text t = {malloc((size_t)st.st_size + 1), (size_t)st.st_size};
    if (!t.p || pread(fd, t.p, t.len, 0) != (ssize_t)t.len) fail("read", strerror(errno));
    t.p[t.len] = 0;
    return t;
}

static struct text read_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct text t = read_fd(fd);
    if (fd >= 0) close(fd);
    return t;
}

static void write_file(const char *path, struct text t)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, t.p, t.len) != (ssize_t)t.len || close(fd)) fail(path, strerror(errno));
}

static bool same(struct text a, struct text b)
{
    return !a.p == !b.p && a.len == b.len && (!a.p || memcmp(a.p, b.p, a.len) == 0);
}

static bool begins(struct text whole, struct text part)
{
    return part.len <= whole.len && (!part.len || memcmp(whole.p, part.p, part.len) == 0);
}

static int count_names(void)
{
    DIR *d = opendir(".");
    int count = 0;
    while (d && readdir(d)) count++;
    if (d) closedir(d);
    return count;
}

/* ---- a run ---- */

static void remove_beside(const char *path)
{
    static const char *const suffixes[] = {"-wal", "-shm", "-journal", "-new", "-new-wal", "-new-shm", NULL};
    char beside[512];
    for (int i = 0; suffixes[i]; i++) {
        snprintf(beside, sizeof beside, "%s%s", path, suffixes[i]);
        unlink(beside);
    }
}

static void set_files(const struct run *r, const struct text *to)
{
    for (int i = 0; i < r->file_count; i++) {
        struct text now = read_file(r->files[i]);
        if (r->is_state) remove_beside(r->files[i]);
        if (!to[i].p)
            unlink(r->files[i]);
        else if (!same(now, to[i]))
            write_file(r->files[i], to[i]);
        free(now.p);
    }
}

/* The events' numbers and checksums, then the policies'. Of a copy: looking changes nothing. */
static struct text log_of(const char *path)
{
    char command[1024];
    snprintf(command, sizeof command,
             "[ -e '%s' ] || exit 0; cp '%s' look; if [ -e '%s-wal' ]; then cp '%s-wal' look-wal; fi; "
             "sqlite3 look "
             "\"SELECT 'e', seq, crc FROM event ORDER BY seq; SELECT 'p', id, after, crc FROM policy\"; rm "
             "-f look*",
             path, path, path, path);
    FILE *f = popen(command, "r");
    struct text t = {malloc(1 << 16), 0};
    if (!f || !t.p) fail("popen", strerror(errno));
    t.len = fread(t.p, 1, (1 << 16) - 1, f);
    t.p[t.len] = 0;
    pclose(f);
    return t;
}

static void look(const struct sweep *s, int status, struct end *e)
{
    const struct run *r = s->run;
    *e = (struct end){.status = status, .out = read_fd(s->out_fd), .err = read_fd(s->err_fd)};
    for (int i = 0; i < r->file_count; i++)
        if (!r->is_state) e->files[i] = read_file(r->files[i]);
    e->names = count_names();
}

/* The log is looked at where it may have lost something: nothing was promised before the first answer. */
static void look_at_log(const struct sweep *s, struct end *e, bool always)
{
    if (s->run->is_state && (always || e->out.len)) e->log = log_of(s->run->files[0]);
}

static void forget(struct end *e)
{
    free(e->out.p);
    free(e->err.p);
    free(e->log.p);
    for (int i = 0; i < FILES_MAX; i++) free(e->files[i].p);
    *e = (struct end){0};
}

static pid_t start(const struct sweep *s)
{
    const struct run *r = s->run;
    posix_spawn_file_actions_t files;
    char *args[ARGS_MAX + 2] = {(char *)(uintptr_t)s->shunt};
    pid_t pid;
    memcpy(args + 1, r->args, (size_t)r->arg_count * sizeof *args);
    if (ftruncate(s->out_fd, 0) || ftruncate(s->err_fd, 0)) fail("ftruncate", strerror(errno));
    lseek(s->out_fd, 0, SEEK_SET);
    lseek(s->err_fd, 0, SEEK_SET);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, strcmp(r->input, "-") ? r->input : "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, s->out_fd, 1);
    posix_spawn_file_actions_adddup2(&files, s->err_fd, 2);
    s->control->ended = s->control->is_mute = false;
    s->control->leak_count = s->control->fd_count = 0;
    s->control->count = s->control->call_count = 0;
    s->control->call[0] = 0;
    if (strcmp(s->shims, "-")) setenv("LD_PRELOAD", s->shims, 1);
    setenv("SHUNT_SANDBOX", "off", 1); /* the preloaded make children and files */
    int error = posix_spawn(&pid, s->shunt, &files, NULL, args, environ);
    unsetenv("LD_PRELOAD");
    if (error) fail(s->shunt, strerror(error));
    posix_spawn_file_actions_destroy(&files);
    return pid;
}

static pid_t running;
static void kill_it(int signal)
{
    (void)signal;
    kill(running, SIGKILL);
}

static int wait_for(pid_t pid)
{
    int status;
    running = pid;
    alarm(RUN_SEC_MAX);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) fail("waitpid", strerror(errno));
    alarm(0);
    return status;
}

/* ---- judging ---- */

static void tell(struct sweep *s, int64_t n, bool on, const struct end *e, const char *what)
{
    if (s->wrong++ >= WRONG_TOLD) return;
    printf("  %s, failure %lld%s", s->run->name, (long long)n, on ? " and all after it" : "");
    if (s->control->call[0]) printf(" (%s)", s->control->call);
    printf(": %s; ", what);
    if (WIFSIGNALED(e->status))
        printf("signal %d\n", WTERMSIG(e->status));
    else
        printf("status %d, said %.400s\n", WEXITSTATUS(e->status), e->err.len ? e->err.p : "nothing\n");
}

static int lines_of(struct text t, char first)
{
    int count = 0;
    for (size_t i = 0; i < t.len; i++) count += t.p[i] == '\n';
    for (size_t i = 0; first && i < t.len; i++)
        if ((i == 0 || t.p[i - 1] == '\n') && t.p[i] != first) count--;
    return count;
}

/* A state file's -wal and -shm may stay, and what could not be removed; a lost message is one that could not
 * go out. */
static bool is_excused(const struct sweep *s)
{
    return s->control->is_mute;
}

/* A report of `check -o` says itself what could not be read, and is whole: its last byte is its end. */
static bool is_report(const struct sweep *s, struct text t)
{
    bool is_check = strcmp(s->run->args[0], "check") == 0, to_file = false;
    for (int i = 0; i < s->run->arg_count; i++) to_file = to_file || strcmp(s->run->args[i], "-o") == 0;
    return is_check && to_file && !s->is_memory && t.len && t.p[t.len - 1] == '\n' && strstr(t.p, "cannot ");
}

static const char *wrong_with(struct sweep *s, const struct end *e, bool must_be_calm)
{
    const struct run *r = s->run;
    const struct end *calm = &r->calm;
    int calm_names = calm->names;
    bool reported = is_report(s, e->out);
    if (!WIFEXITED(e->status)) return "it crashed";
    bool is_calm = e->status == calm->status && same(e->out, calm->out);
    for (int i = 0; i < r->file_count && !r->is_state; i++) {
        bool whole = same(e->files[i], calm->files[i]), before = same(e->files[i], r->before[i]);
        reported = reported || is_report(s, e->files[i]);
        if (!whole && !before && !reported) return "a file is half written";
        is_calm = is_calm && whole;
        calm_names -= calm->files[i].p && !e->files[i].p;
    }
    if (r->is_state && lines_of(e->log, 'e') < lines_of(e->out, 0)) return "an answered event is lost";
    if (s->control->ended && s->control->leak_count) return s->control->leaks[0];
    if (s->control->ended && s->control->fd_count) return "a file is left open";
    if (!r->is_state && e->names > calm_names) return "a file is left behind";
    bool may_say_else = is_excused(s) || r->is_state || WEXITSTATUS(calm->status) == 2;
    if (is_calm && !may_say_else && !same(e->err, calm->err)) return "it says something else";
    if (is_calm) return NULL;
    if (must_be_calm) return "it answers otherwise";
    if (WEXITSTATUS(e->status) != 2) return "another status than 2";
    if (reported) return NULL;
    if (!e->err.len && !is_excused(s)) return "not a word is said";
    if (s->is_memory && !strstr(e->err.p, "memory")) return "it does not say that memory ran out";
    /* A report of tests says which files could not be tested. */
    if (strcmp(r->args[0], "test") && !begins(calm->out, e->out)) return "other answers than undisturbed";
    return e->out.len && e->out.p[e->out.len - 1] != '\n' ? "half of an answer" : NULL;
}

static void judge_end(struct sweep *s, int64_t n, bool on, const struct end *e, bool must_be_calm)
{
    const char *wrong = wrong_with(s, e, must_be_calm);
    s->failed++;
    s->at_once += !s->control->ended;
    s->without_effect += e->status == s->run->calm.status;
    if (wrong) tell(s, n, on, e, wrong);
    if (s->loud)
        printf("    %lld%s %s: %d %s\n", (long long)n, on ? "+" : "", s->control->call, e->status >> 8,
               e->err.p);
}

static void judge(struct sweep *s, int64_t n, bool on, int status, bool must_be_calm)
{
    struct end e;
    look(s, status, &e);
    look_at_log(s, &e, false);
    judge_end(s, n, on, &e, must_be_calm);
    forget(&e);
}

/* Once more, undisturbed: the state file is then what it would have been. */
static void judge_again(struct sweep *s, int64_t n, bool on)
{
    struct control kept = *s->control;
    struct end e;
    s->control->mode = COUNT_ONLY;
    s->control->call_at = 0;
    look(s, wait_for(start(s)), &e);
    look_at_log(s, &e, true);
    memcpy(s->control->call, kept.call, sizeof kept.call);
    if (e.status != s->run->again.status)
        tell(s, n, on, &e, "then once more: another status");
    else if (!same(e.log, s->run->again.log))
        tell(s, n, on, &e, "then once more: another log");
    forget(&e);
}

/* ---- sweeping ---- */

/* Runs anew for each failure: for state files, which a child would share with its parent, and for threads. */
static void fail_anew(struct sweep *s, int64_t n, bool on)
{
    set_files(s->run, s->run->before);
    s->control->mode = s->is_memory ? FAIL_ONE : COUNT_ONLY;
    s->control->at = s->control->call_at = n;
    if (s->is_memory) s->control->call_at = 0;
    s->control->on = s->control->call_on = on;
    judge(s, n, on, wait_for(start(s)), false);
    if (s->run->is_state) judge_again(s, n, on);
    s->control->mode = COUNT_ONLY;
    s->control->call_at = 0;
}

/* What the children of one run told; its files are put back after each as it had them. */
static void hear(struct sweep *s, int talk)
{
    struct told told;
    struct text now[FILES_MAX] = {{NULL, 0}};
    while (read(talk, &told, sizeof told) == sizeof told) {
        if (told.status < 0) {
            for (int i = 0; i < s->run->file_count; i++) now[i] = read_file(s->run->files[i]);
        } else {
            judge(s, told.n, told.on, told.status, false);
            set_files(s->run, now);
            for (int i = 0; i < s->run->file_count; i++) free(now[i].p);
        }
        if (write(talk, "", 1) != 1) fail("talk", strerror(errno));
    }
}

static void fail_in_children(struct sweep *s, int64_t first)
{
    int talk[2];
    struct end e;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, talk)) fail("socketpair", strerror(errno));
    fcntl(talk[0], F_SETFD, FD_CLOEXEC);
    set_files(s->run, s->run->before);
    s->control->mode = FORK_EACH;
    s->control->first = first % s->step;
    s->control->step = s->step;
    s->control->talk_fd = talk[1];
    pid_t pid = start(s);
    close(talk[1]);
    hear(s, talk[0]);
    close(talk[0]);
    look(s, wait_for(pid), &e);
    if (e.status != s->run->calm.status || !same(e.out, s->run->calm.out))
        tell(s, 0, false, &e, "the parent is disturbed");
    forget(&e);
    s->control->mode = COUNT_ONLY;
}

static bool has_threads(const struct run *r)
{
    for (int i = 0; i < r->arg_count; i++)
        if (strcmp(r->args[i], "--jobs") == 0) return true;
    return false;
}

static int64_t sweep_memory(struct sweep *s)
{
    int64_t count = s->control->count, first = s->seed % s->step;
    int64_t step = s->step > 1 && s->run->is_state ? ANEW_STEP * s->step : s->step;
    if (!s->run->is_state && !has_threads(s->run)) {
        fail_in_children(s, first);
        return count;
    }
    for (int on = 0; on < 2; on++)
        for (int64_t n = 1 + first; n <= count; n += step) fail_anew(s, n, on);
    return count;
}

static int64_t sweep_calls(struct sweep *s)
{
    int64_t count = s->control->call_count, first = 1 + s->seed % s->step;
    int64_t step = s->step > 1 && s->run->is_state ? ANEW_STEP / 2 * s->step : s->step;
    if (first > count) first = 1;
    for (int turn = 0; turn < 2; turn++)
        for (int on = 0; on < 2; on++)
            for (int64_t n = first; n <= count; n += step) {
                s->control->call_turn = turn;
                fail_anew(s, n, on);
            }
    for (int how = 0; how < 2; how++) {
        set_files(s->run, s->run->before);
        s->control->interrupt_all = how;
        s->control->short_len = how ? 0 : 3;
        judge(s, how, true, wait_for(start(s)), true);
        s->control->interrupt_all = false;
        s->control->short_len = 0;
        if (s->run->is_state) judge_again(s, how, true);
    }
    return count;
}

static void sweep(struct sweep *s, struct run *r)
{
    s->run = r;
    s->failed = s->without_effect = s->wrong = s->at_once = 0;
    set_files(r, r->before);
    look(s, wait_for(start(s)), &r->calm);
    int64_t count = s->control->count, call_count = s->control->call_count;
    if (!WIFEXITED(r->calm.status) || s->control->leak_count || s->control->fd_count)
        tell(s, 0, false, &r->calm, s->control->leak_count ? s->control->leaks[0] : "undisturbed: wrong");
    if (r->is_state) {
        look(s, wait_for(start(s)), &r->again);
        look_at_log(s, &r->again, true);
    }
    s->control->count = count;
    s->control->call_count = call_count;
    s->step = s->is_memory && count < ALL_OF ? 1 : s->wanted_step;
    count = s->is_memory ? sweep_memory(s) : sweep_calls(s);
    printf("%s %s: of %lld %s, %lld failures, %lld without effect, %lld that ended it at once%s\n",
           s->wrong || !s->failed ? "not ok" : "ok", r->name, (long long)count,
           s->is_memory ? "allocations" : "calls", (long long)s->failed, (long long)s->without_effect,
           (long long)s->at_once, s->wrong ? "; WRONG" : "");
    fflush(stdout);
    set_files(r, r->before);
    forget(&r->calm);
    forget(&r->again);
}

/* ---- the list of runs ---- */

static char *trim(char *p)
{
    while (*p == ' ') p++;
    for (char *end = p + strlen(p); end > p && (end[-1] == ' ' || end[-1] == '\n');) *--end = 0;
    return p;
}

/* Words at blanks; in single quotes a blank is none. */
static int split(char *p, char **into, int max)
{
    int count = 0;
    for (p = trim(p); *p && count < max; p = trim(p)) {
        char end = *p == '\'' ? *p++ : ' ';
        into[count++] = p;
        while (*p && *p != end) p++;
        if (*p) *p++ = 0;
    }
    return count;
}

static void read_run(char *line, struct run *r)
{
    char *field[4], *rest = line;
    for (int i = 0; i < 4; i++)
        if (!(field[i] = strsep(&rest, "|"))) fail("a run is NAME | FILES | INPUT | ARGUMENTS", line);
    *r = (struct run){.name = trim(field[0]), .input = trim(field[2])};
    r->file_count = split(field[1], r->files, FILES_MAX);
    r->arg_count = split(field[3], r->args, ARGS_MAX);
    for (int i = 0; i < r->file_count; i++) {
        char before[512];
        if (r->files[i][0] == '@') r->is_state = true, r->files[i]++;
        snprintf(before, sizeof before, "%s.before", r->files[i]);
        r->before[i] = read_file(before);
    }
}

static bool sweep_all(struct sweep *s, const char *path, const char *only)
{
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;
    bool fine = f != NULL;
    if (!f) fail(path, strerror(errno));
    while (getline(&line, &cap, f) > 0) {
        struct run r;
        if (line[0] == '#' || line[0] == '\n') continue;
        read_run(line, &r);
        if (only && strncmp(only, r.name, strlen(only)) != 0) continue;
        sweep(s, &r);
        fine = fine && !s->wrong;
        for (int i = 0; i < r.file_count; i++) free(r.before[i].p);
    }
    free(line);
    fclose(f);
    return fine;
}

int main(int argc, char **argv)
{
    if (argc < 7) fail("usage", "sweep memory|calls SHUNT SHIMS RUNS STEP SEED [NAME]");
    char fd[16];
    struct sweep s = {
        .shunt = argv[2], .shims = argv[3], .wanted_step = atoll(argv[5]), .seed = atoll(argv[6])};
    s.loud = getenv("SWEEP_LOUD") != NULL;
    s.out_fd = memfd_create("out", MFD_CLOEXEC);
    s.err_fd = memfd_create("err", MFD_CLOEXEC);
    s.control_fd = memfd_create("control", 0);
    if (s.wanted_step < 1 || s.control_fd < 0 || ftruncate(s.control_fd, sizeof *s.control))
        fail("begin", strerror(errno));
    s.control = mmap(NULL, sizeof *s.control, PROT_READ | PROT_WRITE, MAP_SHARED, s.control_fd, 0);
    if (s.control == MAP_FAILED) fail("mmap", strerror(errno));
    snprintf(fd, sizeof fd, "%d", s.control_fd);
    setenv("FAULT_CONTROL", fd, 1);
    signal(SIGALRM, kill_it);
    s.is_memory = strcmp(argv[1], "memory") == 0;
    return sweep_all(&s, argv[4], argc > 7 ? argv[7] : NULL) ? 0 : 1;
}
