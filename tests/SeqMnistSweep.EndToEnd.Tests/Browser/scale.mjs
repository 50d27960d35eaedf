// Times of a browser on a head with much to show: seqsweep bench dashboard --hold leaves one up. Arguments: the head's address, the sweep.
// Prints medians; asserts nothing, for a machine that does other work measures that.
import { gzipSync } from "node:zlib";
import { say, Watched } from "./browser.mjs";

const [base, sweep, pictures = "/tmp/pages"] = process.argv.slice(2);
const browser = await Watched.start(base, pictures);
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const print = (name, value, unit) => console.log(`${name.padEnd(60)} ${value.toFixed(1).padStart(9)} ${unit}`);

/** From the address to the first picture with the data in it, in a browser that has seen nothing yet. */
async function firstPaint(path, there, state = "visible", look = async () => undefined) {
  const times = [];
  for (let i = 0; i < 5; i++) {
    const page = await browser.page();
    await page.goto("about:blank");
    const start = Date.now();
    await page.goto(base + path, { waitUntil: "commit" });
    await page.locator(there).first().waitFor({ state });
    times.push(Date.now() - start);
    await look(page);
    await page.context().close();
  }
  return median(times);
}

// In a browser that has nothing of it yet: what the list needs, and what it is with the first page that has a chart.
const scripts = new Map();
const fresh = await browser.stranger();
fresh.on("response", (response) => {
  const { pathname } = new URL(response.url());
  if (pathname.endsWith(".js") && !scripts.has(pathname)) scripts.set(pathname, response.body());
});
const weight = async () => {
  await fresh.waitForTimeout(500);
  const bodies = await Promise.all(scripts.values());
  return bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0) / 1024;
};
await fresh.goto(await browser.link());
await fresh.locator(".list tbody tr").first().waitFor();
print("JavaScript of the list of sweeps, gzip -9", await weight(), "KB");
await fresh.goto(`${base}/s/${sweep}`);
await fresh.locator("[data-chart=history] [data-ready]").waitFor();
print("JavaScript with that of a sweep's first chart, gzip -9", await weight(), "KB");
await fresh.context().close();

print("first paint of the list of sweeps", await firstPaint("/", ".list tbody tr"), "ms");
print("first paint of the sweep's page", await firstPaint(`/s/${sweep}`, ".facts strong"), "ms");
print("its history drawn", await firstPaint(`/s/${sweep}`, "[data-chart=history] [data-ready]"), "ms");
print("first paint of the table of trials", await firstPaint(`/s/${sweep}/trials`, ".virtual tbody tr a"), "ms");
const drawn = '[data-drawn]:not([data-drawn=""])';
const drawings = [];
const look = async (page) => drawings.push(Number(await page.locator(drawn).getAttribute("data-drawn")));
for (const name of ["parallel", "slice", "density"]) {
  const [there, also] = name === "parallel" ? [drawn, look] : [`[data-chart=${name}] [data-ready]`];
  print(`analysis of 10,000 trials: ${name}`, await firstPaint(`/s/${sweep}/analysis?lines=10000`, there, "attached", also), "ms");
}
print("10,000 lines drawn for the first time", median(drawings), "ms");

const analysis = await browser.page();
await analysis.goto(`${base}/s/${sweep}/analysis?lines=10000`);
await analysis.waitForFunction(() => document.querySelector("[data-drawn]")?.getAttribute("data-drawn"));
await analysis.waitForTimeout(1500);
// From the event to the second frame after everything is drawn: what somebody sees, and up to two frames of waiting.
await analysis.evaluate(() => {
  window.times = [];
  let start = 0;
  for (const name of ["pointermove", "pointerup", "resize"]) addEventListener(name, () => (start = performance.now()), true);
  new MutationObserver(() =>
    requestAnimationFrame(() => requestAnimationFrame(() => window.times.push(performance.now() - start))),
  ).observe(document.querySelector("[data-drawn]"), { attributes: true });
});
const times = async (act) => {
  await analysis.evaluate(() => (window.times.length = 0));
  for (let i = 0; i < 7; i++) {
    await act(i);
    await analysis.waitForTimeout(1200);
  }
  return analysis.evaluate(() => window.times);
};
print(
  "10,000 lines and all other charts drawn again",
  median(await times((i) => analysis.setViewportSize({ width: 1279 - i, height: 900 }))),
  "ms",
);
const axis = await analysis.locator(".parallel .over").boundingBox();
print(
  "10,000 lines brushed, a fifth kept",
  median(
    await times(async (i) => {
      await analysis.mouse.move(axis.x + 56, axis.y + 120 + 10 * i);
      await analysis.mouse.down();
      await analysis.mouse.move(axis.x + 56, axis.y + 180 + 10 * i);
      await analysis.mouse.up();
    }),
  ),
  "ms",
);
await browser.picture(analysis, "analysis-10000");

const table = await browser.page();
await table.goto(`${base}/s/${sweep}/trials`);
await table.locator(".virtual tbody tr a").first().waitFor();
let requests = 0;
table.on("request", () => requests++);
const start = Date.now();
for (let i = 1; i <= 50; i++) {
  await table.locator(".virtual").evaluate((element, to) => element.scrollTo(0, to), i * 560);
  await table.waitForTimeout(16);
}
print("rows scrolled through", 50 * 20, "");
print("requests for them", requests, "");
print("time for them", Date.now() - start, "ms");
await browser.close();
say(browser.problems);
