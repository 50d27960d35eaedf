// Every page over a database that stands still, in both themes and three widths: errors, requests, rules of accessibility, pictures.
// Arguments: the head's address, where pictures go, and the sweeps of the database.
import { expect, headers, ofColours, say, Watched } from "./browser.mjs";

const [base, pictures, grid, hostile] = process.argv.slice(2);
const browser = await Watched.start(base, pictures);

const best = (await (await fetch(`${base}/api/v1/sweeps/${grid}/leaderboard?top=1`, { headers })).json())[0].trial;

const pages = [
  ["sweeps", "/", ".list tbody tr"],
  ["sweep", `/s/${grid}`, ".events li"],
  ["trials", `/s/${grid}/trials`, ".virtual tbody tr a"],
  [
    "trials-filtered",
    `/s/${grid}/trials?where=${encodeURIComponent("lr < 0.002 and state == 'completed'")}&sort=-value&sel=1,2`,
    ".virtual tbody tr a",
  ],
  ["trials-by-seeds", `/s/${grid}/trials?group=seeds`, ".virtual tbody tr a"],
  ["analysis", `/s/${grid}/analysis?x=levels&y=kernel_size&sel=3`, "[data-chart=heat] [data-ready]"],
  ["compare", `/s/${grid}/compare?sel=1,2,5`, "[data-ready]"],
  ["file", `/s/${grid}/file`, ".log"],
  ["trial", `/t/${grid}/1`, "[data-ready]"],
  ["trial-best", `/t/${best}`, ".samples img"],
  ["trial-failed", `/t/${hostile}/1`, "h1"],
  ["compare-sweeps", `/compare?of=${grid},${hostile}`, ".list tbody tr"],
  ["workers", "/workers", ".cards li"],
  ["query", "/query", "textarea"],
  ["new", "/new", "textarea"],
  ["nothing", "/nowhere", ".empty"],
  ["no-sweep", "/s/none-1234", ".empty a"],
  ["no-trial", `/t/${grid}/9999`, ".empty a"],
];

try {
  browser.expected.push(/status of 404/);
  for (const scheme of ["light", "dark"]) {
    const page = await browser.page(scheme);
    for (const [name, path, there] of pages) {
      await page.goto(base + path);
      await page.locator(there).first().waitFor();
      if (name === "query") {
        await page.getByRole("button", { name: "Run" }).click();
        await page.locator(".panel tbody tr").first().waitFor();
      }
      // A theme changes colours, not widths: SEQSWEEP_PICTURES=all takes every picture in both.
      for (const width of scheme === "light" || process.env.SEQSWEEP_PICTURES === "all" ? [390, 1024, 1440] : [1440]) {
        await page.setViewportSize({ width, height: 900 });
        await page.waitForTimeout(150);
        await browser.picture(page, `${name}-${width}-${scheme}`);
        await browser.checkWidth(page, `${name} at ${width}`);
      }
      await browser.check(page, `${name} ${scheme}`, scheme === "dark" ? ofColours : undefined);
    }
    await page.context().close();
  }

  // Whoever is not known sees how to get in and nothing else; a link lets in once, and its code does not stay in the address.
  browser.expected.push(/status of 401/);
  for (const scheme of ["light", "dark"]) {
    const stranger = await browser.stranger(scheme);
    const link = await browser.link();
    await stranger.goto(`${base}/s/${grid}`);
    await stranger.getByText("seqsweep open", { exact: true }).waitFor();
    expect(!(await stranger.content()).includes("trial"), "nothing of the sweep");
    await browser.picture(stranger, `sign-in-${scheme}`);
    await browser.check(stranger, `sign-in ${scheme}`, scheme === "dark" ? ofColours : undefined);
    await stranger.goto(link);
    await stranger.locator(".list tbody tr").first().waitFor();
    expect(stranger.url() === `${base}/`, `no code in the address: ${stranger.url()}`);
    expect((await stranger.evaluate(() => document.cookie)) === "", "a cookie that no script reads");
    const another = await browser.stranger(scheme);
    await another.goto(link);
    await another.getByText(/was used already/).waitFor();
    await another.context().close();
    await stranger.context().close();
  }

  const page = await browser.page();

  // Sort and filter in the table; the address keeps them.
  await page.goto(`${base}/s/${grid}/trials`);
  await page.getByRole("button", { name: /^val_accuracy/ }).click();
  await page.waitForURL(/sort=-value/); // the best first
  await page.getByLabel("Where").fill("state == 'failed'");
  await page.keyboard.press("Enter");
  await page.waitForURL(/where=/);
  await page.getByText(/ of \d+ trials/).waitFor();
  expect(
    (await page.locator(".virtual tbody .state").allTextContents()).every((text) => text.includes("failed")),
    "failed trials only",
  );

  // One selection over the views, and out to the clipboard.
  await page.goto(`${base}/s/${grid}/trials`);
  await page.getByLabel("select trial 2", { exact: true }).check();
  await page.getByLabel("select trial 3", { exact: true }).check();
  await page.getByRole("button", { name: /Copy as YAML/ }).click();
  await page.getByText("copied").first().waitFor();
  const yaml = await page.evaluate(() => navigator.clipboard.readText());
  expect(/^enqueue:\n {2}- \{.*lr: /.test(yaml), `YAML of the selection, not ${yaml}`);
  await page.getByRole("link", { name: "Compare", exact: true }).first().click();
  await page.waitForURL(/compare\?sel=2(%2C|,)3/);
  await page.locator(".differs").first().waitFor();
  await page.getByRole("link", { name: "Analysis" }).click();
  await page.waitForURL(/sel=2(%2C|,)3/);

  // Pinned columns stay in sight when the table is scrolled sideways.
  await page.setViewportSize({ width: 700, height: 900 });
  await page.goto(`${base}/s/${grid}/trials`);
  await page.locator(".virtual tbody tr a").first().waitFor();
  await page.getByText("Columns", { exact: true }).click();
  await page.getByLabel("pin lr", { exact: true }).check();
  await page.waitForURL(/pin=lr/);
  await page.keyboard.press("Escape");
  const places = () =>
    page
      .locator(".virtual tbody tr")
      .nth(2)
      .evaluate((row) =>
        [...row.cells].filter((cell) => cell.matches(".pinned")).map((cell) => Math.round(cell.getBoundingClientRect().left)),
      );
  const before = await places();
  expect(before.length === 3, `box, number and lr pinned, not ${before.length}`);
  await page.locator(".virtual").evaluate((table) => table.scrollTo(200, 0));
  await page.waitForFunction(() => document.querySelector(".virtual").scrollLeft > 100);
  const after = await places();
  expect(
    after.every((left, i) => i === 0 || left > after[i - 1]) && after[0] >= 0 && after[2] < 300,
    `pinned columns beside each other in sight, not at ${after}`,
  );
  await page.setViewportSize({ width: 1280, height: 900 });

  // All curves at once, as a picture and as a table.
  await page.goto(`${base}/s/${grid}/analysis`);
  const curves = page.locator("[data-chart=curves]");
  await curves.locator("[data-ready]").waitFor();
  expect(/curves of val_accuracy/.test(await curves.getByRole("img").getAttribute("aria-label")), "the curves in words");
  await curves.getByRole("button", { name: "as table" }).click();
  expect(/^the first 500 of \d+ rows/.test(await curves.locator("p.dim").textContent()), "a row per trial and epoch");

  // A brush by fields keeps fewer lines, and the address has it.
  await page.getByText("Axes and brushes by fields").click();
  await page.getByRole("spinbutton", { name: "levels from" }).fill("7");
  await page.keyboard.press("Tab");
  await page.waitForURL(/brush=levels/);
  await page.getByText(/\d+ of \d+ kept/).waitFor();

  // What a trained network makes of digits, as pictures that are there and say what they are.
  await page.goto(`${base}/t/${best}`);
  await page.locator(".samples img").nth(23).waitFor();
  await page.waitForFunction(() =>
    [...document.querySelectorAll(".samples img")].every((image) => image.complete && image.naturalWidth === 28),
  );
  expect((await page.locator(".samples li.wrong").count()) === 1, "one wrong digit");
  expect(/^test image 0, \d$/.test(await page.locator(".samples img").first().getAttribute("alt")), "a picture's text");

  // A wrong filter says what is wrong.
  browser.expected.push(/status of 4\d\d/);
  await page.goto(`${base}/s/${grid}/trials?where=${encodeURIComponent("lrr < 1")}`);
  await page.getByText("there is no 'lrr'").waitFor();
  await page.getByText("did you mean 'lr'?").waitFor();

  // Queries only read, and what runs for ever is stopped.
  await page.goto(`${base}/query`);
  for (const [sql, said] of [
    ["delete from trial", "a query only reads"],
    ["attach 'x.db' as x", "a query only reads"],
    ["pragma journal_mode = delete", "a query only reads"],
    ["select valeu from trials", "no such column: valeu"],
  ]) {
    await page.getByLabel("SQL").fill(sql);
    await page.keyboard.press("Control+Enter");
    await page.getByText(said).waitFor();
  }

  // Markup in names, parameters and messages is text.
  await page.goto(`${base}/t/${hostile}/1`);
  await page.getByText("<img src=x onerror=alert(1)>").first().waitFor();
  expect((await page.locator("main img").count()) === 0, "no picture made of a parameter");

  // From the list to a trial by keyboard alone.
  await page.goto(base);
  await page.locator(".list tbody tr").first().waitFor();
  await page.keyboard.press("Tab");
  expect((await page.evaluate(() => document.activeElement?.textContent)) === "To the content", "the way past the navigation first");
  await page.keyboard.press("Enter");
  // Past the fields and the heads of the columns.
  let first = null;
  for (let i = 0; i < 20 && !first?.startsWith("/s/"); i++) {
    await page.keyboard.press("Tab");
    first = await page.evaluate(() => document.activeElement?.getAttribute("href"));
  }
  expect(first?.startsWith("/s/"), `the first sweep's link in focus, not ${first}`);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/s\//);
  await page.locator("h1").waitFor();
  await browser.close();
} catch (error) {
  browser.problems.push(error.stack ?? String(error));
  await browser.close();
}
say(browser.problems);
