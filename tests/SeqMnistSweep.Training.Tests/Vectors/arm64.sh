#!/usr/bin/env bash
# Computes the test vectors' digests as an ARM64 program under Debian's emulator, and compares them with this machine's.
# Installs what it needs; changes nothing in the checkout. About three minutes.
set -euo pipefail
cd "$(dirname "$0")/../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
  qemu-user libc6-arm64-cross libstdc++6-arm64-cross libgcc-s1-arm64-cross >/dev/null
mkdir "$work/root" "$work/packages"
cp -aL /usr/aarch64-linux-gnu/lib "$work/root/"

# .NET's SHA-256 is OpenSSL's, of which Debian has no package for cross-compilation.
dpkg --add-architecture arm64
apt-get update -q >/dev/null
(cd "$work/packages" && apt-get download -q libssl3:arm64 zlib1g:arm64 >/dev/null 2>&1)
dpkg --remove-architecture arm64
for package in "$work"/packages/*.deb; do dpkg -x "$package" "$work/packages"; done
find "$work/packages" -name '*.so*' -exec cp {} "$work/root/lib/" \;

git ls-files -z src tests .editorconfig | xargs -0 cp --parents -t "$work"
tests=tests/SeqMnistSweep.Training.Tests
dotnet publish -v quiet --nologo -c Release -r linux-arm64 --self-contained -p:TorchBackend=none -p:UseAppHost=true "$work/$tests" -o "$work/out"
dotnet build -v quiet --nologo -c Release "$tests"

DOTNET_EnableWriteXorExecute=0 qemu-aarch64 -L "$work/root" -E LD_LIBRARY_PATH=/lib "$work/out/SeqMnistSweep.Training.Tests" digests | tee "$work/arm64"
dotnet "$tests/bin/Release/net10.0/SeqMnistSweep.Training.Tests.dll" digests >"$work/here"
diff <(tail -n +2 "$work/here") <(tail -n +2 "$work/arm64")
echo "all equal: $(head -1 "$work/arm64") on ARM64, $(head -1 "$work/here") here"
