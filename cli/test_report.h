/*
 * The outcome of test files, for people, as TAP 13, or as JUnit's XML as CI systems read it. Nothing in it
 * varies between two runs: no times, no machine's names.
 */
#ifndef SHUNT_CLI_TEST_REPORT_H
#define SHUNT_CLI_TEST_REPORT_H

#include "test_run.h"

enum test_format { TEST_HUMAN, TEST_TAP, TEST_JUNIT, TEST_FORMAT_COUNT };

struct test_report {
    enum test_format format;
    bool quiet; /* people: failures alone, and no summary */
    struct out *o;
    struct out suites; /* JUNIT: what is to stand inside <testsuites> */
    uint32_t passed, failed, broken;
};

void test_report_begin(struct test_report *r, enum test_format format, bool quiet, struct out *o);
/* One file: its tests. */
void test_report_file(struct test_report *r, const char *path, const struct test_outcome *outcomes,
                      size_t count);
/* A file whose tests could not be run; why: lines, for machines: people have read them. */
void test_report_broken(struct test_report *r, const char *path, struct str why);
/* Lines. */
void test_report_coverage(struct test_report *r, struct str text);
void test_report_end(struct test_report *r);

#endif
