// A sweep from its submission to its end, in the browser: its curve grows, it is paused, resumed, cancelled, its worker drained.
import { join } from "node:path";
import { expect, say, Watched } from "./browser.mjs";

const [base, pictures, worker] = process.argv.slice(2);
const browser = await Watched.start(base, pictures);

// A trial of it takes an hour: nobody ends before whoever looks, however slow the machine.
const file = `name: watched
method: grid
parameters:
  dataset: {value: glyphs}
  input_channels: {value: 14}
  levels: {value: 3}
  kernel_size: {value: 5}
  hidden: {value: 4}
  batch_size: {value: 32}
  train_limit: {value: 6000}
  eval_limit: {value: 100}
  epochs: {value: 100000}
  lr: {values: [0.001, 0.002, 0.004]}
`;

const act = async (page, name, reason) => {
  await page.getByRole("button", { name, exact: true }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill(reason);
  await dialog.locator("button[type=submit]").click();
  await dialog.waitFor({ state: "hidden" });
};

try {
  const page = await browser.page();

  // Everything that is wrong with a file is said at once.
  browser.expected.push(/status of 422/);
  await page.goto(`${base}/new`);
  await page.getByLabel("Sweep file").fill(file.replace("kernel_size", "kernal_size").replace("method: grid", "method: gird"));
  await page.getByRole("button", { name: "Submit" }).click();
  await page.getByText("kernal_size").last().waitFor();
  expect((await page.locator(".findings li.error").count()) === 2, "both errors");

  await page.getByLabel("Sweep file").fill(file);
  await page.getByRole("button", { name: "Submit" }).click();
  await page.waitForURL(/\/s\/watched-/);
  const sweep = page.url();
  await page.getByText("live").waitFor();
  await page.locator(".panel .spark path").first().waitFor({ timeout: 60_000 });

  // The curve of the trial grows while somebody looks.
  await page.getByRole("link", { name: "1", exact: true }).first().click();
  await page.waitForURL(/\/t\//);
  const reported = async () => Number((await page.locator(".facts").first().textContent()).match(/of (\d+) reported/)?.[1] ?? 0);
  await page.locator("[data-chart] [data-ready]").first().waitFor();
  const before = await reported();
  const grown = (least) => Number(document.querySelector(".facts")?.textContent.match(/of (\d+) reported/)?.[1]) >= least;
  await page.waitForFunction(grown, before + 3, { timeout: 60_000 });
  await browser.check(page, "trial, live");
  await browser.picture(page, "trial-live");

  await page.goto(sweep);
  await act(page, "Pause", "to see <b>why</b>");
  await page.locator(".title .state.paused").waitFor();
  await page.getByText("to see <b>why</b>").first().waitFor();
  await browser.picture(page, "sweep-paused");
  await act(page, "Resume", "seen");
  await page.locator(".title .state.running").waitFor();

  await page.goto(`${base}/workers`);
  await page.getByText(/ of [\d.]+ [GT]i?B$/).waitFor();
  await browser.picture(page, "workers-live");
  await act(page, "Drain", "new disk");
  await page.getByText(/drained by \w+: new disk/).waitFor();
  await page.locator(".cards .state.drained").waitFor({ timeout: 60_000 });
  await browser.check(page, "workers, drained");
  await page.goto(sweep);
  await page.locator(".waits").waitFor();
  expect((await page.locator(".waits").textContent()).includes("drain"), "why nothing runs");
  await browser.picture(page, "sweep-waits");
  await browser.check(page, "sweep that waits");
  await page.goto(`${base}/workers`);
  await act(page, "Undrain", "it is there");
  await page.locator(".cards .state.ready").waitFor();
  await page.goto(sweep);
  await page.locator(".panel .spark path").first().waitFor({ timeout: 60_000 });
  await browser.picture(page, "sweep-live");
  await act(page, "Cancel", "seen enough");
  await page.locator(".title .state.cancelled").waitFor();
  await page.getByRole("button", { name: "Pause" }).waitFor({ state: "detached" });
  expect(worker.length > 0, "a worker's name");

  // What people keep of it is found, it is put away and taken back, and in the end it is deleted.
  await page.getByRole("button", { name: "Title, tags, note" }).click();
  await browser.check(page, "labels");
  await page.getByRole("textbox", { name: "Title" }).fill("a <b>first</b> try");
  await page.getByRole("textbox", { name: "Tags" }).fill("paper");
  await page.getByRole("textbox", { name: "Note" }).fill("line 1\nline 2");
  await page.getByRole("button", { name: "Keep" }).click();
  await page.getByRole("heading", { name: "a <b>first</b> try" }).waitFor();
  await page.goto(`${base}/?find=PAPER&sort=-best`);
  await page.getByRole("link", { name: "a <b>first</b> try" }).waitFor();
  await page.getByRole("searchbox").fill("nothing of it");
  await page.waitForURL(/find=nothing/);
  await page.getByText("No sweep says").waitFor();
  await page.goto(sweep);
  await act(page, "Archive", "seen");
  await page.getByRole("button", { name: "Unarchive" }).waitFor();
  await page.goto(base);
  await page.getByText("All sweeps are archived.").waitFor();
  await page.goto(sweep);
  await act(page, "Delete", "of no use");
  await page.waitForURL(`${base}/`);
  await page.getByText("No sweep yet.").waitFor();
  await browser.close();
} catch (error) {
  browser.problems.push(error.stack ?? String(error));
  try {
    for (const context of browser.browser.contexts())
      for (const page of context.pages()) await page.screenshot({ path: join(pictures, "when-it-failed.png") });
  } catch {
    // There is no page left to look at.
  }
  await browser.close();
}
say(browser.problems);
