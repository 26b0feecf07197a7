# Shared by bazelw, build and run; sourced by bash, not run.
#
# What stands in the cache folder ($XDG_CACHE_HOME or ~/.cache, then asterisk_rest_libraries):
#   root-KEY/       a Debian root with Bazel, made by build; KEY changes with everything the root is made from
#   root-KEY.part/  the same while it is being made
#   bazel/          Bazel's output_user_root, so that outputs have one path inside and outside of the root
#   bazelisk/       Bazelisk from npm, and what it downloads
#   way-KEY         how bazelw runs Bazel, for what PATH offers
#   root.log        what the last build of a root said

bazel_root_folder=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
workspace=$(cd -P -- "$bazel_root_folder/../.." && pwd)

# The Debian suite that packages Bazel, and the versions in it that this project has been tried with.
suite=${BAZELW_SUITE:-forky}
known_bazel=7.7.1
known_rules_python=0.22.1

say() {
    printf 'bazelw: %s\n' "$*" >&2
}

fail() {
    say "$@"
    exit 1
}

: "${HOME:=$(getent passwd "$(id -u)" | cut -d: -f6)}"
[ -n "$HOME" ] || fail "HOME is not set, and this user has no home folder"
export HOME
cache=${XDG_CACHE_HOME:-$HOME/.cache}/asterisk_rest_libraries
case $cache in
    /*) ;;
    *) fail "the cache folder must be an absolute path: $cache" ;;
esac

# The repository that Bazel is called for, as Bazel finds it: where the call is made, or above; empty where there is none.
served=$(
    cd -P .
    while :; do
        for file in MODULE.bazel REPO.bazel WORKSPACE WORKSPACE.bazel; do
            if [ -f "$PWD/$file" ]; then
                printf '%s' "$PWD"
                exit
            fi
        done
        [ "$PWD" != / ] || exit 0
        cd ..
    done
)

# The folder of the root that fits this checkout, whether it exists yet or not.
root_path() {
    local key
    key=$(
        cd "$bazel_root_folder" || exit 1
        printf '%s %s\n' "$suite" "${BAZELW_ANY_BAZEL:-}"
        cat adapt.py build packages.txt pip_tools.txt
    )
    key=$(sha256sum <<<"$key")
    printf '%s/root-%s\n' "$cache" "${key:0:12}"
}

# mirror [APT-OPTION…]: the Debian mirror that the machine itself uses, or nothing.
#
# apt knows all forms of its configuration, and says what it would download, before it has ever downloaded anything.
# Other vendors' repositories may have the same suite and component; Debian's mirrors end in /debian nearly everywhere.
mirror() {
    local codename
    codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
    LC_ALL=C apt-get update --print-uris "$@" 2>/dev/null |
        sed -nE "s|^'(.*)/dists/([a-z]+)/main/binary-.*|\\1 \\2|p" |
        awk -v codename="$codename" '
            { score = ($1 ~ /\/debian$/) * 2 + ($2 == codename) }
            score > best { best = score; found = $1 }
            END { if (found != "") print found }'
}

# What the machine adds to the certificates that Debian trusts; empty where it adds none.
machine_certificates() {
    find /usr/local/share/ca-certificates -name '*.crt' -exec sha256sum {} + 2>/dev/null | sort
}

# enter ROOT PROGRAM ARGUMENT…: run a program with ROOT as /, and with the machine's own folders at their usual paths.
#
# bubblewrap, not chroot: inside a chroot the kernel refuses new user namespaces, and Bazel's sandbox needs them. /proc
# is the machine's own, because the sandbox cannot mount another over a partly hidden one. Nothing is unshared but the
# mounts (and, for a normal user, the user namespace that this takes): a Bazel server lives on when the call is over.
enter() {
    local root=$1 folder path file
    shift
    local -a options=(--bind "$root" / --dev-bind /dev /dev --bind /proc /proc --bind /sys /sys)

    # Every folder of the machine that is no part of a Debian system: a checkout may lie anywhere.
    local -a shared=(/tmp /var/tmp)
    for folder in /*; do
        case $folder in
            /bin | /boot | /dev | /etc | /lib | /lib[0-9]* | /lost+found | /proc | /run | /sbin | /sys | /tmp | /usr | /var) ;;
            *) if [ -d "$folder" ] && [ ! -L "$folder" ]; then shared+=("$folder"); fi ;;
        esac
    done
    for folder in "${shared[@]}"; do
        options+=(--bind "$folder" "$folder")
    done
    # As links resolve: what they lead to is where it is.
    local here=$(pwd -P)
    for path in "$workspace" "$HOME" "$cache" "${served:-$here}" "$here"; do
        for folder in "${shared[@]}"; do
            case $path/ in
                "$folder"/*) continue 2 ;;
            esac
        done
        # Below /var, /usr and the like only what the root has not itself: never / or a folder of the system.
        if [ ! -e "$root$path" ] || [ "$path" = "$workspace" ] || [ "$path" = "$served" ]; then
            options+=(--bind "$path" "$path")
        fi
    done

    # Debian's Bazel ends when it reads what another has locked.
    if [ -f "$served/MODULE.bazel.lock" ]; then
        options+=(--ro-bind "$bazel_root_folder/empty.lock" "$served/MODULE.bazel.lock")
    fi

    # How the machine reaches the network and its package index, as it is at each call.
    for file in /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/npmrc; do
        options+=(--ro-bind-try "$file" "$file")
    done
    while IFS= read -r file; do
        case $file in
            /etc/ssl/certs/ca-certificates.crt) ;; # The root has its own, with the machine's additions.
            /etc/* | /usr/*) options+=(--ro-bind-try "$file" "$file") ;;
        esac
    done < <(
        printf '%s\n' "${PIP_CERT:-}" "${SSL_CERT_FILE:-}" "${REQUESTS_CA_BUNDLE:-}"
        sed -nE 's/^[[:space:]]*cert[[:space:]]*=[[:space:]]*//p' /etc/pip.conf "$HOME/.config/pip/pip.conf" 2>/dev/null
    )
    if [ "$(id -u)" != 0 ]; then
        options+=(--ro-bind /etc/passwd /etc/passwd --ro-bind /etc/group /etc/group)
    fi
    if [ -n "${enter_as_root:-}" ] && [ "$(id -u)" != 0 ]; then
        options+=(--unshare-user --uid 0 --gid 0)
    fi

    # The machine's programs and libraries are not the root's.
    for file in JAVA_HOME LD_LIBRARY_PATH LD_PRELOAD NODE_PATH PERL5LIB PERL5OPT PYTHONHOME PYTHONPATH VIRTUAL_ENV; do
        options+=(--unsetenv "$file")
    done
    options+=(--setenv PATH /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin --chdir "$here")
    "${enter_with:-command}" bwrap "${options[@]}" "$@"
}

# Copy the machine's certificates into the root where they are not the ones it has.
refresh_certificates() {
    local root=$1 seen=$1/var/lib/machine-certificates now
    now=$(machine_certificates)
    if [ "$now" = "$(cat "$seen" 2>/dev/null)" ]; then
        return
    fi
    local folder=$root/usr/local/share/ca-certificates/machine
    rm -rf "$folder"
    mkdir -p "$folder"
    if [ -n "$now" ]; then
        cp -RL /usr/local/share/ca-certificates/. "$folder"
    fi
    # --fresh also takes out of the bundle, and out of Java's store, what the machine no longer trusts.
    (
        cd /
        enter_as_root=1 enter "$root" update-ca-certificates --fresh
    ) >>"$cache/root.log" 2>&1 || return 1
    printf '%s\n' "$now" >"$seen"
}
