// SPDX-License-Identifier: MIT
/* nftables, a token at a time: of it the elements of one set. A line ends a statement, but not
 * within braces that hold elements. */
#include <string.h>

#include "tools/lists/listprogram.h"

typedef struct ropp_list_text text_t;

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

/* What braces hold. */
enum { BLOCK_OTHER, BLOCK_SET, BLOCK_ELEMENTS };

/* The words of the statement so far: the first two, and the last. */
struct statement {
    text_t first, second, last;
};

static bool is_begin(text_t line)
{
    static const char *const verbs[] = {"add", "create", "delete", "destroy", "flush", "reset"},
                             *const kinds[] = {"table", "set", "element", "chain", "rule", "map"},
                             *const files[] = {"define", "include"};
    text_t rest = line, verb = ropp_list_token(&rest), kind = ropp_list_token(&rest),
           name = ropp_list_token(&rest);

    if (ropp_list_is(verb, "table"))
        return ropp_list_has(line, '{');
    if (ropp_list_is_one(verb, files, COUNT_OF(files)))
        return kind.size > 0;
    if (!ropp_list_is_one(verb, verbs, COUNT_OF(verbs)))
        return false;
    if (ropp_list_is(kind, "ruleset"))
        return true;
    /* ipset's "add set 192.0.2.7": an address has a dot or a colon, a name has none. */
    return ropp_list_is_one(kind, kinds, COUNT_OF(kinds)) && name.size > 0 &&
           !ropp_list_has(name, '.') && !ropp_list_has(name, ':');
}

static char block_of(const struct ropp_list_nft *nft)
{
    return nft->depth > 0 ? nft->blocks[nft->depth - 1] : BLOCK_OTHER;
}

static void keep_set(struct ropp_list_nft *nft, text_t name)
{
    size_t size = name.size < sizeof nft->set ? name.size : sizeof nft->set - 1;

    memset(nft->set, 0, sizeof nft->set);
    if (size > 0)
        memcpy(nft->set, name.at, size);
}

static enum ropp_list_mistake open_brace(struct ropp_list_memory *memory,
                                         const struct statement *statement)
{
    struct ropp_list_nft *nft = &memory->nft;
    bool is_add = ropp_list_is(statement->first, "add") || ropp_list_is(statement->first, "create");
    char block = BLOCK_OTHER;

    if (nft->depth == ROPP_LIST_BRACES || ropp_list_is(statement->first, "define") ||
        (!is_add && ropp_list_is(statement->second, "element")))
        return ROPP_LIST_NFT_RULES;
    if (ropp_list_is(statement->first, "set") ||
        (is_add && ropp_list_is(statement->second, "set"))) {
        block = BLOCK_SET;
        keep_set(nft, statement->last);
    } else if (is_add && ropp_list_is(statement->second, "element")) {
        block = BLOCK_ELEMENTS;
        keep_set(nft, statement->last);
    } else if (ropp_list_is(statement->first, "elements")) {
        if (block_of(nft) != BLOCK_SET)
            return ROPP_LIST_SET_KIND;
        block = BLOCK_ELEMENTS;
    }
    nft->blocks[nft->depth++] = block;
    nft->is_behind = false;
    nft->arguments = 0;
    return ROPP_LIST_FINE;
}

/* What is behind an element: when it ends, how often it was met, what people say of it. */
static enum ropp_list_mistake take_option(struct ropp_list_nft *nft, text_t token)
{
    static const char *const with_value[] = {"timeout", "expires", "comment", "packets", "bytes"};

    if (nft->arguments > 0)
        nft->arguments--;
    else if (ropp_list_is_one(token, with_value, COUNT_OF(with_value)))
        nft->arguments = 1;
    else if (!ropp_list_is(token, "counter"))
        return ROPP_LIST_SET_KIND;
    return ROPP_LIST_FINE;
}

static enum ropp_list_mistake take_element(text_t token, struct ropp_list_memory *memory,
                                           struct ropp_list_said *said)
{
    struct ropp_list_nft *nft = &memory->nft;
    enum ropp_list_mistake mistake;

    if (ropp_list_is(token, ",")) {
        nft->is_behind = false;
        return ROPP_LIST_FINE;
    }
    if (nft->is_behind)
        return take_option(nft, token);
    nft->is_behind = true;
    mistake = ropp_listline_add(token, memory, said);
    if (mistake == ROPP_LIST_FINE)
        return ropp_listline_set(ropp_list_piece(nft->set, strlen(nft->set)), memory)
                   ? ROPP_LIST_FINE
                   : ROPP_LIST_OTHER_SET;
    return mistake == ROPP_LIST_HOST_BITS || mistake == ROPP_LIST_TOO_LONG ? mistake
                                                                           : ROPP_LIST_SET_KIND;
}

/* Whether an address comes next. A rule that names addresses itself refuses or lets in without a
 * set. */
static bool wants_address(const struct statement *statement)
{
    return ropp_list_is(statement->last, "saddr") || ropp_list_is(statement->last, "daddr");
}

static enum ropp_list_mistake take_word(text_t token, struct statement *statement)
{
    if (ropp_list_is(statement->first, "include") ||
        (wants_address(statement) && token.at[0] != '@'))
        return ROPP_LIST_NFT_RULES;
    if (statement->first.size == 0)
        statement->first = token;
    else if (statement->second.size == 0)
        statement->second = token;
    if (!ropp_list_is(token, "="))
        statement->last = token;
    return ROPP_LIST_FINE;
}

static enum ropp_list_mistake take_token(text_t token, struct statement *statement,
                                         struct ropp_list_memory *memory,
                                         struct ropp_list_said *said)
{
    static const struct statement none;
    struct ropp_list_nft *nft = &memory->nft;
    bool is_elements = block_of(nft) == BLOCK_ELEMENTS;
    enum ropp_list_mistake mistake = ROPP_LIST_FINE;

    if (ropp_list_is(token, "}")) {
        if (nft->depth == 0)
            return ROPP_LIST_NFT_RULES;
        nft->depth--;
        *statement = none;
    } else if (ropp_list_is(token, "{") && !is_elements) {
        mistake = wants_address(statement) ? ROPP_LIST_NFT_RULES : open_brace(memory, statement);
        *statement = none;
    } else if (is_elements) {
        mistake = take_element(token, memory, said);
    } else if (ropp_list_is(token, ";")) {
        *statement = none;
    } else {
        mistake = take_word(token, statement);
    }
    return mistake;
}

bool ropp_list_nft(text_t line, bool is_first, struct ropp_list_memory *memory,
                   struct ropp_list_said *said)
{
    struct statement statement;
    text_t token;

    memory->nft.begun = memory->nft.begun || (is_first && is_begin(line));
    if (!memory->nft.begun)
        return false;
    memset(&statement, 0, sizeof statement);
    while (said->mistake == ROPP_LIST_FINE && (token = ropp_list_token(&line)).size > 0)
        said->mistake = take_token(token, &statement, memory, said);
    return true;
}
