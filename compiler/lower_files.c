/*
 * The sources to the table: their names, and one SHA-256 of all names and bytes that anybody can compute again
 * (docs/TABLE-FORMAT.md 4). Nettle's, as it takes the processor's own instructions for it where there are some:
 * 14 MB in 10 ms instead of 55 (docs/decisions/0016-nettle.md).
 */
#include "lower.h"

#include <nettle/sha2.h>

static void digest_number(struct sha256_ctx *digest, size_t n)
{
    uint8_t bytes[4] = {(uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16), (uint8_t)(n >> 24)};
    sha256_update(digest, sizeof bytes, bytes);
}

static void digest_string(struct sha256_ctx *digest, struct str s)
{
    digest_number(digest, s.len);
    if (s.len) sha256_update(digest, s.len, (const uint8_t *)s.p);
}

void lower_files(struct lowering *l)
{
    struct sha256_ctx digest;
    sha256_init(&digest);
    for (uint32_t i = 0; i < l->c->sources.list.count; i++) {
        const struct source *source = &l->c->sources.list.at[i];
        *vec_push(l->a, &l->parts.SOURCE_FILE) = to_le32(lower_string(l, source->name));
        digest_string(&digest, source->name);
        digest_string(&digest, source->text);
    }
    vec_reserve(l->a, &l->parts.SOURCE_DIGEST, SHA256_DIGEST_SIZE);
    sha256_digest(&digest, SHA256_DIGEST_SIZE, l->parts.SOURCE_DIGEST.at);
    l->parts.SOURCE_DIGEST.count = SHA256_DIGEST_SIZE;
}
