// SPDX-License-Identifier: MIT
#include "common/guard.h"

#include "common/db.h"
#include "common/memmgr.h"
#include "common/net.h"
#include "common/showmsg.h"
#include "common/timer.h"

#include <stdio.h>
#include <string.h>

struct visitor {
	int64 last;
	int32 count; /* connections one soon after another */
	bool is_locked_out;
};

enum { REFUSED, LET_IN, LET_IN_ALWAYS };
static enum { ORDER_DENY_ALLOW, ORDER_ALLOW_DENY, ORDER_BOTH } order;

bool ip_rules = true;
static struct net_ranges allow_list, deny_list;
static bool explain;
static int32 flood_count = 10, flood_interval_ms = 3000, flood_reset_ms = 600000;
static struct DBMap *visitors;

/* "all", a.b.c.d, a.b.c.d/bits or a.b.c.d/m.m.m.m */
static void guard_add(struct net_ranges *list, const char *text)
{
	char ip[16], mask[16] = "32";
	uint32 bits;

	if (strcmp(text, "all") == 0) {
		net_ranges_add(list, 0, 0);
		return;
	}
	if (sscanf(text, "%15[0-9.]/%15[0-9.]", ip, mask) < 1 || str2ip(ip) == INADDR_NONE) {
		ShowError("the address rules: '%s' is no network\n", text);
		return;
	}
	if (strchr(mask, '.') != NULL) {
		net_ranges_add(list, str2ip(ip), str2ip(mask));
		return;
	}
	bits = (uint32)strtoul(mask, NULL, 10);
	net_ranges_add(list, str2ip(ip), bits == 0 ? 0 : UINT32_MAX << (bits < 32 ? 32 - bits : 0));
}

static void guard_allow(const char *text)
{
	guard_add(&allow_list, text);
}

static void guard_deny(const char *text)
{
	guard_add(&deny_list, text);
}

static void guard_order(const char *text)
{
	if (strncmp(text, "deny", 4) == 0)
		order = ORDER_DENY_ALLOW;
	else if (strncmp(text, "allow", 5) == 0)
		order = ORDER_ALLOW_DENY;
	else
		order = ORDER_BOTH;
}

#define RULES "socket_configuration/ip_rules/"
#define DDOS  "socket_configuration/ddos/"
const struct setting guard_settings[] = {
    SET_BOOL("enable_ip_rules", RULES "enable", ip_rules),
    SET_CALL("order", RULES "order", guard_order),
    SET_CALL("allow", RULES "allow_list", guard_allow),
    SET_CALL("deny", RULES "deny_list", guard_deny),
    SET_BOOL("debug", "socket_configuration/debug", explain),
    SET_INT("ddos_interval", DDOS "interval", flood_interval_ms),
    SET_INT("ddos_count", DDOS "count", flood_count),
    SET_INT("ddos_autoreset", DDOS "autoreset", flood_reset_ms),
    SET_END,
};

static bool guard_is_quiet(const struct visitor *v, int64 now)
{
	return now - v->last > (v->is_locked_out ? flood_reset_ms : 3 * flood_interval_ms);
}

static bool guard_remember(uint32 ip, void *data, intptr_t now)
{
	return !guard_is_quiet((const struct visitor *)data, now);
}

static TIMER_FUNC(guard_forget)
{
	const int32 before = idb_size(visitors);

	idb_visit(visitors, guard_remember, (intptr_t)tick);
	if (explain)
		ShowInfo("guard: %d of %d addresses forgotten\n", before - idb_size(visitors), before);
	return 0;
}

void guard_init(void)
{
	visitors = idb_alloc();
	timer_start(gettick() + 1000, guard_forget, 0, 0, 300000);
}

void guard_final(void)
{
	idb_free(visitors);
	aFree(allow_list.range);
	aFree(deny_list.range);
}

/* What the lists say. */
static int32 guard_listed(uint32 ip)
{
	const bool is_allowed = net_ranges_find(&allow_list, ip) != NULL;
	const bool is_denied = net_ranges_find(&deny_list, ip) != NULL;

	if (is_allowed && is_denied)
		return order == ORDER_ALLOW_DENY ? LET_IN_ALWAYS : REFUSED;
	if (is_allowed)
		return LET_IN_ALWAYS;
	return is_denied || order == ORDER_BOTH ? REFUSED : LET_IN;
}

/* Counts the connection; whether there are too many of that address. */
static bool guard_is_flood(uint32 ip)
{
	struct visitor *v = (struct visitor *)idb_get(visitors, ip);
	const int64 now = gettick();

	if (v == NULL) {
		CREATE(v, struct visitor, 1);
		idb_put(visitors, ip, v);
		v->last = now;
		return false;
	}
	if (v->is_locked_out)
		return true;
	v->count = now - v->last < flood_interval_ms ? v->count + 1 : 0;
	v->last = now;
	if (v->count < flood_count + GUARD_SPARE)
		return false;
	v->is_locked_out = true;
	ShowWarning("DDoS Attack detected from %u.%u.%u.%u! It is locked out.\n", CONVIP(ip));
	return true;
}

int32 guard_check(uint32 ip)
{
	int32 verdict = guard_listed(ip);

	if (guard_is_flood(ip) && verdict == LET_IN)
		verdict = REFUSED;
	if (explain)
		ShowInfo("guard: %u.%u.%u.%u is %s\n", CONVIP(ip),
		         verdict == REFUSED ? "refused" : "let in");
	return verdict;
}
