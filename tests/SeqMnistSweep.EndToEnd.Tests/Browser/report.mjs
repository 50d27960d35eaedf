// A report, opened from the disk without a network: every view of it, as a head would show it. Arguments: the file, where pictures go, the
// sweep, its trials.
import { pathToFileURL } from "node:url";
import { expect, say, Watched } from "./browser.mjs";

const [file, pictures, sweep, trials] = process.argv.slice(2);
const browser = await Watched.start(pathToFileURL(file).href, pictures);

try {
  const page = await browser.stranger();
  await page.context().setOffline(true);
  await page.goto(browser.base);
  await page.getByRole("heading", { level: 1, name: sweep }).waitFor();
  expect((await page.getByRole("button", { name: /Retry|Cancel|Pause/ }).count()) === 0, "nothing to steer");

  const views = [
    ["overview", `/s/${sweep}`],
    ["trials", `/s/${sweep}/trials`],
    ["seeds", `/s/${sweep}/trials?group=seeds`],
    ["analysis", `/s/${sweep}/analysis`],
    ["compare", `/s/${sweep}/compare?sel=1,2,5`],
    ["file", `/s/${sweep}/file`],
    ["trial", `/t/${sweep}/1`],
    ["trial-failed", `/t/${sweep}/41`],
  ];
  for (const [name, path] of views) {
    await page.evaluate((to) => {
      location.hash = to;
    }, path);
    await page.waitForTimeout(300);
    await page.waitForFunction(() => !document.querySelector("main .wait"));
    const troubles = await page.locator(".trouble").allTextContents();
    expect(troubles.length === 0, `all that ${name} shows in the report, not: ${troubles}`);
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForTimeout(150);
      await browser.checkWidth(page, `report, ${name}, at ${width}`);
    }
    await browser.check(page, `report, ${name}`);
    await browser.picture(page, `report-${name}`);
  }

  // The table filters and sorts by itself, a link leads to its trial, and back is back.
  await page.evaluate((to) => {
    location.hash = to;
  }, `/s/${sweep}/trials`);
  await page.getByText(`${trials} trials`, { exact: true }).waitFor();
  await page.getByLabel("Where").fill("number < 100 and state == 'failed'");
  await page.keyboard.press("Enter");
  await page.getByText(`2 of ${trials} trials`).waitFor();
  expect(
    (await page.locator(".virtual tbody .state").allTextContents()).every((text) => text.includes("failed")),
    "failed trials only",
  );
  await page.locator(".virtual tbody tr a").first().click();
  await page.getByRole("heading", { level: 1, name: `${sweep} /` }).waitFor();
  await page.goBack();
  await page.getByText(`2 of ${trials} trials`).waitFor();

  // What is wrong with a filter is said, and the rows of the one before stay.
  await page.getByLabel("Where").fill("lrr < 1");
  await page.keyboard.press("Enter");
  await page.getByText("there is no 'lrr'").waitFor();
  expect((await page.locator(".virtual tbody tr a").count()) === 2, "the rows that were there");
  await browser.close();
} catch (error) {
  browser.problems.push(error.stack ?? String(error));
  await browser.close();
}
say(browser.problems);
