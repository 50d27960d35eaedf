// dist/report.html: all pages as one file, which reads nothing and runs nothing but itself. `seqsweep export --format html` puts a sweep in.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { defineConfig } from "vite";

const read = (name) => readFileSync(new URL(`public/${name}`, import.meta.url), "utf8").trim();
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

function page(code, style) {
  const icon = `data:image/svg+xml,${encodeURIComponent(read("icon.svg"))}`;
  const theme = read("theme.js");
  const script = code.replace(/["`]\/icon\.svg["`]/g, JSON.stringify(icon)).replaceAll("</script", "<\\/script");
  const policy = `default-src 'none'; img-src data:; style-src ${hash(style)}; script-src ${hash(theme)} ${hash(script)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>seqsweep</title>
<link rel="icon" href="${icon}">
<style>${style}</style>
<script>${theme}</script>
</head>
<body>
<div id="app"></div>
<noscript>The report needs JavaScript, and no network.</noscript>
<!--sweep-->
<script type="module">${script}</script>
</body>
</html>
`;
}

const oneFile = {
  name: "one-file",
  enforce: "post",
  generateBundle: {
    order: "post",
    handler(_, bundle) {
      const files = Object.values(bundle);
      const code = files.filter((file) => file.type === "chunk" && file.isEntry).map((file) => file.code);
      const style = files.filter((file) => file.type === "asset" && file.fileName.endsWith(".css")).map((file) => String(file.source));
      for (const name of Object.keys(bundle)) delete bundle[name];
      this.emitFile({ type: "asset", fileName: "report.html", source: page(code.join("\n"), style.join("\n")) });
    },
  },
};

export default defineConfig({
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: false,
    copyPublicDir: false,
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    rolldownOptions: { output: { codeSplitting: false } },
  },
  plugins: [oneFile],
});
