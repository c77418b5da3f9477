#include "tools/probe/report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "tools/base/json.h"

static void put_string(const char *text)
{
    putchar('"');
    ropp_json_text(stdout, text, strlen(text));
    putchar('"');
}

/* What a server sends is shown to people without what a terminal would obey. */
static void put_plain(const char *text)
{
    for (; *text != '\0'; text++)
        putchar((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text);
}

void ropp_report_begin(struct ropp_report *report, bool json)
{
    *report = (struct ropp_report){.json = json};
    if (json)
        fputs("{\"steps\":[", stdout);
}

void ropp_report_step(struct ropp_report *report, const char *leg, const char *step)
{
    report->leg = leg;
    if (!report->json)
        return;
    fputs(report->has_steps ? ",{" : "{", stdout);
    report->has_steps = true;
    fputs("\"leg\":", stdout);
    put_string(leg);
    ropp_report_text(report, "step", step);
}

void ropp_report_text(const struct ropp_report *report, const char *key, const char *value)
{
    if (!report->json)
        return;
    putchar(',');
    put_string(key);
    putchar(':');
    put_string(value);
}

void ropp_report_number(const struct ropp_report *report, const char *key, int64_t value)
{
    if (!report->json)
        return;
    putchar(',');
    put_string(key);
    printf(":%" PRId64, value);
}

void ropp_report_close(struct ropp_report *report, const char *sentence, ...)
{
    char text[1024];
    va_list args;

    if (report->json) {
        putchar('}');
        return;
    }
    va_start(args, sentence);
    (void)vsnprintf(text, sizeof text, sentence, args);
    va_end(args);
    printf("%-5s  ", report->leg);
    put_plain(text);
    putchar('\n');
    fflush(stdout); /* the next step may take its time */
}

static void end_json(const char *result, const char *reason, const char *const *causes,
                     size_t count, const char *look)
{
    size_t i;

    fputs("],\"result\":", stdout);
    put_string(result);
    fputs(",\"reason\":", stdout);
    put_string(reason);
    if (count != 0)
        fputs(",\"causes\":[", stdout);
    for (i = 0; i < count; i++) {
        fputs(i != 0 ? "," : "", stdout);
        put_string(causes[i]);
    }
    if (count != 0)
        putchar(']');
    if (look != NULL) {
        fputs(",\"look\":", stdout);
        put_string(look);
    }
    puts("}");
}

static void end_text(const char *result, const char *reason, const char *const *causes,
                     size_t count, const char *look)
{
    size_t i;

    printf("\n%s: ", result);
    put_plain(reason);
    putchar('\n');
    if (count != 0)
        puts("Likely causes:");
    for (i = 0; i < count; i++)
        printf("  - %s\n", causes[i]);
    if (look != NULL)
        printf("Which address the server saw is not told to players. Its database knows:\n  %s\n",
               look);
}

void ropp_report_end(const struct ropp_report *report, const char *result, const char *reason,
                     const char *const *causes, size_t count, const char *look)
{
    if (report->json)
        end_json(result, reason, causes, count, look);
    else
        end_text(result, reason, causes, count, look);
}
