// SPDX-License-Identifier: MIT
#include "service/admission.h"

static struct ropp_ban_lists admission_lists(const struct ropp_admission *admission)
{
    return ropp_snapshot_lists(admission->bans, &admission->config->standin_key);
}

/* What the ban list says of an address: why to refuse, NONE to let in. */
static enum ropp_reason admission_reason(const struct ropp_admission *admission,
                                         const struct ropp_addr *player, uint64_t *ban_id)
{
    struct ropp_table_entry entry;

    *ban_id = 0;
    if (admission->config == NULL || player->family == ROPP_FAMILY_UNSPEC)
        return ROPP_REASON_NONE;
    if (admission->bans == NULL) /* no list was loaded yet */
        return admission->config->ban_fails_closed ? ROPP_REASON_BANS_UNKNOWN : ROPP_REASON_NONE;
    if (!ropp_ban_judge(admission_lists(admission), player, ropp_wall_ms() / 1000, &entry))
        return ROPP_REASON_NONE;
    *ban_id = entry.id;
    return ROPP_REASON_BANNED;
}

/* Whether something on this machine connects. Over loopback it comes from 127.0.0.1, unless it
 * binds another address. */
static bool admission_is_this_machine(const struct ropp_admission *admission,
                                      const struct ropp_addr *peer)
{
    size_t i;

    for (i = 0; i < admission->machine_count; i++)
        if (ropp_addr_equal(&admission->machine[i], peer))
            return true;
    return false;
}

/* No ban is meant for the owner's own proxies and servers, nor for this machine, as long as they
 * connect directly, without a header. */
static bool admission_is_exempt(const struct ropp_admission *admission,
                                const struct ropp_conn *conn)
{
    const struct ropp_addr peer = ropp_conn_peer(conn);

    return conn->is_link ||
           (conn->owner == ROPP_OWNER_DIRECT && (ropp_policy_knows(&admission->policy, &peer) ||
                                                 admission_is_this_machine(admission, &peer)));
}

bool ropp_admission_judge(const struct ropp_admission *admission, struct ropp_conn *conn)
{
    struct ropp_addr player = ropp_conn_player(conn);
    enum ropp_reason reason;

    if (admission_is_exempt(admission, conn))
        return true;
    reason = admission_reason(admission, &player, &conn->ban_id);
    if (reason == ROPP_REASON_NONE)
        return true;
    ropp_conn_refuse(conn, reason);
    return false;
}

bool ropp_admission_allows(const struct ropp_admission *admission, const struct ropp_addr *player)
{
    return admission->config != NULL && admission->bans != NULL &&
           ropp_ban_allows(admission_lists(admission), player, ropp_wall_ms() / 1000);
}
