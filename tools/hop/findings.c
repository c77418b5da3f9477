// SPDX-License-Identifier: MIT
#include "tools/hop/findings.h"

#include <stdlib.h>

#include "tools/base/buffer.h"
#include "tools/base/columns.h"
#include "tools/base/json.h"

static void add(struct ropp_findings *findings, struct ropp_finding finding)
{
    findings->items = ropp_grow(findings->items, findings->count, sizeof *findings->items);
    findings->items[findings->count++] = finding;
}

void ropp_findings_add(struct ropp_findings *findings, const char *machine, const char *check,
                       char *at, char *result, char *remedy)
{
    const enum ropp_finding_state state = remedy ? ROPP_FINDING_BAD : ROPP_FINDING_OK;

    add(findings, (struct ropp_finding){state, machine, check, at, result, remedy});
}

void ropp_findings_unasked(struct ropp_findings *findings, const char *machine, const char *check,
                           char *at, char *why)
{
    add(findings, (struct ropp_finding){ROPP_FINDING_UNASKED, machine, check, at, why, NULL});
}

size_t ropp_findings_count(const struct ropp_findings *findings, enum ropp_finding_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < findings->count; i++)
        count += findings->items[i].state == state;
    return count;
}

static void print_table(const struct ropp_findings *findings, FILE *out)
{
    static const char *const words[] = {"ok", "BAD", "?"};
    struct ropp_columns columns = {.sides = "lllll"};

    for (size_t i = 0; i < findings->count; i++) {
        const struct ropp_finding *finding = &findings->items[i];

        ropp_columns_cell(&columns, words[finding->state]);
        ropp_columns_cell(&columns, finding->machine);
        ropp_columns_cell(&columns, finding->check);
        ropp_columns_cell(&columns, finding->at ? finding->at : "-");
        ropp_columns_format(&columns, "%s%s",
                            finding->state == ROPP_FINDING_UNASKED ? "not asked: " : "",
                            finding->result);
    }
    ropp_columns_print(&columns, 4, out);
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].remedy)
            fprintf(out, "%s, %s: %s\n", findings->items[i].machine, findings->items[i].check,
                    findings->items[i].remedy);
    fprintf(out, "%zu checked, %zu bad, %zu not asked\n",
            findings->count - ropp_findings_count(findings, ROPP_FINDING_UNASKED),
            ropp_findings_count(findings, ROPP_FINDING_BAD),
            ropp_findings_count(findings, ROPP_FINDING_UNASKED));
}

static void print_json(const struct ropp_findings *findings, FILE *out)
{
    static const char *const words[] = {"ok", "bad", "not asked"};
    struct ropp_json json = {.out = out};

    ropp_json_begin(&json, NULL, '{');
    ropp_json_bool(&json, "good", ropp_findings_count(findings, ROPP_FINDING_BAD) == 0);
    ropp_json_number(&json, "bad", (int64_t)ropp_findings_count(findings, ROPP_FINDING_BAD));
    ropp_json_number(&json, "not_asked",
                     (int64_t)ropp_findings_count(findings, ROPP_FINDING_UNASKED));
    ropp_json_begin(&json, "checks", '[');
    for (size_t i = 0; i < findings->count; i++) {
        const struct ropp_finding *finding = &findings->items[i];

        ropp_json_begin(&json, NULL, '{');
        ropp_json_string(&json, "machine", finding->machine);
        ropp_json_string(&json, "check", finding->check);
        ropp_json_string(&json, "at", finding->at);
        ropp_json_string(&json, "state", words[finding->state]);
        ropp_json_string(&json, "result", finding->result);
        ropp_json_some(&json, "remedy", finding->remedy);
        ropp_json_end(&json, '}');
    }
    ropp_json_done(&json, "]}");
}

void ropp_findings_print(const struct ropp_findings *findings, bool json, FILE *out)
{
    (json ? print_json : print_table)(findings, out);
}

void ropp_findings_free(struct ropp_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        free(findings->items[i].at);
        free(findings->items[i].result);
        free(findings->items[i].remedy);
    }
    free(findings->items);
    *findings = (struct ropp_findings){.items = NULL};
}
