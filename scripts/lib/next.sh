# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the owner of a tree does once ropp is woven into it. Sourced.

# next_dialect ROPP TREE: what a woven tree is.
next_dialect() {
    "$1" patch status "$2" --json | sed -n 's/.*"dialect": *"\([^"]*\)".*/\1/p'
}

# The settings of every server, as its dialect writes them, with comments.
next_keys() { # DIALECT ROPP'S-FOLDER
    case $1 in
    hercules)
        cat <<'END'
     conf/import/login-server.conf, char-server.conf and map-server.conf, and
     api-server.conf if you run that one:
END
        ;;
    *)
        cat <<'END'
     conf/import/login_conf.txt, char_conf.txt and map_conf.txt (rAthena makes
     them of conf/import-tmpl):
END
        ;;
    esac
    printf '\n'
    sed 's/^./         &/' "$2/docs/settings/$(next_settings "$1")"
    printf '\n'
}

next_settings() { # DIALECT
    case $1 in
    hercules) echo hercules.conf ;;
    *) echo rathena.conf ;;
    esac
}

# Makefiles that were made before are not those that the hooks are in.
next_build() { # TREE
    if [[ -e $1/config.status ]]; then
        cat <<'END'
  1. Run ./configure in the tree again, with the options that you gave it then
     (./config.status --config prints them), and build your emulator.
END
    else
        printf '  1. Configure and build your emulator as always.\n'
    fi
}

# next_steps TREE DIALECT ROPP'S-FOLDER
next_steps() {
    cat <<END
Next:
$(next_build "$1")
  2. Load the tables of the ban lists (MariaDB 10.5 or newer) into the database
     that has ipbanlist:
         mariadb DATABASE < $3/sql/install.sql
  3. Name your proxies in the settings of every server,
$(next_keys "$2" "$3")

  4. Have the proxies listen on the ports of all three servers and send the
     header. HAProxy, with the servers at ORIGIN:
         defaults
             mode tcp
             timeout connect 5s
             timeout client 10m
             timeout server 10m
         listen login
             bind :6900
             server login ORIGIN:6900 send-proxy-v2
         listen char
             bind :6121
             server char ORIGIN:6121 send-proxy-v2
         listen map
             bind :5121
             server map ORIGIN:5121 send-proxy-v2
  5. Before you go live, let the suite play with the tree, then go the way of
     a player:
         ./scripts/live-check $1
         ./ropp probe PROXY:6900 --user NAME

Another look:       ./ropp patch status $1
Take it out again:  ./ropp patch revert $1
END
}
