// SPDX-License-Identifier: MIT
/* Commands: their help, word by word, what is run, what is said of a mistake, and what a shell
 * completes. And how the program speaks at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/capture.h"
#include "tests/unit/child.h"
#include "tests/unit/unit.h"
#include "tools/base/cli.h"
#include "tools/base/command.h"

/* ---- the commands ---- */

struct request {
    const char *file;
    const char *form;
    const char *every;
    unsigned long limit;
    bool force;
    const char *word; /* the first */
    size_t words;
};

static struct request ran;
static int runs, status_of_read;
static bool passes; /* the guard */
static const char *guarded;

static bool guard(int argc, char **argv)
{
    guarded = argv[argc - 1];
    return passes || ropp_error("guarded: %s", guarded);
}

static int read_words(void *request, const struct ropp_words *words)
{
    struct request *own = request;

    own->word = words->count > 0 ? words->items[0] : NULL;
    own->words = words->count;
    return status_of_read;
}

static int run(struct ropp_session *session, void *request)
{
    assert_null(session);
    ran = *(struct request *)request;
    runs++;
    return 7;
}

static int call(const struct ropp_cli_command *command, void *request)
{
    return 10 * command->run(NULL, request);
}

static const struct ropp_option own_options[] = {
    ROPP_TEXT(struct request, file, "--file", "FILE", "what is read"),
    ROPP_TEXT(struct request, form, "--form", "text|table|tree", "how it is shown"),
    ROPP_TEXT(struct request, every, "--every", "[N]", "again and again"),
    ROPP_OPTIONS_END,
};
static const struct ropp_option shared_options[] = {
    ROPP_HEADING("For all of them:"),
    ROPP_NUMBER(struct request, limit, "--limit", "N", 1, 10, "so many"),
    ROPP_FLAG(struct request, force, "--force", "whatever there is"),
    ROPP_OPTIONS_END,
};
static const struct request defaults = {.limit = 5};

static const struct ropp_cli_command add = {
    .name = "list add",
    .summary = "add something to a list, in a sentence that is longer than one line of a terminal",
    .usage = "WORD [OPTION ...]",
    .about = "Adds something.",
    .statuses = "0 done, 1 it is there already, and a few more words so that this sentence is "
                "broken, 2 wrong usage",
    .example = "list add this\n         ropp list add that",
    .options = {{own_options, shared_options}},
    .words = {.most = 2, .too_many = "more than two", .instead = "add two", .missing = "no word"},
    .guard = guard,
    .request_size = sizeof(struct request),
    .defaults = &defaults,
    .read = read_words,
    .run = run,
};
static const struct ropp_cli_command drop = {
    .name = "list drop",
    .summary = "drop it",
    .usage = "[OPTION ...]",
    .about = "Drops all.",
    .example = "list drop",
    .request_size = sizeof(struct request),
    .run = run,
    .call = call,
};
static const struct ropp_cli_command *const of_list[] = {&add, &drop, NULL};
static const struct ropp_cli_command list = {
    .name = "list",
    .summary = "work with lists",
    .usage = "COMMAND [OPTION ...]",
    .about = "Lists of words.",
    .example = "list add this",
    .commands = of_list,
};

/* Names for its first word. */
static const struct ropp_cli_command fast = {.name = "go fast", .summary = "at once"};
static const struct ropp_cli_command slow = {.name = "go slow", .summary = "in a while"};
static const struct ropp_cli_command *const of_go[] = {&fast, &slow, NULL};
static const struct ropp_cli_command go = {
    .name = "go",
    .summary = "go somewhere",
    .usage = "HOW [OPTION ...]",
    .about = "Goes.",
    .statuses = "0 it went",
    .example = "go fast",
    .commands = of_go,
    .options = {{shared_options, NULL}},
    .words = {.most = 1},
    .request_size = sizeof(struct request),
    .read = read_words,
    .run = run,
};

static const struct ropp_option root_options[] = {
    ROPP_FLAG(struct request, force, "--version", "what this is"),
    ROPP_OPTIONS_END,
};
static const struct ropp_cli_command *const of_root[] = {&list, &go, NULL};
static const struct ropp_cli_command root = {
    .name = "",
    .usage = "COMMAND [OPTION ...]",
    .about = "Words and ways.",
    .statuses = "0 good, 2 not",
    .example = "go fast",
    .commands = of_root,
    .options = {{root_options, NULL}},
};

/* ---- running them ---- */

static struct capture out, err;
static const char *said, *printed;

/* Of "list add x": the words behind the program's name. */
static int does(const char *line)
{
    static char copy[400];
    char *argv[12] = {(char *)"ropp"}, *rest = copy, *word;
    int argc = 1, status;

    snprintf(copy, sizeof copy, "%s", line);
    while ((word = strsep(&rest, " ")) != NULL)
        if (word[0] != '\0')
            argv[argc++] = word;
    memset(&ran, 0, sizeof ran);
    runs = 0;
    guarded = NULL;
    capture_begin(&out, stdout);
    capture_begin(&err, stderr);
    status = ropp_command_run(&root, argc, argv);
    said = capture_end(&err);
    printed = capture_end(&out);
    return status;
}

static void prints(const char *line, const char *text)
{
    assert_int_equal(does(line), ROPP_EXIT_DONE);
    assert_string_equal(printed, text);
    assert_string_equal(said, "");
    assert_int_equal(runs, 0);
}

static void fails(const char *line, const char *message)
{
    assert_int_equal(does(line), ROPP_EXIT_USAGE);
    assert_string_equal(said, message);
    assert_string_equal(printed, "");
    assert_int_equal(runs, 0);
}

static int begin(void **state)
{
    (void)state;
    passes = true;
    status_of_read = ROPP_EXIT_DONE;
    return 0;
}

static const char help_of_root[] = "usage: ropp COMMAND [OPTION ...]\n"
                                   "\n"
                                   "Words and ways.\n"
                                   "\n"
                                   "  list   work with lists\n"
                                   "  go     go somewhere\n"
                                   "\n"
                                   "  --version   what this is\n"
                                   "\n"
                                   "`ropp COMMAND --help` says more.\n"
                                   "\n"
                                   "exit status: 0 good, 2 not\n"
                                   "\n"
                                   "example: ropp go fast\n";

static const char help_of_list[] =
    "usage: ropp list COMMAND [OPTION ...]\n"
    "\n"
    "Lists of words.\n"
    "\n"
    "  add    add something to a list, in a sentence that is longer than one line of\n"
    "         a terminal\n"
    "  drop   drop it\n"
    "\n"
    "`ropp list COMMAND --help` says more.\n"
    "\n"
    "example: ropp list add this\n";

static const char help_of_add[] =
    "usage: ropp list add WORD [OPTION ...]\n"
    "\n"
    "Adds something.\n"
    "\n"
    "  --file FILE              what is read\n"
    "  --form text|table|tree   how it is shown\n"
    "  --every [N]              again and again\n"
    "\n"
    "For all of them:\n"
    "  --limit N   so many\n"
    "  --force     whatever there is\n"
    "\n"
    "exit status: 0 done, 1 it is there already, and a few more words so that this\n"
    "             sentence is broken, 2 wrong usage\n"
    "\n"
    "example: ropp list add this\n"
    "         ropp list add that\n";

static const char help_of_go[] = "usage: ropp go HOW [OPTION ...]\n"
                                 "\n"
                                 "Goes.\n"
                                 "\n"
                                 "  fast   at once\n"
                                 "  slow   in a while\n"
                                 "\n"
                                 "For all of them:\n"
                                 "  --limit N   so many\n"
                                 "  --force     whatever there is\n"
                                 "\n"
                                 "exit status: 0 it went\n"
                                 "\n"
                                 "example: ropp go fast\n";

static void test_help(void **state)
{
    static const char *const words[] = {"--help", "-h", "help"};
    char line[40];

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        prints(words[i], help_of_root);
        snprintf(line, sizeof line, "list %s", words[i]);
        prints(line, help_of_list);
    }
    prints("list add --help", help_of_add);
    prints("list add word -h word more", help_of_add);
    prints("go --nonsense --help", help_of_go);
    fails("", help_of_root);
    fails("list", help_of_list);
    assert_int_equal(does("go -- --help"), 7);
    assert_string_equal(ran.word, "--help");
}

static void test_runs(void **state)
{
    (void)state;
    assert_int_equal(does("list add this --limit 3 --file=name that --form table --force"), 7);
    assert_int_equal(runs, 1);
    assert_string_equal(ran.word, "this");
    assert_int_equal(ran.words, 2);
    assert_int_equal(ran.limit, 3);
    assert_string_equal(ran.file, "name");
    assert_string_equal(ran.form, "table");
    assert_true(ran.force);
    assert_string_equal(guarded, "--force");
    assert_int_equal(does("list add this"), 7);
    assert_int_equal(ran.limit, 5);
    assert_false(ran.force);
    assert_null(ran.file);
    assert_int_equal(does("list drop"), 70);
    assert_int_equal(runs, 1);
    assert_int_equal(ran.limit, 0);
    assert_int_equal(does("go fast"), 7);
    assert_string_equal(ran.word, "fast");
    assert_int_equal(does("go"), 7);
    assert_null(ran.word);
    assert_string_equal(said, "");
    assert_string_equal(printed, "");
}

static void test_mistakes(void **state)
{
    (void)state;
    fails("nonsense", "ropp: no such command: 'nonsense': see `ropp --help`\n");
    fails("lst", "ropp: no such command: 'lst': did you mean 'list'? see `ropp --help`\n");
    fails("--nonsense", "ropp: no such option: '--nonsense': see `ropp --help`\n");
    fails("--verison",
          "ropp: no such option: '--verison': did you mean '--version'? see `ropp --help`\n");
    fails("list dorp",
          "ropp: no such command: list dorp: did you mean 'drop'? see `ropp list --help`\n");
    fails("list -x", "ropp: no such command: list -x: see `ropp list --help`\n");
    fails("list add", "ropp: no word: list add: write `ropp list add WORD`\n");
    fails("list add --force", "ropp: no word: list add: write `ropp list add WORD`\n");
    fails("list add a b c", "ropp: more than two: 'c': add two\n");
    fails("list drop a", "ropp: one word too many: 'a': see `ropp list drop --help`\n");
    fails("list add a --froce",
          "ropp: no such option: --froce: did you mean '--force'? see `ropp list add --help`\n");
    fails("list add a --limit 0", "ropp: no such number: --limit 0: write one from 1 to 10\n");
    fails("list add a --limit=11", "ropp: no such number: --limit 11: write one from 1 to 10\n");
    fails("list add a --force=1", "ropp: a value too many: --force=1: write --force alone\n");
    fails("list add a --file", "ropp: no value: --file: write '--file VALUE'\n");
    fails("list add a --file=", "ropp: no value: --file: write '--file VALUE'\n");
    fails("list drop --file", "ropp: no such option: --file: see `ropp list drop --help`\n");
    passes = false;
    fails("list add a --nonsense", "ropp: guarded: --nonsense\n");
    passes = true;
    status_of_read = ROPP_EXIT_REFUSED;
    assert_int_equal(does("list add a"), ROPP_EXIT_REFUSED);
    assert_int_equal(runs, 0);
}

/* ---- completion ---- */

static void completes(const char *line, const char *wanted)
{
    static char copy[200];
    char *words[10], *rest = copy;
    int count = 0;

    snprintf(copy, sizeof copy, "%s", line);
    while (rest != NULL)
        words[count++] = strsep(&rest, " ");
    capture_begin(&out, stdout);
    ropp_command_complete(&root, count, words);
    if (strcmp(capture_end(&out), wanted) != 0)
        fail_msg("'%s' becomes\n%s", line, out.text);
}

static void test_completion(void **state)
{
    (void)state;
    capture_begin(&out, stdout);
    ropp_command_complete(&root, 0, NULL);
    assert_string_equal(capture_end(&out), "");
    completes("", "list\ngo\n");
    completes("l", "list\n");
    completes("x", "");
    completes("-", "--version\n");
    completes("list ", "add\ndrop\n");
    completes("list dr", "drop\n");
    completes("list", "list\n");
    completes("list x ", "");
    completes("list -", "");
    completes("list add ", "");
    completes("list add -", "--file\n--form\n--every\n--limit\n--force\n");
    completes("list add --f", "--file\n--form\n--force\n");
    completes("list add a --li", "--limit\n");
    completes("list add --form ", "text\ntable\ntree\n");
    completes("list add --form t", "text\ntable\ntree\n");
    completes("list add --form tr", "tree\n");
    completes("list add --form -", "");
    completes("list add --file ", "");
    completes("list add --every -", "--file\n--form\n--every\n--limit\n--force\n");
    completes("list add --force -", "--file\n--form\n--every\n--limit\n--force\n");
    completes("go ", "fast\nslow\n");
    completes("go s", "slow\n");
    completes("go fast ", "");
    completes("go fast --", "--limit\n--force\n");
    completes("go fast s", "");
    completes("go --force s", "");
    completes("--version l", "");
}

/* ---- how it speaks ---- */

static void test_messages(void **state)
{
    bool result;
    int status;

    (void)state;
    capture_begin(&err, stderr);
    result = ropp_error("what: %s: %d", "it\x1b[2J\x07\tis\nso", 3);
    status = ropp_fail(5, "%s", "twice");
    capture_end(&err);
    assert_false(result);
    assert_int_equal(status, 5);
    assert_string_equal(err.text, "ropp: what: it?[2J?\tis\nso: 3\nropp: twice\n");
}

/* The later over the earlier, and only for as long as it is wanted. */
static void test_kept_messages(void **state)
{
    char text[8];

    (void)state;
    capture_begin(&err, stderr);
    ropp_errors_into(text, sizeof text);
    ropp_error("%d words and more", 7);
    assert_string_equal(text, "7 words");
    ropp_error("%s", "few");
    assert_string_equal(text, "few");
    ropp_errors_into(NULL, 0);
    ropp_error("%s", "shown");
    capture_end(&err);
    assert_string_equal(err.text, "ropp: shown\n");
    assert_string_equal(text, "few");
}

/* Both to one place: what was printed before comes before. */
static void print_and_fail(void)
{
    if (dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        _exit(98);
    setvbuf(stdout, NULL, _IOFBF, 4096);
    printf("before ");
    ropp_error("it");
    printf("behind");
    exit(ropp_finish(6));
}

static void print_to_a_full_disk(void)
{
    int full = open("/dev/full", O_WRONLY);

    if (full < 0 || dup2(full, STDOUT_FILENO) < 0)
        _exit(98);
    printf("something");
    exit(ropp_finish(0));
}

/* The last flush has nothing to do, and yet something is lost. */
static void lose_what_comes_first(void)
{
    int full = open("/dev/full", O_WRONLY), null = open("/dev/null", O_WRONLY);

    if (full < 0 || null < 0 || dup2(full, STDOUT_FILENO) < 0)
        _exit(98);
    printf("something");
    fflush(stdout);
    if (dup2(null, STDOUT_FILENO) < 0)
        _exit(98);
    errno = ENOSPC;
    exit(ropp_finish(0));
}

static void ends(void (*does_it)(void), int wanted, const char *message)
{
    int status;

    capture_begin(&err, stderr);
    status = status_of(does_it);
    capture_end(&err);
    assert_string_equal(err.text, message);
    assert_int_equal(status, wanted);
}

static void test_the_end(void **state)
{
    (void)state;
    ends(print_and_fail, 6, "before ropp: it\nbehind");
    ends(print_to_a_full_disk, 2, "ropp: cannot write: standard output: No space left on device\n");
    ends(lose_what_comes_first, 2,
         "ropp: cannot write: standard output: No space left on device\n");
}

static void word_is(const char *word, const char *wanted)
{
    capture_begin(&out, stdout);
    ropp_print_word(stdout, word);
    capture_end(&out);
    assert_string_equal(out.text, wanted);
}

static void test_words_for_a_shell(void **state)
{
    (void)state;
    word_is("azAZ09._-/:@%+,=", "azAZ09._-/:@%+,=");
    word_is("", "''");
    word_is("two words", "'two words'");
    word_is("it's", "'it'\\''s'");
    word_is("a\x1f\x1b\x7f\n~\xc3\xa9$b", "'a~\xc3\xa9$b'");
    word_is("*", "'*'");
    word_is(" ", "' '");
}

static void self_is(const char *argv0, const char *wanted)
{
    ropp_called_as(argv0);
    capture_begin(&out, stdout);
    ropp_print_self(stdout);
    capture_end(&out);
    assert_string_equal(out.text, wanted);
}

static void test_its_own_name(void **state)
{
    (void)state;
    self_is("other", "ropp");
    self_is(NULL, "ropp");
    self_is("./its/ropp", "./its/ropp");
    self_is("other", "./its/ropp");
    self_is("/a b/ropp", "'/a b/ropp'");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_help, begin),
        cmocka_unit_test_setup(test_runs, begin),
        cmocka_unit_test_setup(test_mistakes, begin),
        cmocka_unit_test(test_completion),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_kept_messages),
        cmocka_unit_test(test_the_end),
        cmocka_unit_test(test_words_for_a_shell),
        cmocka_unit_test(test_its_own_name),
    };

    return UNIT_RUN(argc, argv, "command", tests, NULL, NULL);
}
