/* A test's own folder of files, and what it puts there. */
#ifndef SHUNT_TESTS_FOLDER_H
#define SHUNT_TESTS_FOLDER_H

/* A new one below /tmp; folder_end() takes it away with all that is in it. */
void folder_begin(void);
void folder_end(void);
/* The path of a file there, until the next call. */
const char *in_dir(const char *name);
void put_file(const char *name, const char *text);

#endif
