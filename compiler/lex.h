/*
 * Tokens of the DSL and of conditions (language.md 3.1, 4.2).
 *
 * One lexer for both: in a policy line ends count and comments are passed over; a condition out of a YAML
 * string has neither. Mistakes within a token are reported here, and a token comes back all the same.
 */
#ifndef SHUNT_COMPILER_LEX_H
#define SHUNT_COMPILER_LEX_H

#include "ast.h"

struct cond_text;  /* compile.h */
struct plain_cond; /* plain.h */

enum word_use { WORD_NONE, WORD_CONDITION, WORD_TOP, WORD_STATEMENT, WORD_OTHER };

struct token {
    struct str s; /* of a string what it means; else as spelled. Of a made SEP what stands there instead */
    struct span at;
    uint16_t kind; /* TK_… of the grammar; 0: the end */
    uint8_t op;    /* TK_COMPARE: enum test_op; TK_RP: 1 where none was open */
    uint8_t use;   /* of a word: enum word_use */
    bool first_on_line;
    uint32_t column; /* bytes before it on its line */
};

struct word {
    const char *spelling;
    uint16_t token;
    uint8_t len;
    enum word_use use;
};
enum {
    WORD_COUNT = 0
#define WORD(token, spelling, use) +1
#include "../grammar/tokens.def"
#undef WORD
};
extern const struct word words[WORD_COUNT]; /* in the order of their spellings' bytes */
/* The word spelled s, NULL where it is none. */
const struct word *find_word(struct str s);
/* The word of a token, NULL where the token is none. */
const struct word *word_of_token(unsigned token);

/* Whether s may stand without quotes as far as its letters go: a letter or _, then also marks, digits, - and
 * connectors. A word of the language may be one. */
bool is_bare_name(struct str s);

/* ---- characters ---- */

enum char_class { C_OTHER, C_BLANK, C_LINE, C_LETTER, C_DIGIT, C_DASH, C_HIGH };
extern const uint8_t char_classes[256];

static inline enum char_class class_of(char c)
{
    return (enum char_class)char_classes[(unsigned char)c];
}

/* A bare name goes on with it. */
static inline bool is_name_class(enum char_class c)
{
    return c == C_LETTER || c == C_DIGIT || c == C_DASH;
}

bool name_begins_at(struct str s, size_t i);
/* The end of the run of name characters that begins at i. */
size_t name_end(struct str s, size_t i);

typedef VEC(struct comment) comment_list;

struct lexer {
    struct arena *a;
    struct diags *d;
    struct str text;
    const uint32_t *map; /* as in struct cond_text */
    uint32_t file, base;
    size_t at;      /* the next byte */
    bool condition; /* a condition out of a string: no line ends, no comments */
    bool quiet;     /* report nothing */
    bool peeking;   /* looking ahead: keep no comments */
    bool goes_on;   /* no SEP at the next line end: nothing said on this line yet, or it ends in , and or { */
    bool inside;    /* the last token shows that its statement goes on */
    bool line_passed; /* a line ended since the last token */
    uint32_t paren_depth;
    bool too_deep;                   /* reported already, until all are closed */
    size_t line_at;                  /* the first byte of this line */
    uint8_t words_from[27];          /* where the words of each letter begin */
    comment_list *comments;          /* NULL: not kept */
    struct span parens[NESTING_MAX]; /* the open ones; the rest is not set */
};

void lex_policy(struct lexer *lx, struct arena *a, struct diags *d, struct str text, uint32_t file);
void lex_condition(struct lexer *lx, struct arena *a, struct diags *d, const struct cond_text *text);
/* The next token; of kind 0 at the end, again and again. */
struct token lex_next(struct lexer *lx);
/* The plain condition that stands here up to the end of its line, as one token; false, and nothing taken, where none
 * does. */
bool lex_plain(struct lexer *lx, struct token *t, struct plain_cond *c);
/* The token after the ones taken, reporting nothing and taking nothing. */
struct token lex_peek(const struct lexer *lx);

#endif
