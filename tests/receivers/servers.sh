# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Receivers of the PROXY protocol, each started in a folder of its own with the least that shows whom it sees. Sourced by
# tests/receivers/run, which has set `folder`, `port` and `unpacked`, where packages are that are not installed.
#
# Each start_NAME sets `version` and the array `how`, the options of tests/receivers/feed that fit, and runs its server
# with `serve`. Whoever connects is believed everywhere: what is looked at is what the header is taken for.

# serve COMMAND...: the server, in the foreground, in a process group of its own.
serve() {
    (cd "$folder" && PATH=$PATH:/usr/sbin exec setsid "$@" >"$folder/out" 2>&1 </dev/null) &
    server_pid=$!
    clean_own "$server_pid"
}

# The first number with dots in it.
first_version() {
    grep -Eom1 '[0-9]+\.[0-9]+(\.[0-9]+)*' | head -n 1
}

# As whom a server runs that will not run as root.
plain_user() {
    if ((EUID == 0)); then echo nobody; else id -un; fi
}

# A command as that one.
plain_command=()
((EUID != 0)) || plain_command=(setpriv --reuid=nobody "--regid=$(id -g nobody)" --clear-groups)

start_haproxy() {
    version=$(haproxy -v | first_version)
    how=(--kind http)
    cat >"$folder/conf" <<END
defaults
    mode http
    timeout connect 30s
    timeout client 30s
    timeout server 30s
frontend in
    bind 127.0.0.1:$port accept-proxy
    http-request return status 200 content-type text/plain lf-string %[src]
END
    serve haproxy -db -f "$folder/conf"
}

nginx_conf() { # BLOCK
    local module
    for module in /usr/lib/nginx/modules/ngx_stream_module.so /usr/share/nginx/modules/ngx_stream_module.so; do
        if [[ -e $module && $1 == stream* ]]; then
            echo "load_module $module;"
            break
        fi
    done
    cat <<END
daemon off;
master_process off;
pid $folder/pid;
error_log $folder/error.log;
events { worker_connections 512; }
$1
END
}

start_nginx_http() {
    version=$(nginx -v 2>&1 | first_version)
    how=(--kind http)
    nginx_conf "http {
    access_log off;
    client_body_temp_path $folder/body; proxy_temp_path $folder/proxy; fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi; scgi_temp_path $folder/scgi;
    server {
        listen 127.0.0.1:$port proxy_protocol;
        set_real_ip_from 0.0.0.0/0;
        real_ip_header proxy_protocol;
        location / { return 200 \$remote_addr; }
    }
}" >"$folder/conf"
    serve nginx -p "$folder" -e "$folder/error.log" -c "$folder/conf"
}

start_nginx_stream() {
    version=$(nginx -v 2>&1 | first_version)
    how=(--kind text)
    nginx_conf "stream {
    server {
        listen 127.0.0.1:$port proxy_protocol;
        set_real_ip_from 0.0.0.0/0;
        return \$remote_addr;
    }
}" >"$folder/conf"
    serve nginx -p "$folder" -e "$folder/error.log" -c "$folder/conf"
}

start_gunicorn() {
    version=$(gunicorn --version | first_version)
    how=(--kind http)
    cat >"$folder/app.py" <<'END'
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["REMOTE_ADDR"].encode()]
END
    serve gunicorn --bind "127.0.0.1:$port" --proxy-protocol --proxy-allow-from '*' --worker-class gthread --threads 64 \
        --timeout 60 app:app
}

start_apache() {
    local module modules=/usr/lib/apache2/modules
    version=$(PATH=$PATH:/usr/sbin apache2 -v | first_version)
    how=(--kind log --log "$folder/access.log" --pattern '(?m)^(?P<address>\S+) GET /(?P<name>\S+) ')
    {
        for module in mpm_event authz_core remoteip; do
            echo "LoadModule ${module}_module $modules/mod_$module.so"
        done
        cat <<END
ServerRoot $folder
ServerName localhost
PidFile $folder/pid
Listen 127.0.0.1:$port
User $(plain_user)
Group $(id -gn "$(plain_user)")
ErrorLog $folder/error.log
DocumentRoot $folder
RemoteIPProxyProtocol On
Timeout 30
LogFormat "%a %r" seen
CustomLog $folder/access.log seen
END
    } >"$folder/conf"
    serve apache2 -D FOREGROUND -f "$folder/conf"
}

start_lighttpd() {
    version=$(PATH=$PATH:/usr/sbin lighttpd -v | first_version)
    how=(--kind http)
    mkdir "$folder/www"
    printf '<!--#echo var="REMOTE_ADDR" -->' >"$folder/www/seen.shtml"
    cat >"$folder/conf" <<END
server.modules = ("mod_extforward", "mod_rewrite", "mod_ssi")
server.document-root = "$folder/www"
server.bind = "127.0.0.1"
server.port = $port
server.errorlog = "$folder/error.log"
extforward.hap-PROXY = "enable"
extforward.forwarder = ("all" => "trust")
ssi.extension = (".shtml")
url.rewrite-once = (".*" => "/seen.shtml")
END
    serve lighttpd -D -f "$folder/conf"
}

start_varnish() {
    version=$(PATH=$PATH:/usr/sbin varnishd -V 2>&1 | first_version)
    how=(--kind http)
    cat >"$folder/vcl" <<'END'
vcl 4.1;
backend none none;
sub vcl_recv { return (synth(200)); }
sub vcl_synth { set resp.body = "" + client.ip; return (deliver); }
END
    serve varnishd -F -j none -n "$folder/n" -f "$folder/vcl" -a "127.0.0.1:$port,PROXY" -T none -s default,8m \
        -p thread_pool_min=64 -p timeout_idle=30
}

start_squid() {
    version=$(PATH=$PATH:/usr/sbin squid -v | first_version)
    how=(--kind log --log "$folder/access.log" --pattern '(?m)^(?P<address>\S+) \S*?/(?P<name>[^/\s]+)$')
    cat >"$folder/conf" <<END
http_port 127.0.0.1:$port require-proxy-header accel defaultsite=localhost
proxy_protocol_access allow all
http_access deny all
cache deny all
cache_mem 8 MB
pid_filename $folder/pid
coredump_dir $folder
cache_log $folder/cache.log
cache_effective_user $(plain_user)
cache_effective_group $(id -gn "$(plain_user)")
logformat seen %>a %ru
access_log stdio:$folder/access.log logformat=seen
buffered_logs off
shutdown_lifetime 1 seconds
visible_hostname localhost
pinger_enable off
END
    serve squid -N -f "$folder/conf"
}

start_trafficserver() {
    version=$(traffic_server -V 2>&1 | sed -n 's/.*Traffic Server \([0-9.]*[0-9]\).*/\1/p' | head -n 1)
    how=(--kind log --log "$folder/log/seen.log" --pattern '(?m)^(?P<address>\S+) \S*/(?P<name>[^/\s]+)$')
    mkdir "$folder"/{etc,run,log,cache}
    cat >"$folder/runroot.yaml" <<END
prefix: $folder
exec_prefix: /usr
bindir: /usr/bin
sbindir: /usr/sbin
sysconfdir: $folder/etc
datadir: $folder/cache
includedir: /usr/include
libdir: /usr/lib/trafficserver
libexecdir: /usr/lib/trafficserver/modules
localstatedir: $folder
runtimedir: $folder/run
logdir: $folder/log
cachedir: $folder/cache
END
    cat >"$folder/etc/records.config" <<END
CONFIG proxy.config.http.server_ports STRING $port:pp:ip-in=127.0.0.1
CONFIG proxy.config.http.proxy_protocol_allowlist STRING 127.0.0.1
CONFIG proxy.config.log.logging_enabled INT 3
CONFIG proxy.config.log.max_secs_per_buffer INT 1
CONFIG proxy.config.log.periodic_tasks_interval INT 1
CONFIG proxy.config.admin.user_id STRING #-1
END
    cat >"$folder/etc/logging.yaml" <<'END'
logging:
  formats:
    - name: seen
      format: '%<chi> %<cqu>'
  logs:
    - filename: seen
      format: seen
      mode: ascii
END
    cat >"$folder/etc/ip_allow.yaml" <<'END'
ip_allow:
  - apply: in
    ip_addrs: 0/0
    action: allow
    methods: ALL
  - apply: in
    ip_addrs: ::/0
    action: allow
    methods: ALL
END
    touch "$folder"/etc/{remap,storage}.config
    chmod -R a+rwX "$folder"
    serve "${plain_command[@]}" traffic_server --run-root="$folder"
}

start_dovecot() {
    version=$(PATH=$PATH:/usr/sbin dovecot --version | first_version)
    how=(--kind imap --log "$folder/log" --pattern 'user=<(?P<name>[^>]*)>.*? rip=(?P<address>[^,]*),')
    cat >"$folder/conf" <<END
base_dir = $folder/run
state_dir = $folder/state
log_path = $folder/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
haproxy_trusted_networks = 127.0.0.0/8
haproxy_timeout = 20s
auth_failure_delay = 0
default_login_user = $(plain_user)
default_internal_user = $(plain_user)
default_internal_group = $(id -gn "$(plain_user)")
service imap-login {
  inet_listener imap {
    port = $port
    haproxy = yes
  }
  inet_listener imaps {
    port = 0
  }
  chroot =
  process_limit = 200
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
passdb {
  driver = static
  args = password=other
}
userdb {
  driver = static
  args = uid=$(plain_user) gid=$(id -gn "$(plain_user)") home=/nonexistent
}
END
    serve dovecot -F -c "$folder/conf"
}

# with_users NAME...: there are these users and groups, for this run's processes alone.
users_made=64000
users_changed=no
with_users() {
    local name file
    for file in passwd group; do
        cp "/etc/$file" "$folder/$file"
    done
    for name in "$@"; do
        users_made=$((users_made + 1))
        grep -q "^$name:" /etc/passwd || echo "$name:x:$users_made:$users_made::/nonexistent:/usr/sbin/nologin" >>"$folder/passwd"
        grep -q "^$name:" /etc/group || echo "$name:x:$users_made:" >>"$folder/group"
    done
    for file in passwd group; do
        mount --bind "$folder/$file" "/etc/$file"
    done
    users_changed=yes
}

users_as_before() {
    [[ $users_changed == yes ]] || return 0
    umount -l /etc/passwd /etc/group
    users_changed=no
}

# serve_postfix SERVICE-LINE: postfix' master with one service of interest.
serve_postfix() {
    local root='' part
    [[ -e /usr/lib/postfix/sbin/master ]] || root=$unpacked
    with_users postfix postdrop
    mkdir -p "$folder"/{etc,data,spool/{active,bounce,corrupt,defer,deferred,flush,hold,incoming,maildrop,pid,private,public,saved,trace}}
    chmod 755 "$folder"
    cat >"$folder/etc/main.cf" <<END
compatibility_level = 3.6
queue_directory = $folder/spool
data_directory = $folder/data
command_directory = $root/usr/sbin
daemon_directory = $root/usr/lib/postfix/sbin
shlib_directory = $root/usr/lib/postfix
maillog_file_prefixes = $folder
maillog_file = $folder/log
smtputf8_enable = no
mydestination =
inet_protocols = all
smtpd_peername_lookup = no
smtpd_delay_reject = no
smtpd_client_restrictions = reject
smtpd_upstream_proxy_timeout = 20s
postscreen_upstream_proxy_timeout = 20s
postscreen_greet_wait = 1s
postscreen_access_list = static:reject
postscreen_blacklist_action = enforce
alias_maps =
import_environment = MAIL_CONFIG LD_LIBRARY_PATH
END
    {
        echo "$1"
        echo 'postlog unix-dgram n - n - 1 postlogd'
        for part in 'rewrite unix - - n - - trivial-rewrite' 'anvil unix - - n - 1 anvil' 'proxymap unix - - n - - proxymap' \
            'smtpd pass - - n - - smtpd' 'dnsblog unix - - n - 0 dnsblog'; do
            echo "$part"
        done
    } >"$folder/etc/master.cf"
    chown -R postfix "$folder"/{data,spool}
    chown root "$folder/spool" "$folder/spool/pid"
    version=$(LD_LIBRARY_PATH=$root/usr/lib/postfix "$root/usr/sbin/postconf" -c "$folder/etc" -h -d mail_version 2>/dev/null)
    serve env "MAIL_CONFIG=$folder/etc" "LD_LIBRARY_PATH=$root/usr/lib/postfix" "$root/usr/lib/postfix/sbin/master" -d -c "$folder/etc"
}

start_postfix() {
    # shellcheck disable=SC2034 # for the runner
    how=(--kind greet --pattern 'unknown\[([^]]+)\]')
    serve_postfix "127.0.0.1:$port inet n - n - 100 smtpd -o smtpd_upstream_proxy_protocol=haproxy"
}

start_postscreen() {
    # shellcheck disable=SC2034 # for the runner
    how=(--kind smtp --log "$folder/log" --pattern 'RCPT from \[(?P<address>[^]]+)\]:\d+: .*helo=<(?P<name>[^>]*)>')
    serve_postfix "127.0.0.1:$port inet n - n - 1 postscreen -o postscreen_upstream_proxy_protocol=haproxy"
}

start_exim() {
    local program=/usr/sbin/exim4
    [[ -e $program ]] || program=$unpacked$program
    with_users Debian-exim
    version=$(LD_LIBRARY_PATH=$unpacked/usr/lib "$program" -bV -C /dev/null 2>/dev/null | first_version)
    # shellcheck disable=SC2034 # for the runner
    how=(--kind reply --pattern '550 seen (\S+)')
    cat >"$folder/conf" <<END
exim_user = $(plain_user)
exim_group = $(id -gn "$(plain_user)")
primary_hostname = localhost
spool_directory = $folder/spool
log_file_path = $folder/%slog
pid_file_path = $folder/pid
daemon_smtp_ports = $port
local_interfaces = 127.0.0.1
tls_advertise_hosts =
hosts_proxy = *
host_lookup =
rfc1413_hosts =
smtp_accept_max = 200
acl_smtp_mail = mail
begin acl
mail:
  deny message = seen \$sender_host_address
END
    chown "$(plain_user)" "$folder"
    serve env "LD_LIBRARY_PATH=$unpacked/usr/lib" "$program" -bdf -q1h -C "$folder/conf"
}
