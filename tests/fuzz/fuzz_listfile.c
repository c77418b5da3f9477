// SPDX-License-Identifier: MIT
/* Any bytes as a list file: it is read without harm, the counts agree with the calls, what is given
 * is valid and public unless asked for otherwise, and what was read is read back as the same. */
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/table.h"
#include "tools/lists/aggregate.h"
#include "tools/lists/export.h"
#include "tools/lists/listfile.h"
#include "tools/lists/private.h"

struct found {
    struct ropp_prefix_set given, apart;
    uint64_t bad_lines, last_line;
};

static void check_valid(const struct ropp_prefix *prefix)
{
    struct ropp_table_entry entry;

    memset(&entry, 0, sizeof entry);
    entry.prefix = *prefix;
    FUZZ_CHECK(ropp_table_entry_valid(&entry));
}

static void on_prefix(void *context, const struct ropp_prefix *prefix)
{
    check_valid(prefix);
    ropp_prefix_set_add(&((struct found *)context)->given, prefix);
}

static void on_apart(void *context, const struct ropp_prefix *prefix)
{
    check_valid(prefix);
    ropp_prefix_set_add(&((struct found *)context)->apart, prefix);
}

static void on_bad_line(void *context, const struct ropp_list_line *line)
{
    struct found *found = (struct found *)context;
    size_t i;

    FUZZ_CHECK(line->number > 0 && line->number >= found->last_line);
    FUZZ_CHECK(ropp_list_mistake_text(line->mistake)[0] != '\0');
    for (i = 0; line->text[i] != '\0'; i++)
        FUZZ_CHECK(i < ROPP_LIST_TEXT - 1 && line->text[i] >= ' ' && line->text[i] <= '~');
    found->last_line = line->number;
    found->bad_lines++;
}

/* Reads the file behind a descriptor from its beginning. */
static enum ropp_list_result read_fd(int fd, const struct ropp_list_options *options,
                                     struct found *found)
{
    const struct ropp_list_calls calls = {found, on_prefix, on_apart, on_bad_line, NULL};
    char path[32], error[ROPP_ERROR_TEXT] = "";
    struct ropp_list_counts counts;
    enum ropp_list_result result;

    memset(found, 0, sizeof *found);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    result = ropp_listfile_read(path, options, &calls, &counts, error);
    FUZZ_CHECK(result == ROPP_LIST_READ || (result == ROPP_LIST_FAILED && error[0] != '\0'));
    FUZZ_CHECK(counts.prefixes == found->given.count);
    FUZZ_CHECK(counts.bad_lines == found->bad_lines && counts.wide_lines <= counts.bad_lines);
    FUZZ_CHECK(counts.bytes >= counts.entries + counts.bad_lines); /* no line says it twice */
    FUZZ_CHECK(counts.set_apart <= counts.entries);
    FUZZ_CHECK(result == ROPP_LIST_FAILED || found->last_line <= counts.lines);
    FUZZ_CHECK(options->mask || counts.masked == 0);
    FUZZ_CHECK((counts.refused == ROPP_LIST_FINE) == (counts.refused_line == 0));
    FUZZ_CHECK(counts.refused == ROPP_LIST_FINE || ropp_list_is_refused(counts.refused));
    return result;
}

static void found_free(struct found *found)
{
    ropp_prefix_set_free(&found->given);
    ropp_prefix_set_free(&found->apart);
}

static void check_same(const struct ropp_prefix_set *a, const struct ropp_prefix_set *b)
{
    size_t i;

    FUZZ_CHECK(a->count == b->count);
    for (i = 0; i < a->count; i++) {
        FUZZ_CHECK(a->items[i].length == b->items[i].length);
        FUZZ_CHECK(ropp_addr_equal(&a->items[i].addr, &b->items[i].addr));
    }
}

/* Nothing private is given, nothing else is set apart. */
static void check_places(const struct found *found)
{
    struct ropp_range range, network;
    size_t i;

    for (i = 0; i < found->given.count; i++) {
        range = ropp_range_of(&found->given.items[i]);
        FUZZ_CHECK(!ropp_private_first(&range, &network));
    }
    for (i = 0; i < found->apart.count; i++) {
        range = ropp_range_of(&found->apart.items[i]);
        FUZZ_CHECK(ropp_private_first(&range, &network));
        FUZZ_CHECK(ropp_number_compare(network.first, range.first) == 0);
        FUZZ_CHECK(ropp_number_compare(network.last, range.last) == 0);
    }
}

/* A file of the set, of this format, is read as that set. HAProxy's is cut around IPv4-mapped
 * addresses, so that it may be other prefixes. */
static void check_export(const struct ropp_prefix_set *set, enum ropp_export_format format)
{
    static const struct ropp_list_options keep = {true, true, false};
    FILE *file = fdopen(memfd_create("export", MFD_CLOEXEC), "w+");
    struct found again;

    FUZZ_CHECK(file != NULL);
    ropp_export(file, format, set, 0);
    FUZZ_CHECK(fflush(file) == 0);
    FUZZ_CHECK(read_fd(fileno(file), &keep, &again) == ROPP_LIST_READ);
    FUZZ_CHECK(again.bad_lines == 0);
    ropp_aggregate(&again.given); /* an ipset of everything has its halves */
    if (format != ROPP_EXPORT_HAPROXY)
        check_same(&again.given, set);
    found_free(&again);
    fclose(file);
}

/* What both readings found is the same set, and a file of it is read as that set. */
static void check_sets(struct found *parted, struct found *all, size_t which)
{
    size_t i;

    for (i = 0; i < parted->apart.count; i++)
        ropp_prefix_set_add(&parted->given, &parted->apart.items[i]);
    ropp_aggregate(&parted->given);
    ropp_aggregate(&all->given);
    check_same(&parted->given, &all->given);
    check_export(&all->given, (enum ropp_export_format)(which % (ROPP_EXPORT_IPSET + 1)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct ropp_list_options wide = {false, true, false}, all = {true, true, false},
                                          masked = {true, true, true};
    struct found parted, kept;
    int fd = memfd_create("list", MFD_CLOEXEC);

    FUZZ_CHECK(fd >= 0);
    FUZZ_CHECK(write(fd, data, size) == (ssize_t)size);
    read_fd(fd, &wide, &parted);
    check_places(&parted);
    read_fd(fd, &all, &kept);
    check_sets(&parted, &kept, size);
    found_free(&parted);
    found_free(&kept);
    read_fd(fd, &masked, &kept);
    found_free(&kept);
    close(fd);
    return 0;
}
