# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Every system that writes headers, and chains of them: a whole session through each. The player's own address is logged,
# and every address that the player is sent is the one that it dialled. Sourced by tests/e2e/run.
#
# See `sender` in lib/senders.sh for what a line says.

sender haproxy v1               v4      haproxy:v1
sender haproxy v2               v4      haproxy:v2
sender haproxy v1-ipv6          v6      haproxy:v1
sender haproxy v2-ipv6          v6      haproxy:v2
sender haproxy v1-dual          dual-v4 haproxy:v1
sender haproxy v2-dual          dual-v4 haproxy:v2
sender haproxy v1-dual-ipv6     dual-v6 haproxy:v1
sender haproxy v2-dual-ipv6     dual-v6 haproxy:v2
sender haproxy v2-crc32c        v4      haproxy:v2+crc32c
sender haproxy v2-unique-id     v4      haproxy:v2+crc32c+unique-id                             = unique-id
sender haproxy v1-tls           tls     haproxy:v1
sender haproxy v2-ssl           tls     haproxy:v2-ssl+crc32c+unique-id+authority               = unique-id authority tls
sender haproxy v2-ssl-ipv6      tls-v6  haproxy:v2-ssl+crc32c+authority                         = authority tls
sender haproxy v2-ssl-cn        tls     haproxy:v2-ssl-cn+crc32c+cert-cn+cert-key+cert-sig+ssl-cipher = tls
sender haproxy unix-v1          v4      haproxy:v1 haproxy@unix:v1
sender haproxy unix-v2          v4      haproxy:v2 haproxy@unix:v2
sender haproxy unix-v2-crc32c   v6      haproxy:v2 haproxy@unix:v2+crc32c
sender haproxy unix-unnamed-v1  v4      haproxy:plain haproxy@unix:v1                           = unnamed
sender haproxy unix-unnamed-v2  v4      haproxy:plain haproxy@unix:v2                           = unnamed

sender nginx ipv4               v4      nginx:v1
sender nginx ipv6               v6      nginx:v1
sender nginx dual               dual-v4 nginx:v1
sender nginx dual-ipv6          dual-v6 nginx:v1
sender nginx tls                tls     nginx:v1
sender nginx tls-ipv6           tls-v6  nginx:v1

sender chains hh                v4      haproxy:v2 haproxy:v2
sender chains hh-v1             v4      haproxy:v2 haproxy:v1
sender chains hh-ipv6           v6      haproxy:v1 haproxy:v2+crc32c
sender chains hn                v4      haproxy:v2 nginx:v1
sender chains hn-ipv6           v6      haproxy:v2 nginx:v1
sender chains nh                v4      nginx:v1 haproxy:v2
sender chains nh-ipv6           v6      nginx:v1 haproxy:v2
sender chains nn                v4      nginx:v1 nginx:v1
sender chains hhh               v4      haproxy:v2 haproxy:v2 haproxy:v2
sender chains hhn               v4      haproxy:v2 haproxy:v2 nginx:v1
sender chains hnh               v4      haproxy:v2 nginx:v1 haproxy:v2
sender chains hnn               v4      haproxy:v2 nginx:v1 nginx:v1
sender chains nhh               v4      nginx:v1 haproxy:v2 haproxy:v2
sender chains nhn               v4      nginx:v1 haproxy:v2 nginx:v1
sender chains nnh               v4      nginx:v1 nginx:v1 haproxy:v2
sender chains nnn               v4      nginx:v1 nginx:v1 nginx:v1
sender chains hn-unix           v4      haproxy:v2 nginx@unix:v1
sender chains hn-tls            tls     haproxy:v2 nginx:v1
sender chains blind-hh          v4      haproxy:v2 haproxy-blind:v2
sender chains blind-hn          v4      haproxy:v2 nginx-blind:v1
sender chains blind-nnn         v4      nginx:v1 nginx-blind:v1 nginx-blind:v1

sender tls stunnel              tls     stunnel
sender tls stunnel-ipv6         tls-v6  stunnel
sender tls stunnel-haproxy      tls     stunnel haproxy:v2
sender tls hitch-v1             tls     hitch:v1
sender tls hitch-v2             tls     hitch:v2
sender tls hitch-v1-ipv6        tls-v6  hitch:v1
sender tls hitch-v2-ipv6        tls-v6  hitch:v2
sender tls hitch-haproxy        tls     hitch:v2 haproxy:v2
sender tls hitch-nginx          tls     hitch:v1 nginx:v1
sender tls haproxy-hitch-v1     tls     haproxy:tcp-v1 hitch:pass
sender tls haproxy-hitch-v2     tls     haproxy:tcp-v2 hitch:pass

sender amazon nlb               v4      nlb
sender amazon nlb-ipv6          v6      nlb
sender amazon nlb-endpoint      v4      nlb-endpoint
sender amazon nlb-haproxy       v4      nlb haproxy:v2
sender amazon nlb-nginx         v4      nlb-endpoint nginx:v1
sender amazon elb               v4      elb
sender amazon elb-ipv6          v6      elb

e2e_case sender-haproxy cluster:senders "HAProxy: v1, v2, checksum, unique id, TLS, client certificate; IPv4, IPv6, both, unix"
case_sender_haproxy() {
    senders_need
    senders_case haproxy
}

e2e_case sender-nginx cluster:senders "nginx: IPv4, IPv6, both, TLS"
case_sender_nginx() {
    senders_need nginx
    senders_case nginx
}

e2e_case sender-chains cluster:senders "chains of two and of three, HAProxy and nginx in every order"
case_sender_chains() {
    senders_need nginx
    senders_case chains
}

e2e_case sender-tls cluster:senders "stunnel and hitch: v1, v2, IPv6, in front of others and behind"
case_sender_tls() {
    senders_need stunnel4 hitch nginx
    senders_case tls
}

# What a server has refused of these senders.
amazon_refused() {
    rows "SELECT COUNT(*) FROM proxy_connlog WHERE verdict = 'refused' AND '127.11' =
        SUBSTRING_INDEX(REPLACE(COALESCE(hop, source), '::ffff:', ''), '.', 2) AND reason <> 'unnamed-player'"
}

e2e_case sender-amazon cluster:senders "a Network Load Balancer's and a classic one's headers and health checks, byte for byte"
case_sender_amazon() {
    local mark check name ours=0
    mark=$(cluster_mark login)
    senders_need nginx
    senders_case amazon
    # As they were captured.
    printf '> health checks\n'
    for check in "0d0a0d0a000d0a515549540a20110054030004bce5951f04004a$(printf '%0148d' 0)" 50524f585920554e4b4e4f574e0d0a; do
        "$player" raw "$(at direct login)" --from 127.11.0.1 --hex "$check" --timeout 300 || true
    done
    # What is said of other senders may come this late.
    for name in $(senders_of amazon); do
        ours+="|${sender_number[$name]}"
    done
    expect_cluster_unsaid login "$mark" "(ropp: refused .* from|ropp: the headers of|Closed connection from|Conexao fechada para) '?127\.11\.($ours)\."
    expect_rows 0 "ip LIKE '127.11.%'"
    [[ $(amazon_refused) == 0 ]] || fail 'something was refused'
}
