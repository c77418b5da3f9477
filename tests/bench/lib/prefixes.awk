# SPDX-License-Identifier: MIT
# A list of bans, -v n= long: single IPv4 addresses, and an IPv6 /64 for every fourth of them; none next to another, which
# would become one, and none in 127.0.0.0/8.
BEGIN {
    for (i = 0; i < n; i++) {
        a = 167772160 + i * 1800 # 10.0.0.0 and on
        if (a >= 2130706432)
            a += 16777216
        if (i % 4 == 3)
            printf "2a00:%x:%x:%x::/64\n", i / 65536, i % 65536, i % 1000
        else
            printf "%d.%d.%d.%d\n", a / 16777216, a / 65536 % 256, a / 256 % 256, a % 256
    }
}
