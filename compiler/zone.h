/*
 * The machine's time-zone database, read at compile time: a zone's name to its changes and its rule for ever
 * after; the names there are; the release.
 *
 * The database is a folder as tzdata installs it: a TZif file (RFC 9636) for each zone, and tzdata.zi, whose
 * first line names the release and whose Z and L lines name every zone. A zone is known where tzdata.zi names
 * it, byte for byte, whatever the file system thinks of case; so no name leads out of the folder.
 * What is read is made canonical: the same history gives the same m_zone, however zic was asked to write it.
 */
#ifndef SHUNT_COMPILER_ZONE_H
#define SHUNT_COMPILER_ZONE_H

#include "base.h"
#include "model.h"

struct zone_db {
    struct str dir;  /* NUL-terminated */
    struct str text; /* tzdata.zi */
    /* Every name that may be used, in its order and by name: once a second one is asked for. A policy has one
     * zone, mostly, and to look for that takes half of what listing all does. */
    VEC(struct str) names;
    struct strmap known;
    uint32_t asked;
    bool listed;
    struct str release; /* "2025b"; .p NULL: there is no database here */
    int error;          /* why the file that was read last could not be; 0: it could */
};

/* Reads tzdata.zi. */
void zone_db_open(struct arena *a, struct str dir, struct zone_db *db);
/* Whether it is a name that may be used. */
bool zone_known(struct arena *a, struct zone_db *db, struct str name);
/* Reads a zone that the database knows. false: *why says, for people, what is wrong with its file. */
bool zone_read(struct arena *a, struct zone_db *db, struct str name, struct m_zone *out, struct str *why);
/* The name that was probably meant, .p NULL where none is near: the same but for case; its last part; one of
 * a few letters' difference. */
struct str zone_guess(struct arena *a, struct zone_db *db, struct str name);

/* tzif.c: the bytes of a TZif file to a zone (without its name); false with *why. */
bool tzif_parse(struct arena *a, struct str bytes, struct m_zone *out, const char **why);
/* posix_tz.c: the footer, a POSIX TZ string with the extensions of RFC 9636, to has_rule and the fields after
 * it. */
bool posix_tz_parse(struct str text, struct tf_zone *out);

/* The offset in force at an instant, as the table will have it: for checks at compile time. */
struct zone_span zone_span_at(const struct m_zone *z, int64_t at_sec);

#endif
