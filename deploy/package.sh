#!/usr/bin/env bash
# deploy/package.sh [DIR [FLAVOUR...]]: makes what is given to others into DIR (out), with the .NET SDK:
#   seqsweep-VERSION-linux-x64.tar.gz          the program without libtorch: client, head, workers on CPUs, on GPUs with a libtorch of their own
#   seqsweep-VERSION-linux-x64-cpu.tar.gz      with libtorch for CPUs; -cuda with that for GPUs, where it is asked for
#   *.cdx.json                                 for each of them, the packages in it (CycloneDX)
#   SeqMnistSweep.VERSION.nupkg, SeqMnistSweep.Tool.VERSION.nupkg      the search as a library, the program as a dotnet tool
#   install.sh, SHA256SUMS
# FLAVOUR is none, cpu or cuda; none and cpu without one.
set -euo pipefail

out=$(realpath -m "${1:-out}")
shift || true
[ $# -gt 0 ] || set -- none cpu
for flavour; do
  case $flavour in none | cpu | cuda) ;; *) echo "package.sh: '$flavour' is no flavour: none, cpu, cuda" >&2; exit 2 ;; esac
done
cd "$(dirname "$0")/.."

version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' src/Directory.Build.props)
project=src/SeqMnistSweep.Cli
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
rm -f "$out"/seqsweep-*.tar.gz "$out"/seqsweep-*.cdx.json "$out"/SeqMnistSweep.*.nupkg "$out"/install.sh "$out"/SHA256SUMS
dotnet tool restore >/dev/null

# Built apart from the working tree, whose own builds stay as they are.
build=(-c Release --artifacts-path "$work/build" --nologo -v quiet)
for flavour; do
  name=seqsweep-$version-linux-x64
  [ "$flavour" = none ] || name=$name-$flavour
  echo "$name"
  dotnet publish "$project" "${build[@]}" -r linux-x64 --self-contained "-p:TorchBackend=$flavour" -o "$work/$name"

  # What the publish just resolved; the runtime in the program is no package of the project and is named as a part of it.
  {
    echo '<?xml version="1.0" encoding="utf-8"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"><metadata>'
    echo "<component type=\"application\" bom-ref=\"seqsweep@$version\"><name>seqsweep</name><version>$version</version><components>"
    sed -n 's:^ *"runtimepack\.\([^/]*\)/\([^"]*\)".*{$:\1 \2:p' "$work/$name/seqsweep.deps.json" | sort -u | while read -r pack packed; do
      echo "<component type=\"framework\"><name>$pack</name><version>$packed</version><purl>pkg:nuget/$pack@$packed</purl></component>"
    done
    echo '</components></component></metadata></bom>'
  } >"$work/metadata.xml"
  dotnet tool run dotnet-CycloneDX -- "$project/SeqMnistSweep.Cli.csproj" --disable-package-restore --base-intermediate-output-path "$work/build" \
    --exclude-dev --import-metadata-path "$work/metadata.xml" --output-format Json --output "$out" --filename "$name.cdx.json" >"$work/sbom.log" ||
    { cat "$work/sbom.log" >&2; exit 1; }

  cp -r sweeps src/LICENSE src/CHANGELOG.md deploy/systemd deploy/install.sh "$work/$name"
  find "$work/$name" -type d -exec chmod 755 {} +
  find "$work/$name" -type f -exec chmod u=rw,go=r {} +
  chmod 755 "$work/$name/seqsweep" "$work/$name/install.sh"
  tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner -c "$name" | gzip >"$out/$name.tar.gz"
  rm -r "${work:?}/$name"
done

dotnet pack src/SeqMnistSweep "${build[@]}" -o "$out"
dotnet pack "$project" "${build[@]}" -p:TorchBackend=none -p:AheadCompiler= -o "$out"
cp deploy/install.sh "$out"
(cd "$out" && sha256sum seqsweep-* ./*.nupkg install.sh | sed 's:\./::' >SHA256SUMS)
cd "$out" && ls -l --block-size=1K
