# Shared by bin/run and bin/test: finds Python and makes the virtual environment in .venv.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1
venv=.venv
trap 'exit 130' INT # pip answers Ctrl-C with an error, which is not to be explained

die() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

find_python() {
    local candidate
    for candidate in python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    die "Cần Python 3.11 trở lên: trên Debian hoặc Ubuntu, hãy chạy: sudo apt install python3 python3-venv"
}

# install FILE: bring .venv to the pinned packages of FILE, once per content of FILE.
# What was killed on the way leaves .venv/unfinished and is done again from the start.
install() {
    local file=$1 stamp
    stamp=$venv/$(sha256sum <"$file" | cut -c1-16).$file
    [[ -e $stamp && -x $venv/bin/python ]] && return
    { mkdir -p var && exec 9>var/setup.lock; } 2>/dev/null ||
        die "Không ghi được vào thư mục $PWD: hãy kiểm tra quyền và dung lượng ổ đĩa."
    flock 9
    [[ -e $stamp && -x $venv/bin/python ]] || make_venv "$file" "$stamp"
    exec 9>&-
}

make_venv() {
    local file=$1 stamp=$2 started=$SECONDS
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        die "Python thiếu mô-đun venv: trên Debian hoặc Ubuntu, hãy chạy: sudo apt install python3-venv"
    if [[ -e $venv/unfinished ]] || ! "$venv/bin/python" -m pip --version &>/dev/null; then
        printf 'Đang tạo môi trường Python … '
        "$python" -m venv --clear "$venv" &>var/setup.log || explain
        printf 'xong (%d giây)\n' $((SECONDS - started))
    fi
    rm -f "$venv"/*."$file"
    touch "$venv/unfinished" 2>/dev/null || die "Không ghi được vào $PWD/$venv."
    started=$SECONDS
    "$venv/bin/python" -m pip install --require-hashes --retries 2 --timeout 20 \
        -r "$file" 2>&1 9>&- | tee var/setup.log | count_packages "$(grep -c '==' "$file")" || explain
    printf 'xong (%d giây)\n' $((SECONDS - started))
    touch "$stamp" && rm "$venv/unfinished"
}

# Turns pip's output into one line that counts up; a pipe or a file gets the line once.
count_packages() {
    local total=$1 done=0 line
    printf 'Đang cài thư viện … '
    while read -r line; do
        if [[ $line == Collecting* && -t 1 ]]; then
            printf '\rĐang cài thư viện … %d/%d ' $((++done)) "$total"
        fi
    done
}

explain() {
    if grep -qiE 'no space left|disk quota' var/setup.log || [[ ! -s var/setup.log ]]; then
        die "Ổ đĩa đã đầy: hãy giải phóng dung lượng rồi chạy lại."
    elif grep -qE 'NewConnectionError|NameResolution|Max retries|Connection(Reset|Refused)|timed out|ProxyError' var/setup.log; then
        die "Không tải được thư viện: hãy kiểm tra kết nối mạng rồi chạy lại."
    fi
    die "Không cài được thư viện (chi tiết trong var/setup.log): $(grep -E '^(ERROR|Error)' var/setup.log | tail -1)"
}

set -o pipefail
python=$(find_python) || exit 1
