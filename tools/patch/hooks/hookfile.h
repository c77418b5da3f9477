// SPDX-License-Identifier: MIT
/* Hook files and dialect files: the formats of docs/HOOKS.md, read into memory. */
#ifndef ROPP_TOOLS_PATCH_HOOKS_HOOKFILE_H
#define ROPP_TOOLS_PATCH_HOOKS_HOOKFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/base/text.h"
#include "tools/patch/source/mask.h"
#include "tools/patch/source/pattern.h"

enum ropp_position {
    ROPP_POSITION_START,
    ROPP_POSITION_END,
    ROPP_POSITION_BEFORE,
    ROPP_POSITION_AFTER,
    ROPP_POSITION_BEFORE_LINE,
    ROPP_POSITION_AFTER_LINE,
    ROPP_POSITION_FACT, /* nothing goes there: what is there counts */
};

enum ropp_hook_kind {
    ROPP_HOOK,
    ROPP_FACT, /* the same look for one place, but what is captured there is written into the header
                  of facts */
    ROPP_TRAP, /* any place, in all C files but its own, is only warned of */
    ROPP_COPY, /* a file that is copied into the tree */
};

/* A hook, or what else has a block of its own in a hook file. All of it is kept (base/keep.h). */
struct ropp_hook {
    enum ropp_hook_kind kind;

    /* Of a trap: a text that its files have in them; what has it not is not looked at. */
    char *word;

    char *fallback; /* of a fact: its value in a tree without the place; NULL: there must be one */
    char *from;     /* of a copy: the file that is copied, */
    bool facts;     /* or instead the header of facts */
    char *name;
    char *why;
    char *optional; /* NULL: the hook must find its place */
    char *feature;  /* the feature that it is part of; NULL: none */
    char *build;    /* the build system that it is for; NULL: none */
    bool or_next;   /* the next hook of the file is another shape of this one */

    /* Alternatives: the first that exists is meant, or with `each` all. Of a copy, where it goes: the
     * first whose `when` is fulfilled. */
    struct ropp_texts files;
    bool each;

    /* One of these must exist, else the hook is left out; none: always. Of a copy, for each of
     * `files`: what must exist, "" for nothing. */
    struct ropp_texts when;

    enum ropp_language language;
    char *function;                        /* NULL: any, or by pattern */
    struct ropp_pattern *function_pattern; /* NULL: any, or by name */
    struct ropp_pattern *signature;        /* or NULL */
    char *label; /* of a case: only what is behind it counts; NULL: the whole function */
    enum ropp_position position;
    struct ropp_pattern *pattern; /* NULL for start and end */
    struct ropp_texts lines;      /* what is inserted, without line breaks; a fact's value */
    size_t line; /* of the hook file, from 1: its first, `in`, `at`; 0 when absent */
    size_t in_line;
    size_t at_line;
    const char *source; /* name of the hook file */
    bool own;           /* it is from a folder of the user's */
};

struct ropp_mistake {
    size_t line;
    const char *text;
};

struct ropp_hookfile {
    struct ropp_hook *hooks; /* of every kind, in the order of their lines */
    size_t hook_count;
    struct ropp_mistake *mistakes; /* in the order of their lines */
    size_t mistake_count;
};

/* Reads a hook file of any content. Returns whether it is without a mistake; with mistakes, only
 * those are for use. `source` names the file in messages; it is kept, as all of it. */
bool ropp_hookfile_parse(struct ropp_hookfile *file, const char *source, const char *data,
                         size_t size);

/* A mark of the lines that a hook inserts, in all of its shapes: another one when they change. */
const char *ropp_hook_mark(const struct ropp_hook *hook);

struct ropp_rule {
    bool lacks; /* none of the paths may exist; otherwise one must */
    struct ropp_texts paths;
};

/* A part of what ropp does that a tree may be without. */
struct ropp_feature {
    char *name;
    char *without; /* what it means to be without it */
};

struct ropp_dialect_file {
    char *name; /* for people: "rAthena" */
    struct ropp_feature *features;
    size_t feature_count;
    struct ropp_rule *rules;
    size_t rule_count;
    struct ropp_mistake *mistakes;
    size_t mistake_count;
};

/* Reads a dialect file in the same way: its name, its rules, and the features of its hooks. */
bool ropp_dialect_file_parse(struct ropp_dialect_file *file, const char *data, size_t size);

#endif
