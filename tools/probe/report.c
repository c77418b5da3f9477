// SPDX-License-Identifier: MIT
#include "tools/probe/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tools/base/buffer.h"
#include "tools/base/columns.h"

void ropp_report_begin(struct ropp_report *report, bool json)
{
    *report = (struct ropp_report){.is_json = json, .json = {.out = stdout, .tight = true}};
    if (!json)
        return;
    ropp_json_begin(&report->json, NULL, '{');
    ropp_json_begin(&report->json, "steps", '[');
}

void ropp_report_step(struct ropp_report *report, const char *leg, const char *step)
{
    report->leg = leg;
    if (!report->is_json)
        return;
    ropp_json_begin(&report->json, NULL, '{');
    ropp_json_string(&report->json, "leg", leg);
    ropp_json_string(&report->json, "step", step);
}

void ropp_report_text(struct ropp_report *report, const char *key, const char *value)
{
    if (report->is_json)
        ropp_json_string(&report->json, key, value);
}

void ropp_report_number(struct ropp_report *report, const char *key, int64_t value)
{
    if (report->is_json)
        ropp_json_number(&report->json, key, value);
}

void ropp_report_close(struct ropp_report *report, const char *sentence, ...)
{
    va_list args;
    char *text;

    if (report->is_json) {
        ropp_json_end(&report->json, '}');
        return;
    }
    va_start(args, sentence);
    text = ropp_vformat(sentence, args);
    va_end(args);
    printf("%-5s  ", report->leg);
    ropp_print_safe(stdout, text); /* it may contain what a server has sent */
    putchar('\n');
    fflush(stdout); /* the next step may take its time */
    free(text);
}

static void end_json(struct ropp_json *json, const char *result, const char *reason,
                     const char *const *causes, size_t count, const char *look)
{
    ropp_json_end(json, ']');
    ropp_json_string(json, "result", result);
    ropp_json_string(json, "reason", reason);
    if (count != 0)
        ropp_json_begin(json, "causes", '[');
    for (size_t i = 0; i < count; i++)
        ropp_json_string(json, NULL, causes[i]);
    if (count != 0)
        ropp_json_end(json, ']');
    ropp_json_some(json, "look", look);
    ropp_json_done(json, "}");
}

static void end_text(const char *result, const char *reason, const char *const *causes,
                     size_t count, const char *look)
{
    printf("\n%s: ", result);
    ropp_print_safe(stdout, reason);
    putchar('\n');
    if (count != 0)
        puts("Likely causes:");
    for (size_t i = 0; i < count; i++)
        printf("  - %s\n", causes[i]);
    if (look != NULL)
        printf("A player cannot see which address the server saw. Its database knows:\n  %s\n",
               look);
}

void ropp_report_end(struct ropp_report *report, const char *result, const char *reason,
                     const char *const *causes, size_t count, const char *look)
{
    if (report->is_json)
        end_json(&report->json, result, reason, causes, count, look);
    else
        end_text(result, reason, causes, count, look);
}
