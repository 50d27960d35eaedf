// Chromium as a user's browser: every page is watched for errors on its console and for requests that leave this machine.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** The rules that another theme may break. */
export const ofColours = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

/** What a program shows the head. */
export const headers = { authorization: `Bearer ${process.env.SEQSWEEP_TOKEN}` };

export class Watched {
  problems = [];

  static async start(base, pictures) {
    const watched = new Watched();
    watched.base = base;
    watched.pictures = pictures;
    mkdirSync(pictures, { recursive: true });
    watched.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
    return watched;
  }

  /** A page of its own in a context of its own, signed in: `light` or `dark`. */
  async page(scheme = "light") {
    const page = await this.stranger(scheme);
    await page.goto(await this.link());
    await page.locator("header.top").waitFor();
    return page;
  }

  /** Signs one browser in. */
  async link() {
    const answer = await fetch(`${this.base}/api/v1/login/code`, { method: "POST", headers });
    return `${this.base}/#login=${(await answer.json()).code}`;
  }

  /** A page that the head does not know. */
  async stranger(scheme = "light") {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: scheme, reducedMotion: "reduce" });
    if (this.base.startsWith("http")) await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: this.base });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on(
      "console",
      (message) =>
        ["error", "warning"].includes(message.type()) &&
        !this.isExpected(message) &&
        this.problems.push(`${page.url()} console: ${message.text()}`),
    );
    page.on("pageerror", (error) => this.problems.push(`${page.url()} threw: ${error.message}`));
    page.on(
      "request",
      (request) =>
        !request.url().startsWith(this.base) &&
        !request.url().startsWith("data:") &&
        !request.url().startsWith("blob:") &&
        this.problems.push(`asked for ${request.url()}`),
    );
    return page;
  }

  expected = [];

  /** Chromium writes a refused request on the console by itself. */
  isExpected(message) {
    return this.expected.some((pattern) => pattern.test(message.text()));
  }

  /** WCAG's rules up to AA, or those about colours alone. */
  async check(page, what, rules = standards) {
    // axe looks from inside; the policy of the page forbids its script but not what the browser is told to evaluate.
    await page.evaluate(axe);
    const { violations } = await page.evaluate((runOnly) => globalThis.axe.run(document, { runOnly }), rules);
    for (const found of violations)
      this.problems.push(
        `${what} breaks ${found.id} (${found.impact}): ${found.nodes
          .slice(0, 3)
          .map((node) => `${node.target} ${node.failureSummary?.split("\n")[1] ?? ""}`)
          .join(" | ")}`,
      );
  }

  /** No page is scrolled sideways, whatever it is looked at with. */
  async checkWidth(page, what) {
    const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    if (wide > shown) this.problems.push(`${what} is ${wide} pixels wide`);
  }

  /** Once everything that the page asked for is there; kept for people where SEQSWEEP_PICTURES asks for it. */
  async picture(page, name, whole = true) {
    await page.waitForFunction(() => !document.querySelector("main .wait"));
    if (!process.env.SEQSWEEP_PICTURES) return;
    await page.screenshot({ path: join(this.pictures, `${name}.png`), fullPage: whole });
  }

  async close() {
    await this.browser.close();
  }
}

export function say(problems) {
  for (const problem of problems) console.log(`PROBLEM ${problem}`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

export function expect(condition, what) {
  if (!condition) throw new Error(`expected ${what}`);
}
