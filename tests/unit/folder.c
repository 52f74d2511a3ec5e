/* A test's own folder of files: see folder.h. */
#include "folder.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char dir[64], path[4096];

const char *in_dir(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

void put_file(const char *name, const char *text)
{
    FILE *f = fopen(in_dir(name), "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

void folder_begin(void)
{
    strcpy(dir, "/tmp/shunt-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
}

void folder_end(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    ck_assert_int_eq(system(command), 0);
}
