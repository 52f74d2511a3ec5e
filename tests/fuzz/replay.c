/*
 * Runs a fuzz target over the files of a folder, as libFuzzer would: so every input that was ever worth
 * keeping is tried in every test run, with any compiler.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static int replay(const char *folder, const char *name)
{
    static uint8_t bytes[1 << 20];
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (!f) return 1;
    size_t len = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    /* A copy of its own length, so that a sanitizer sees a read one byte past it. */
    uint8_t *copy = malloc(len ? len : 1);
    if (!copy) return 1;
    for (size_t i = 0; i < len; i++) copy[i] = bytes[i];
    LLVMFuzzerTestOneInput(copy, len);
    free(copy);
    return 0;
}

int main(int argc, char **argv)
{
    int failed = argc < 2;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        struct dirent *entry;
        while (folder && (entry = readdir(folder)))
            if (entry->d_name[0] != '.') failed |= replay(argv[i], entry->d_name);
        failed |= !folder;
        if (folder) closedir(folder);
    }
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
