# SPDX-License-Identifier: MIT
# Completion for fish: `ropp --complete` knows its commands, options and values; the rest are files.
function __ropp_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l candidates ($program --complete $words "$current" 2>/dev/null)
    if set -q candidates[1]
        printf '%s\n' $candidates
    else
        __fish_complete_path "$current"
    end
end
complete -c ropp -f -k -a '(__ropp_complete)'
