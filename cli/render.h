/*
 * Diagnostics as text: for people, as JSON lines, as SARIF 2.1.0, as GitHub's workflow commands (commands.md
 * 3, 4).
 *
 * Which diagnostics are shown is settled here, once: report_shows(). Nothing here sorts: a compilation's
 * diagnostics are in order.
 */
#ifndef SHUNT_CLI_RENDER_H
#define SHUNT_CLI_RENDER_H

#include "compile.h"
#include "out.h"

enum report_format { REPORT_HUMAN, REPORT_JSON, REPORT_SARIF, REPORT_GITHUB, REPORT_FORMAT_COUNT };

struct report {
    enum report_format format;
    bool allow[DIAG_COUNT]; /* --allow CODE: not shown, not counted */
    bool deny_warnings;     /* a warning is a no */
    bool errors_only;       /* warnings are for check to tell */
    bool colour, quiet;
};

bool report_shows(const struct report *r, enum diag_id id);

struct report_counts {
    uint32_t errors, warnings;
};
/* What is shown of them; those past DIAG_KEPT_MAX count as well. */
struct report_counts report_count(const struct report *r, const struct diags *d);
/* The exit status they amount to: EXIT_FINE or EXIT_NO. */
int report_status(const struct report *r, struct report_counts counts);

/* path: as the user named the policy, for the summary. At most DIAG_SHOWN_MAX are shown, then how many more.
 */
void render_human(struct out *o, const struct report *r, struct compilation *c, const char *path);
void render_github(struct out *o, const struct report *r, struct compilation *c);
void render_json(struct out *o, const struct report *r, struct compilation *c);
/* One log of all the compilations; NULLs among them are left out. */
void render_sarif(struct out *o, const struct report *r, struct compilation *const *all, size_t count);

/* The line of a place with carets under it, as a diagnostic shows it. Assumes that the source's lines are known. */
void render_line(struct out *o, const struct report *r, struct compilation *c, struct source *s, struct place p);

/* --deny and --allow, and what of the program's settings concerns a report (cmd_check.c). deny, allow: may be
 * NULL. false: they were wrong, and that is said. */
struct cli;
struct option_list;
bool report_options(struct cli *cli, struct report *r, const char *deny, const struct option_list *allow);

/* A text in one line that no terminal takes for a command: control characters and those that turn the
 * direction of writing as \u{…}. */
void out_visible(struct out *o, struct str text);

#endif
