// SPDX-License-Identifier: MIT
/* A hook file and a source file, any bytes, with a line of `%%` between them: the hook file is read
 * or refused with line numbers; what its hooks weave into the source comes out again byte for byte.
 */
#include "tests/fuzz/fuzz.h"

#include <string.h>

#include "tools/base/keep.h"
#include "tools/patch/hooks/anchor.h"
#include "tools/patch/tree/weave.h"

static void check_hook(const struct ropp_hook *hook, const char *text, size_t size)
{
    struct ropp_mask mask;
    struct ropp_place place;
    const char *why;

    ropp_mask_init(&mask, hook->language, text, size);
    if (ropp_anchor_find(hook, &mask, &place, &why) == ROPP_ANCHOR_FOUND) {
        struct ropp_insertion insertion = {hook->name, hook->language, &place, NULL};
        struct ropp_buffer woven = {NULL, 0, 0};
        struct ropp_stripped stripped;

        FUZZ_CHECK(place.offset <= size);
        FUZZ_CHECK(place.split || place.offset == 0 || text[place.offset - 1] == '\n' ||
                   place.offset == 3);
        ropp_weave(text, size, &insertion, 1, "1", &woven);
        ropp_strip(woven.data, woven.size, &stripped);
        FUZZ_CHECK(stripped.damage == NULL && stripped.block_count == 1);
        FUZZ_CHECK(!stripped.blocks[0].edited);
        FUZZ_CHECK(stripped.text.size == size);
        FUZZ_CHECK(size == 0 || memcmp(stripped.text.data, text, size) == 0);
        ropp_buffer_free(&stripped.text);
        ropp_buffer_free(&woven);
    } else {
        FUZZ_CHECK(why != NULL && *why != '\0');
    }
    ropp_mask_free(&mask);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = ropp_copy_text((const char *)data, size), *cut, *source;
    struct ropp_hookfile file;
    size_t hook_size, source_size, i;

    cut = memmem(text, size, "\n%%\n", 4);
    hook_size = cut ? (size_t)(cut - text) + 1 : size;
    source = cut ? cut + 4 : text;
    source_size = size - (size_t)(source - text);
    if (ropp_hookfile_parse(&file, "fuzz.hook", text, hook_size)) {
        /* The tool itself refuses NUL bytes, and strips older marks first. */
        if (!memchr(source, '\0', source_size) && !ropp_is_marked(source, source_size))
            for (i = 0; i < file.hook_count; i++)
                if (file.hooks[i].kind == ROPP_HOOK || file.hooks[i].kind == ROPP_FACT)
                    check_hook(&file.hooks[i], source, source_size);
    } else {
        FUZZ_CHECK(file.mistake_count > 0);
        for (i = 0; i < file.mistake_count; i++)
            FUZZ_CHECK(file.mistakes[i].line > 0 && file.mistakes[i].text[0] != '\0');
    }
    ropp_keep_end();
    free(text);
    return 0;
}
