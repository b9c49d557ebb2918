#!/usr/bin/env bash
# Builds the native binding of @tensorflow/tfjs-node (with --gpu: @tensorflow/tfjs-node-gpu) inside node_modules,
# without the package's own install script, whose download is out of reach in many places and fails on Node 23 and later.
#
# The binding is two C++ files against Node-API and TensorFlow's C interface. Here TensorFlow comes out of a Python
# wheel, and the headers of Node-API out of the npm package node-api-headers. What is made:
#
#     node_modules/@tensorflow/tfjs-node/deps/tf/libtensorflow*.so.2      TensorFlow, and WHEEL, the wheel's file name
#     node_modules/@tensorflow/tfjs-node/deps/nvidia/*/lib                with --cuda: the CUDA libraries
#     node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node    where tfjs-node looks for its binding
#
# Everything is made and tried in a folder beside the package and moved into place at the end, binding last: a build
# that fails leaves the package as it was. README.md says what was tried; check.mjs is the trial.
set -euo pipefail

# The versions that were tried (README.md). The package of the wheel for a GPU holds the CUDA kernels.
CPU_WHEEL=2.15.1
GPU_WHEEL=2.18.1
# A wheel's library does not depend on its Python, so one is asked for whatever Python runs here.
PYTHON_OF_WHEEL=3.11

usage="Usage: tools/tfjs-node/build.sh [--gpu [--cuda]] [--wheel VERSION | --wheel-file FILE] [--check]
  --gpu              build @tensorflow/tfjs-node-gpu instead of @tensorflow/tfjs-node
  --cuda             put the CUDA libraries that the wheel names beside it too (some 3 GB; not needed where CUDA is installed)
  --wheel VERSION    version of the wheel: tensorflow-cpu (default $CPU_WHEEL), or tensorflow with --gpu (default $GPU_WHEEL)
  --wheel-file FILE  a wheel that was downloaded before
  --check            build nothing: load the binding, compute, compare, print the version
  TFJS_NODE_ROOT     folder whose node_modules is meant (default: this repository)"

fail() { # one sentence on stderr; exit 1 failed, 2 wrong use
  echo "$1" >&2
  exit "${2:-1}"
}

say() { echo "tfjs-node: $1"; }

need() { # need COMMAND HOW-TO-GET-IT
  command -v "$1" >/dev/null || fail "The command $1 was not found, and this build needs it: $2."
}

gpu=false cuda=false check_only=false version='' wheel=''
while (($# > 0)); do
  case $1 in
    --gpu) gpu=true ;;
    --cuda) cuda=true ;;
    --check) check_only=true ;;
    --wheel | --wheel-file)
      (($# > 1)) && [[ $2 != --* ]] || fail "The option $1 needs a value after it; see --help." 2
      if [[ $1 == --wheel ]]; then version=$2; else wheel=$2; fi
      shift
      ;;
    -h | --help) echo "$usage" && exit 0 ;;
    *) fail "The option $1 is unknown; see --help." 2 ;;
  esac
  shift
done
! $cuda || $gpu || fail 'The option --cuda belongs to --gpu; give both.' 2
[[ -z $version || -z $wheel ]] || fail 'Give either --wheel or --wheel-file, not both.' 2
[[ -z $wheel || -f $wheel ]] || fail "The wheel $wheel given by --wheel-file is not a file; name one that exists." 2
[[ -z $wheel || $wheel == *.whl ]] || fail "The file $wheel given by --wheel-file does not end in .whl; give a Python wheel of TensorFlow." 2
if $gpu && [[ $(basename -- "$wheel") == tensorflow_cpu-* ]]; then
  fail "The wheel $(basename -- "$wheel") holds no CUDA kernels; with --gpu give one of the package tensorflow." 2
fi
[[ -z $version || $version =~ ^2\.[0-9]+\.[0-9]+([.a-z0-9]*)$ ]] || fail "The version $version given by --wheel is not one of TensorFlow 2; write it as in --wheel $CPU_WHEEL." 2

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -- "${TFJS_NODE_ROOT:-$here/../..}" 2>/dev/null && pwd) || fail "The folder $TFJS_NODE_ROOT given by TFJS_NODE_ROOT does not exist; name one that holds node_modules." 2
if $gpu; then name=tfjs-node-gpu requirement=tensorflow default_version=$GPU_WHEEL; else name=tfjs-node requirement=tensorflow-cpu default_version=$CPU_WHEEL; fi
scope=$root/node_modules/@tensorflow
package=$scope/$name
binding=lib/napi-v8/tfjs_binding.node

need node 'install Node 20.19, 22 or 24'
[[ -d $package ]] || fail "The package @tensorflow/$name is not in $root/node_modules; run npm ci there (it is an optional dependency) and start this again."
cc_files=("$package"/binding/*.cc)
[[ -f ${cc_files[0]} ]] || fail "The package $package has no binding/*.cc, which @tensorflow/$name 4.22.0 has; run npm ci again."

if $check_only; then
  [[ -f $package/$binding ]] || fail "The binding of @tensorflow/$name is not built: $binding is missing in $package; run this without --check to build it."
  exec node "$here/check.mjs" "$package"
fi

[[ $(uname -sm) == 'Linux x86_64' ]] || fail "This script builds on Linux with x86-64 and this machine is $(uname -sm); here @tensorflow/$name has to be built as its own README says."

# Nothing to do when the same wheel is already built in and works.
built=$(cat "$package/deps/tf/WHEEL" 2>/dev/null || true)
if [[ -n $built && -f $package/$binding ]]; then
  wanted=${wheel:+$(basename -- "$wheel")}
  if [[ $built == "${wanted:-${requirement//-/_}-${version:-$default_version}-}"* ]] &&
    { ! $cuda || [[ -d $package/deps/nvidia ]]; } && node "$here/check.mjs" "$package" 2>/dev/null; then
    say "already built from $built; nothing to do."
    exit 0
  fi
fi

need g++ 'install a C++17 compiler (Debian, Ubuntu: apt-get install g++)'
need python3 'install Python 3, which unpacks the wheel (Debian, Ubuntu: apt-get install python3)'
need npm 'it comes with Node and fetches the headers of Node-API'
[[ -n $wheel && $cuda == false ]] || python3 -m pip --version >/dev/null 2>&1 || fail 'Python has no pip, which downloads the wheel: install it (Debian, Ubuntu: apt-get install python3-pip) or give a downloaded wheel with --wheel-file.'
[[ -w $scope ]] || fail "The folder $scope cannot be written; run this as the user that ran npm ci."

for_any_python=(--quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version "$PYTHON_OF_WHEEL" --implementation cp
  --platform manylinux2014_x86_64 --platform manylinux_2_17_x86_64 --platform manylinux_2_27_x86_64)

# On the same disk as the package (so that moves are renames), and within reach of its dependencies (so that the copy runs).
stage=$(mktemp -d "$scope/.$name-build-XXXXXX")
trap 'rm -rf -- "$stage"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# Runs a command whose output matters only when it fails; the last lines of it follow the sentence.
quietly() { # quietly SENTENCE COMMAND...
  local sentence=$1
  shift
  "$@" >"$stage/log" 2>&1 && return
  local code=$?
  ((code < 128)) || exit "$code"
  echo "$sentence" >&2
  tail -n 8 "$stage/log" | sed 's/^/  | /' >&2
  exit 1
}

if [[ -z $wheel ]]; then
  version=${version:-$default_version}
  say "downloading the wheel $requirement $version ($($gpu && echo 600 || echo 200) MB and more) ..."
  quietly "pip could not download $requirement==$version for Python $PYTHON_OF_WHEEL; choose a version with --wheel or give a downloaded file with --wheel-file." \
    python3 -m pip download "${for_any_python[@]}" --dest "$stage/wheel" "$requirement==$version"
  wheel=$(echo "$stage"/wheel/*.whl)
fi
wheel=$(realpath -- "$wheel")

say "unpacking TensorFlow from $(basename -- "$wheel") ..."
quietly "The file $wheel is not a TensorFlow wheel for Linux that can be unpacked here; is it cut short, or the disk full?" \
  python3 -c '
import re, sys, zipfile
wanted = re.compile(r"tensorflow/(libtensorflow_(cc|framework)\.so\.2|include/(tensorflow/(c|core/platform|tsl/platform)|tsl|xla/tsl)/.*\.h)$|tensorflow[a-z_]*-[^/]*\.dist-info/METADATA$")
try:
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        members = [name for name in wheel.namelist() if wanted.match(name)]
        libraries = [name for name in members if ".so." in name]
        if len(libraries) != 2: sys.exit("expected libtensorflow_cc.so.2 and libtensorflow_framework.so.2, found " + str(libraries))
        wheel.extractall(sys.argv[2], members)
except (OSError, zipfile.BadZipFile, EOFError) as error:
    sys.exit(str(error))' "$wheel" "$stage/unpacked"
tensorflow=$stage/unpacked/tensorflow

say 'fetching the headers of Node-API ...'
quietly 'npm could not fetch node-api-headers@1, the headers of Node-API; is the npm registry reachable?' \
  npm pack --silent --ignore-scripts --pack-destination "$stage" node-api-headers@1
mkdir "$stage/headers"
tar -xzf "$stage"/node-api-headers-*.tgz -C "$stage/headers"

# A copy of the package with the library in it: the binding finds deps/tf relative to itself, so it runs here as it will there.
trial=$stage/$name
mkdir -p "$trial/deps/tf" "$trial/lib/napi-v8"
cp -r "$package/package.json" "$package/dist" "$trial/"
mv "$tensorflow"/libtensorflow_cc.so.2 "$tensorflow"/libtensorflow_framework.so.2 "$trial/deps/tf/"
basename -- "$wheel" >"$trial/deps/tf/WHEEL"

if $cuda; then
  say 'downloading the CUDA libraries that the wheel names ...'
  # Lines such as: Requires-Dist: nvidia-cublas-cu12 ==12.5.3.2 ; extra == 'and-cuda'
  mapfile -t cuda_requirements < <(sed -nE "s/^Requires-Dist: (nvidia-[^;]*);.*and-cuda.*/\1/p" "$stage"/unpacked/*.dist-info/METADATA | tr -d ' ()')
  ((${#cuda_requirements[@]} > 0)) || fail "The wheel $(basename -- "$wheel") names no CUDA libraries; leave --cuda out or choose a version of tensorflow that does, such as $GPU_WHEEL."
  quietly 'pip could not fetch the CUDA libraries; leave --cuda out where CUDA is installed already.' \
    python3 -m pip install "${for_any_python[@]}" --no-compile --target "$stage/cuda" "${cuda_requirements[@]}"
  mv "$stage/cuda/nvidia" "$trial/deps/nvidia" # the library looks for ../nvidia/*/lib
fi

say "compiling with $(g++ --version | head -n 1) ..."
quietly "The binding of @tensorflow/$name did not compile against $(basename -- "$wheel"); the default version, $default_version, is one that was tried." \
  g++ -std=c++17 -O2 -fPIC -shared -DNAPI_VERSION=8 -I"$stage/headers/package/include" -I"$tensorflow/include" \
  "${cc_files[@]}" "$trial/deps/tf/libtensorflow_cc.so.2" "$trial/deps/tf/libtensorflow_framework.so.2" \
  '-Wl,-rpath,$ORIGIN/../../deps/tf' -o "$trial/$binding"

say 'trying it ...'
node "$here/check.mjs" "$trial" || fail "The binding built from $(basename -- "$wheel") does not work on this machine, so it was not installed; try another --wheel."

# Without a binding tfjs-node refuses to load, so it goes first and comes last: no moment has half of two builds.
mkdir -p "$package/lib/napi-v8"
rm -rf -- "$package/$binding" "$package/deps"
mv "$trial/deps" "$package/deps"
mv "$trial/$binding" "$package/$binding"
say "built @tensorflow/$name from $(basename -- "$wheel") into $package (npm ci removes it again; keep the wheel for --wheel-file)."
