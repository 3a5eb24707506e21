#!/usr/bin/env bash
# What can only be seen on a GPU, in one command of at most 8 minutes: tests, checks, speed and memory.
#
#     bash benchmarks/on_gpu.sh                  # from the repository root; the page is runs/on-gpu/gpu.md
#     bash benchmarks/on_gpu.sh --device cpu     # the same in small, without a GPU: a dry run, some minutes
#     PYTHON=/opt/venv/bin/python OUT=/tmp/found bash benchmarks/on_gpu.sh
#
# It needs no installation of gansmith: only a Python with torch (and numpy, pillow, scikit-learn, rich, tensorboard;
# pytest, scipy and matplotlib for the tests). What is missing is said in one line, and the parts that need it are left
# out. Every part has its own limit of seconds, and later ones run even where earlier ones fail. The exit code is 1 if a
# part failed.
set -u
cd "$(dirname "$0")/.." || exit 1
PYTHON=${PYTHON:-python3}
OUT=${OUT:-runs/on-gpu}
DEVICE=cuda
case "${1:-} ${2:-}" in
    " ") ;;
    "--device cpu") DEVICE=cpu ;;
    "--device cuda") ;;
    *) echo "usage: benchmarks/on_gpu.sh [--device cuda|cpu]" && exit 2 ;;
esac
export PYTHONPATH=src:benchmarks${PYTHONPATH:+:$PYTHONPATH} PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
export CUBLAS_WORKSPACE_CONFIG=:4096:8 # what torch.use_deterministic_algorithms asks for
mkdir -p "$OUT"
PARTS=$(mktemp -d)
trap 'rm -rf "$PARTS"' EXIT
export TMPDIR=$PARTS TORCHINDUCTOR_CACHE_DIR=$PARTS/compiled # nothing has been compiled before
WHOLE=470 # seconds
SIZE=(--batch 512)
if [ $DEVICE = cpu ]; then
    WHOLE=2400
    SIZE=(--batch 8 --small)
    export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
fi
failed=0

part() { # NAME KIND SECONDS COMMAND...: run a part within its limit, or say why it is left out
    local name=$1 kind=$2 limit=$3 start=$SECONDS code result
    shift 3
    local left=$((WHOLE - SECONDS))
    [ $limit -gt $left ] && limit=$left
    if [ -f "$PARTS/skip-$kind" ]; then
        printf '%s\tskipped\t0\t0\t%s\n' "$name" "$(cat "$PARTS/skip-$kind")" >>"$PARTS/steps.tsv"
        return
    fi
    if [ $limit -lt 5 ]; then
        printf '%s\tskipped\t0\t0\tno time left\n' "$name" >>"$PARTS/steps.tsv"
        return
    fi
    timeout --kill-after=3 "$limit" "$@" >"$PARTS/$name.log" 2>&1 </dev/null
    code=$?
    result=pass
    [ $code -ne 0 ] && result=FAIL
    [ $code -eq 124 ] || [ $code -eq 137 ] && result="FAIL: out of time"
    printf '%s\t%s\t%d\t%d\t%s\n' "$name" "$result" $((SECONDS - start)) "$limit" "$(tail -n 1 "$PARTS/$name.log")" \
        >>"$PARTS/steps.tsv"
    printf '\n== %s: %s, %d s\n' "$name" "$result" $((SECONDS - start))
    tail -n 25 "$PARTS/$name.log"
}

ours() { # NAME KIND SECONDS WORDS...: run a part of on_gpu.py
    local name=$1 kind=$2 limit=$3
    shift 3
    part "$name" "$kind" "$limit" "$PYTHON" benchmarks/on_gpu.py "$@" --device $DEVICE --parts "$PARTS"
}

report() {
    "$PYTHON" benchmarks/on_gpu.py report --parts "$PARTS" >"$OUT/gpu.md" || failed=1
}

ours look look 60 look
if grep -q FAIL "$PARTS/steps.tsv"; then
    report
    cat "$OUT/gpu.md"
    echo "there is nothing to run on: --device $DEVICE"
    exit 1
fi
report

# nothing is timed yet: on a GPU, beside which a machine has cores enough, these run side by side
side_by_side() {
    if [ $DEVICE = cuda ]; then
        TORCHINDUCTOR_COMPILE_THREADS=4 OMP_NUM_THREADS=2 "$@" &
    else
        "$@"
    fi
}
APART=()
[ $DEVICE = cuda ] && "$PYTHON" -c "import xdist" 2>/dev/null && APART=(-n 4)
T=$([ $DEVICE = cpu ] && echo 5 || echo 1) # two shared cores take their time
side_by_side part tests tests $((120 * T)) "$PYTHON" -m pytest tests/compiling \
    -p no:cacheprovider -v -rs --tb=short ${APART[@]+"${APART[@]}"}
side_by_side ours checks-eager checks $((100 * T)) checks eager
side_by_side ours checks-compiled checks $((130 * T)) checks compiled
side_by_side ours checks-players checks $((130 * T)) checks players
wait
report

works=2 # share the time that is left
for work in dcgan64 resnet; do
    limit=$(((WHOLE - SECONDS - 5) / works))
    works=$((works - 1))
    ours speed-$work speed $limit speed $work "${SIZE[@]}" --limit $((limit - 10))
    report
done

grep -q FAIL "$PARTS/steps.tsv" && failed=1
cat "$PARTS"/*.log >"$OUT/gpu.log"
echo
cat "$OUT/gpu.md"
exit $failed
