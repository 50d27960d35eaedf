#!/usr/bin/env bash
# Proves the way to a GPU, on a machine that has one and needs neither .NET nor a network. README.md beside it says what each number means.
#   tests/gpu/check.sh pack               where .NET is: the program without libtorch, and MNIST, into tests/gpu/.pack (about 55 MB)
#   tests/gpu/check.sh run [STEP ...]     where the GPU is: all steps or these; a table at the end, everything in ${OUT:-gpu-results}
# LIBTORCH=DIR names another libtorch than that of python3's torch; PROGRAM=FILE a seqsweep that is there instead of the packed one.
# DEVICE=cpu rehearses everything that needs no GPU, SHORT=1 with little work: nothing is measured then.
# Steps come in the order of what is worth knowing; BUDGET (330 s) is shared by all, and a step that would begin after it is left out.
# Exit code 1 when a step does not hold.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd); root=$(cd "$here/../.." && pwd); pack=$here/.pack
out=$(realpath -m "${OUT:-gpu-results}"); work=${WORK:-${TMPDIR:-/tmp}/seqsweep-gpu}
device=${DEVICE:-cuda}; budget=${BUDGET:-330}; python=${PYTHON:-python3}; began=$SECONDS
program=${PROGRAM:-$work/seqsweep}
[ ! -d "$pack/mnist" ] || export SEQSWEEP_DATA=${SEQSWEEP_DATA:-$pack}
if [ -n "${SHORT:-}" ]; then
    dataset=glyphs; images=256; epochs=2; slots=2; parity='128, 256'; small='levels: {value: 4}
input_channels: {value: 28}'
else
    dataset=mnist; images=${IMAGES:-}; epochs=${EPOCHS:-5}; slots=${SLOTS:-1 4 8 14}; parity='128, 6400'; small=''
fi

pack() {
    mkdir -p "$pack" "$work"
    dotnet publish "$root/src/SeqMnistSweep.Cli" -c Release -r linux-x64 --self-contained -p:TorchBackend=none -p:PublishSingleFile=true \
        -p:PublishReadyToRun=false -o "$work/publish" || exit 1    # 64 MiB may travel
    tar -C "$work/publish" -cf - seqsweep libLibTorchSharp.so libe_sqlite3.so | xz -6 -T0 >"$pack/seqsweep.tar.xz" || exit 1
    cp -r "${SEQSWEEP_DATA:?names the folder with mnist/}/mnist" "$pack/"
    # For the step `shim`: TorchSharp's own native sources (MIT), of the version that the program uses; THSConvolution.cpp no build of theirs takes.
    [ -z "${TORCHSHARP_SOURCES:-}" ] || tar -C "$TORCHSHARP_SOURCES" -cJf "$pack/torchsharp-native.tar.xz" --exclude THSConvolution.cpp src/Native/LibTorchSharp
    du -csh "$pack"/*
}

# Python reads what tar may lack a program for.
unpack() { $python -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])' "$1" "$2"; }

fact() { printf '%-44s %s\n' "$1" "$2" | tee -a "$out/summary.txt"; }
q() { "$program" query "$2" --db "$1" -o csv 2>/dev/null | tail -n +2 | tr -d '\r"'; }
run() { # NAME SLOTS DEVICE [OPTION ...]: runs $work/NAME.yaml in a database of its own
    db=$work/$1-$3-$2/s.db; rm -rf "${db%/*}"
    timeout "${LIMIT:-90}" "$program" run "$work/$1.yaml" --db "$db" --libtorch "$lib" --device "$3" --slots "$2" "${@:4}" >"$out/$1-$3-$2.log" 2>&1 && return
    fact "run $1 on $3" "FAILED (exit $?): $({ grep -m1 '^error' "$out/$1-$3-$2.log" || tail -1 "$out/$1-$3-$2.log"; } | cut -c1-160)"; return 1
}
sweep() { # NAME, parameters on standard input
    {
        printf 'version: 1\nname: %s\nprogram: tcn\nmethod: grid\nretry: {max: 0}\ncheckpoint: {every: 1}\n' "$1"
        printf 'metric: {name: %s, goal: maximize}\nparameters:\n' "${METRIC:-val_accuracy}"
        { printf 'dataset: {value: %s}\n' "$dataset"; cat; [ -z "$small" ] || echo "$small"; } | sed 's/^/  /'
    } >"$work/$1.yaml"
}

step_machine() {
    if [ "$device" = cuda ]; then
        timeout 20 nvidia-smi -L | tee "$out/nvidia-smi.txt"; timeout 20 nvidia-smi >>"$out/nvidia-smi.txt"
        fact gpu "$(timeout 20 nvidia-smi --query-gpu=name,driver_version,memory.total,compute_mode,mig.mode.current --format=csv,noheader | head -1)"
    fi
    fact cpu "$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2), $(nproc) cores, avx512 $(grep -qm1 avx512vl /proc/cpuinfo && echo yes || echo no)"
    fact libstdc++ "$(grep -aoE 'GLIBCXX_3\.4\.[0-9]+' "$(ldconfig -p | awk '/libstdc\+\+.so.6/{print $NF; exit}')" 2>/dev/null | sort -uV | tail -1)"
    fact libtorch "$lib ($($python -c 'import torch; print(torch.__version__, torch.version.cuda)' 2>/dev/null || echo 'no torch in python3'))"
    fact program "$("$program" version -o csv 2>/dev/null | grep -E '^(version|commit)' | cut -d, -f2 | tr '\n' ' ')"
}

# Does the program's TorchSharp, built for libtorch 2.10, load over this one? Every symbol that is missing, then the product's own check.
step_load() {
    local shim t=$SECONDS code gpus=0
    shim=$(find "$(dirname "$program")" -name libLibTorchSharp.so | head -1)
    LD_LIBRARY_PATH=$lib ldd -r "$shim" 2>&1 | grep -E 'undefined|not found' | { c++filt 2>/dev/null || cat; } >"$out/missing-symbols.txt"
    fact "symbols that this libtorch lacks" "$(grep -c undefined "$out/missing-symbols.txt") of 1,204 (missing-symbols.txt)"
    [ "$device" = cpu ] || gpus=1
    timeout 90 "$program" runner --check --gpus $gpus --libtorch "$lib" >"$out/load.log" 2>&1; code=$?
    fact "runner --check --gpus $gpus" "exit $code in $((SECONDS - t)) s $(tail -1 "$out/load.log" | cut -c1-140)"
    timeout 90 "$program" doctor --libtorch "$lib" --db "$work/doctor/s.db" >"$out/doctor.log" 2>&1; grep -E 'device|libtorch' "$out/doctor.log"
    [ $code = 0 ]
}

# Only when the above fails: TorchSharp's native part compiled against this libtorch. What does not compile is left out.
step_shim() {
    [ -f "$pack/torchsharp-native.tar.xz" ] || { fact shim "no sources packed"; return 1; }
    mkdir -p "$work/shim" && unpack "$pack/torchsharp-native.tar.xz" "$work/shim" || return 1
    (
        cd "$work/shim/src/Native/LibTorchSharp" || exit 1
        inc=$($python -c 'import torch.utils.cpp_extension as c; print(" ".join("-I"+p for p in c.include_paths()))')
        shopt -s nullglob; sources=(./*.cpp)
        printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -I{} sh -c "g++ -std=c++17 -O1 -fPIC -w $inc -I. -c {} -o {}.o >{}.log 2>&1 || echo {} did not compile" | tee "$out/shim.log"
        objects=(./*.cpp.o)
        [ ${#objects[@]} -gt 0 ] || { fact shim "none of ${#sources[@]} files compiles: $(grep -hm1 error ./*.log | head -1 | cut -c1-140)"; exit 1; }
        gcc -O1 -fPIC -w -c crc32c.c -o crc32c.o
        g++ -shared -o "$work/libLibTorchSharp.so" ./*.o -L"$lib" -ltorch -ltorch_cpu -lc10 2>"$out/shim-link.log" || { fact shim "does not link: $(tail -1 "$out/shim-link.log" | cut -c1-140)"; exit 1; }
        fact shim "built, ${#objects[@]} of ${#sources[@]} files"
    )
}

# One batch, then fifty, on the CPU by the program's own kernels and on the GPU by libtorch: the same numbers?
step_parity() {
    sweep parity <<<$'dropout: {value: 0}\nepochs: {value: 1}\ntrain_limit: {values: ['"$parity"$']}\neval_limit: {value: '"$([ -n "${SHORT:-}" ] && echo 100 || echo 2000)"$'}'
    local sql="select group_concat(printf('%.7g', train_loss), ' / ') || '   val ' || group_concat(printf('%.7g', val_loss), ' / ') from (select * from reports order by trial)"
    local cpu gpu verdict good=0
    run parity 1 cpu || return 1; cpu=$(q "$db" "$sql"); fact "train loss, 1 batch / more, CPU" "$cpu"
    if [ "$device" != cpu ]; then
        run parity 1 "$device" || return 1; gpu=$(q "$db" "$sql"); fact "train loss, 1 batch / more, GPU" "$gpu"
        verdict=$($python - "$cpu" "$gpu" <<'PY'
import re, sys
cpu, gpu = ([float(x) for x in re.findall(r"[-+0-9.e]+(?=\s|$)", text)] for text in sys.argv[1:3])
first, rest = abs(cpu[0] - gpu[0]), max(abs(a - b) for a, b in zip(cpu[1:], gpu[1:]))
print(f"{'holds' if first < 1e-4 and len(cpu) == len(gpu) == 4 else 'DOES NOT HOLD'}: {first:.1e} after one batch (below 1e-4), {rest:.1e} at most of the others")
PY
        ); fact parity "$verdict"; [[ $verdict == holds* ]] || good=1
    fi
    fact "what the trial says of its libtorch" "$(q "$db" "select coalesce(json_extract(facts, '\$.libtorch'), 'none') || ' on ' || json_extract(facts, '\$.device') || ' ' || coalesce(json_extract(facts, '\$.gpu'), '') from trials limit 1")"
    return $good
}

# The notebook's five epochs: seconds for each, and its accuracy (98.07 % there).
step_epoch() {
    METRIC=test_accuracy sweep notebook <<<$'epochs: {value: '"$epochs"$'}\nseed: {value: 1111}\nholdout: {value: 0}\ntrain_limit: {value: '"${images:-60000}"$'}'
    run notebook 1 "$device" || return 1
    fact "epoch_seconds, of ${images:-60000} images" "$(q "$db" "select group_concat(round(epoch_seconds, 3), ' ') from reports")"
    fact "test accuracy after each" "$(q "$db" "select group_concat(test_accuracy, ' ') from reports")"
    fact "peak_memory as reported (MB)" "$(q "$db" "select round(max(json_extract(metrics, '\$.peak_memory')) / 1e6) from reports")"
}

# Kernels a step, what a CUDA graph and fused models would bring: the numbers that decide how to go on.
step_options() {
    timeout 120 $python "$here/options.py" "$device" ${SHORT:+short} >"$out/options.txt" 2>"$out/options.err" || { fact options "ended early: $(tail -1 "$out/options.err" | cut -c1-140)"; good=1; }
    while read -r line; do fact "${line%%:*}" "${line#*: }"; done <"$out/options.txt"
    return ${good:-0}
}

# Several trials at once: how does throughput grow with slots, and what does each take of the memory?
many() { # LABEL [OPTION ...]
    local n watch good=0
    for n in $slots; do
        sweep many <<<$'epochs: {value: 3}\ntrain_limit: {value: '"${images:-25600}"$'}\neval_limit: {value: 500}\nseed: {values: ['"$(seq -s, 1 "$n")"']}'
        while sleep 1; do timeout 20 nvidia-smi --query-compute-apps=pid,gpu_uuid,used_memory --format=csv,noheader; done 2>/dev/null >"$out/apps-$n$1.txt" & watch=$!
        run many "$n" "$device" "${@:2}" || good=1; kill $watch; wait $watch 2>/dev/null
        # Over the epochs after the first, in which nothing is loaded any more.
        fact "$n trials at once$1, images a second in all" "$(q "$db" "select round(sum(s)) from (select avg(json_extract(metrics, '\$.samples_per_second')) s from reports where epoch > 1 group by trial)"), a process takes $(cut -d, -f3 "$out/apps-$n$1.txt" | sort -n | tail -1)"
    done
    return $good
}

step_many() {
    local good=0
    sweep precision <<<$'epochs: {value: 2}\ntrain_limit: {value: '"${images:-25600}"$'}\neval_limit: {value: 500}\nprecision: {values: ['"$([ "$device" = cuda ] && echo fp32, tf32, bf16 || echo fp32)"']}'
    run precision 1 "$device" || good=1
    fact "images a second by precision" "$(q "$db" "select group_concat(json_extract(params, '\$.precision') || ' ' || s, ', ') from (select params, round(max(json_extract(metrics, '\$.samples_per_second'))) s from reports join trials using (trial) group by trial)")"
    many "" --no-mps || good=1
    return $good
}

# The same under NVIDIA MPS, by which kernels of several processes run at the same time; the program starts it by itself.
step_mps() {
    [ "$device" = cuda ] || return 0
    command -v nvidia-cuda-mps-control >/dev/null || { fact mps "nvidia-cuda-mps-control is not here"; return 0; }
    local good=0
    many ", MPS" || good=1
    fact mps "$(grep -hm1 MPS "$out/many-$device-${slots##* }.log" || echo 'the program says nothing of it')"
    grep -q 'MPS runs' "$out/many-$device-${slots##* }.log" && return $good
}

# Pinning: who is refused, and what CUDA_VISIBLE_DEVICES does. Any program will do, so that this needs no libtorch for CUDA.
step_pinning() {
    [ "$device" = cuda ] || return 0
    local uuid one good=0 code; uuid=$(timeout 20 nvidia-smi -L | sed -n 's/.*UUID: \(GPU-[^)]*\)).*/\1/p' | head -1)
    cat >"$work/beside.yaml" <<'YAML'
version: 1
name: beside
program: sh
command: [sh, -c, 'echo "{\"epoch\": 1, \"loss\": 1}"']
metric: {name: loss, goal: minimize}
method: grid
parameters: {x: {values: [1]}}
YAML
    worker() { exec "$program" worker --name "$1" --device cuda --programs any --libtorch "$lib" --dir "$work/w-$1" --head http://127.0.0.1:9; }
    worker one >"$out/one.log" 2>&1 & one=$!
    for _ in $(seq "${PATIENCE:-30}"); do grep -q . "$out/one.log" && break; sleep 1; done
    timeout 60 "$program" worker --name two --device cuda --programs any --libtorch "$lib" --dir "$work/w-two" --head http://127.0.0.1:9 >"$out/two.log" 2>&1; code=$?
    fact "a second worker on the GPU" "exit $code (4: refused) $(head -1 "$out/two.log" | cut -c1-120)"; [ $code = 4 ] || good=1
    timeout 60 "$program" run "$work/beside.yaml" --db "$work/beside/s.db" --libtorch "$lib" --device cuda >"$out/beside.log" 2>&1; code=$?
    fact "run beside that worker" "exit $code (4: refused; anything else: nothing keeps them apart)"; [ $code = 4 ] || good=1
    kill $one; wait $one 2>/dev/null
    for v in "" 0 "${uuid:0:12}" 1; do
        CUDA_VISIBLE_DEVICES=$v timeout "${PATIENCE:-30}" "$program" run "$work/beside.yaml" --new --db "$work/visible/s.db" --libtorch "$lib" --device cuda >"$out/v.log" 2>&1; code=$?
        fact "CUDA_VISIBLE_DEVICES='$v'" "exit $code $({ grep -m1 '^error' "$out/v.log" || echo "$(q "$work/visible/s.db" 'select device from trials order by started desc limit 1')"; } | cut -c1-110)"
    done
    return $good
}

# The same trial twice, and once interrupted: are the weights the same? Then a GPU whose memory is taken.
step_faults() {
    sweep twice <<<$'epochs: {value: '"$([ -n "${SHORT:-}" ] && echo 10 || echo 4)"$'}\ntrain_limit: {value: '"$([ -n "${SHORT:-}" ] && echo 2560 || echo "${images:-50000}")"$'}\neval_limit: {value: 500}\nseed: {value: 7}'
    local sql="select substr(digest, 1, 12) from checkpoints order by epoch desc limit 1" a b c pid code good=0
    run twice 1 "$device" || return 1; a=$(q "$db" "$sql"); run twice 1 "$device" || return 1; b=$(q "$db" "$sql")
    # A shell starts what runs beside it with SIGINT ignored.
    rm -rf "$work/cut"; env --default-signal=INT "$program" run "$work/twice.yaml" --db "$work/cut/s.db" --libtorch "$lib" --device "$device" --slots 1 >"$out/cut.log" 2>&1 & pid=$!
    for _ in $(seq 120); do sleep .2; [ "$(q "$work/cut/s.db" 'select count(*) > 0 from reports')" = 1 ] && break; done
    kill -INT $pid; wait $pid; code=$?; [ $code = 130 ] || good=1; fact "after an interrupt" "exit $code (130), $(q "$work/cut/s.db" "select t.state || ', epoch ' || count(r.epoch) from trials t left join reports r using (trial)")"
    timeout 90 "$program" run "$work/twice.yaml" --db "$work/cut/s.db" --libtorch "$lib" --device "$device" --slots 1 >>"$out/cut.log" 2>&1; c=$(q "$work/cut/s.db" "$sql")
    fact "digests: once, again, interrupted" "$a $b $c"
    [ "$device" = cuda ] || { [ $good = 0 ] && [ -n "$a" ] && [ "$a $b" = "$b $c" ]; return; }
    $python -c 'import torch, time; f, _ = torch.cuda.mem_get_info(); x = torch.empty(f - (700 << 20), dtype=torch.uint8, device="cuda"); print("full", flush=True); time.sleep(60)' >"$out/hog.txt" & pid=$!
    for _ in $(seq 40); do grep -q full "$out/hog.txt" 2>/dev/null && break; sleep .5; done
    sweep full <<<$'epochs: {value: 1}\ntrain_limit: {value: 6400}\neval_limit: {value: 500}\nbatch_size: {value: 2048}'
    run full 1 cuda; fact "without memory" "$(q "$db" "select state || ' ' || coalesce(cause, '') || ', attempts ' || attempts from trials")"; "$program" why @last/1 --db "$db" >"$out/why-full.txt" 2>&1
    kill $pid; wait $pid 2>/dev/null
    return $good
}

case ${1:-} in
    pack) pack ;;
    run)
        shift; mkdir -p "$out" "$work"; : >"$out/summary.txt"; failed=()
        [ -n "${PROGRAM:-}" ] || unpack "$pack/seqsweep.tar.xz" "$work" || exit 1
        lib=${LIBTORCH:-$($python -c 'import torch, os; print(os.path.join(os.path.dirname(torch.__file__), "lib"))')} || exit 1
        for s in ${*:-machine load parity epoch options many mps pinning faults}; do
            [ $((SECONDS - began)) -lt "$budget" ] || { fact "$s" "left out: the budget is spent"; failed+=("$s"); continue; }
            t=$SECONDS; echo "== $s"
            if ! "step_$s"; then
                case $s in
                    load | parity) step_shim && "step_$s" || { fact result "this libtorch cannot be used"; failed+=("$s"); break; } ;;
                    *) failed+=("$s") ;;
                esac
            fi
            echo "== $s took $((SECONDS - t)) s"
        done
        fact "steps that do not hold" "${failed[*]:-none}"
        echo; cat "$out/summary.txt"; echo "$((SECONDS - began)) s in all"; [ ${#failed[@]} = 0 ] ;;
    *) sed -n '2,8p' "$0"; exit 2 ;;
esac
