// SPDX-License-Identifier: MIT
#include "service/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ropp_config_init(struct ropp_config *config)
{
    memset(config, 0, sizeof *config);
    config->mode = ROPP_MODE_OFF;
    config->header_timeout_ms = 3000;
    config->listen_backlog = ROPP_BACKLOG_SYSTEM;
    config->ticket_check = ROPP_TICKET_LOG;
    config->advertise_destination = true;
    config->hide_origin = true;
    config->bans = true;
    config->ban_kick = true;
    config->connlog = ROPP_CONNLOG_REFUSED;
    config->connlog_days = 30;
    config->connlog_rows = 1000000;
    ropp_dbconf_init(&config->db);
}

/* One more than `count` items of a list; NULL when memory is short, then the list is as it was. */
static void *config_grow(void *items, size_t count, size_t size)
{
    return realloc(items, (count + 1) * size);
}

bool ropp_config_add_prefix(struct ropp_config_prefixes *list, const struct ropp_prefix *prefix)
{
    struct ropp_prefix *items =
        (struct ropp_prefix *)config_grow(list->items, list->count, sizeof *items);

    if (items == NULL)
        return false;
    list->items = items;
    items[list->count++] = *prefix;
    return true;
}

bool ropp_config_add_route(struct ropp_config_route_list *list, const struct ropp_route *route)
{
    struct ropp_route *items =
        (struct ropp_route *)config_grow(list->items, list->count, sizeof *items);

    if (items == NULL)
        return false;
    list->items = items;
    items[list->count++] = *route;
    return true;
}

bool ropp_config_add_text(struct ropp_config_texts *list, const char *text, size_t length)
{
    char **items = (char **)config_grow(list->items, list->count, sizeof *items);
    char *copy = (char *)malloc(length + 1);

    if (items != NULL)
        list->items = items;
    if (items == NULL || copy == NULL) {
        free(copy);
        return false;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    items[list->count++] = copy;
    return true;
}

bool ropp_config_add_login_only(struct ropp_config *config, const char *reason, size_t length)
{
    return length > 0 && length <= ROPP_CONFIG_REASON_MAX &&
           ropp_config_add_text(&config->login_only, reason, length);
}

static void config_free_texts(struct ropp_config_texts *list)
{
    while (list->count > 0)
        free(list->items[--list->count]);
    free(list->items);
}

void ropp_config_free(struct ropp_config *config)
{
    free(config->trusted.items);
    free(config->direct.items);
    free(config->routes.items);
    config_free_texts(&config->imported);
    config_free_texts(&config->login_only);
    ropp_config_init(config);
}

struct ropp_policy ropp_config_policy(const struct ropp_config *config)
{
    struct ropp_policy policy;

    policy.mode = config->mode;
    policy.trusted.items = config->trusted.items;
    policy.trusted.count = config->trusted.count;
    policy.direct.items = config->direct.items;
    policy.direct.count = config->direct.count;
    return policy;
}

struct ropp_routes ropp_config_routes(const struct ropp_config *config)
{
    struct ropp_routes routes;

    routes.items = config->routes.items;
    routes.count = config->routes.count;
    routes.advertise_destination = config->advertise_destination;
    routes.hide_origin = config->hide_origin;
    return routes;
}

bool ropp_config_check(const struct ropp_config *config, char error[ROPP_ERROR_TEXT])
{
    if (config->mode == ROPP_MODE_OFF || config->trusted.count > 0)
        return true;
    snprintf(error, ROPP_ERROR_TEXT,
             "no proxy is trusted: proxy_protocol is %s and proxy_trusted is missing: name the "
             "addresses your proxies connect from, or set proxy_protocol to off",
             config->mode == ROPP_MODE_ON ? "on" : "strict");
    return false;
}
