/* What record_disk.c writes down, and power_cut.c reads. */
#ifndef FAULT_RECORD_H
#define FAULT_RECORD_H

#include <stdbool.h>
#include <stdint.h>

enum { RECORD_NAME_LEN = 64 };
enum {
    RECORD_CREATE = 'c',
    RECORD_WRITE = 'w',
    RECORD_TRUNCATE = 't', /* to off bytes */
    RECORD_SYNC = 's',
    RECORD_SYNC_FOLDER = 'd',
    RECORD_RENAME = 'r',
    RECORD_UNLINK = 'u',
    RECORD_ANSWER = 'a' /* len bytes of standard output */
};
struct record {
    char what;
    char name[RECORD_NAME_LEN], to[RECORD_NAME_LEN];
    int64_t off, len; /* len bytes follow a write, an answer */
};

#endif
