# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What emulators say, as extended patterns: in English, and in the Portuguese of brAthena. Sourced.

# The login server, when it has let a char server in.
# shellcheck disable=SC2034 # for the others
said_linked="Connection of the char-server '.*' accepted|servidor de personagem '.*' aceita"

# The login server, when somebody tries to come in as a char server.
# shellcheck disable=SC2034 # for the cases
said_server_login='onnection (request )?of the char-server|onexao do servidor de personagem'

# A server, when the guard against too many connections strikes.
said_guard() { # ADDRESS
    printf '(DDoS Attack detected from|DDoS detectado .*) %s!' "$(quoted "$1")"
}

# A server, when a client has gone.
said_closed() { # ADDRESS
    printf "(Closed connection from|Conexao fechada para) '%s'" "$(quoted "$1")"
}

# Lines of which it is for the machine to say when they come.
# shellcheck disable=SC2034 # for the cases
said_any_moment='Closed connection from|Conexao fechada para|DDoS (Attack )?dete'

# A login or char server, when it has lost a char or map server.
# shellcheck disable=SC2034 # for the cases
said_lost="(Map|Char)-server [^ ]* ?has disconnected|(Map|char)-server '.*' has disconnected|[Ss]ervidor de (mapas|personagem) .* desconectado"
