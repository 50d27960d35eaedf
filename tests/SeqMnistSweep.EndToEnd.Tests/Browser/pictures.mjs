// Every picture of a sweep with all that makes pictures hard, compared with SQL: what was drawn is read off the drawing, and what its axes'
// labels say. Then five pictures are made wrong on their way, and each must be found out. Arguments: the head's address, where pictures go,
// a sweep with infeasible points.
import { analysis } from "./analysis.mjs";
import { expect, headers, say, Watched } from "./browser.mjs";
import { differences, read, Scale, scalesOf } from "./drawn.mjs";

const [base, pictures, grid] = process.argv.slice(2);
const [mixed, single, pruned, many] = ["mixed-p1ct", "single-0ne1", "pruned-0n1y", "many-c5rv"];
const browser = await Watched.start(base, pictures);

async function sql(text) {
  const answer = await fetch(`${base}/api/v1/query`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ sql: text, max_rows: 10_000 }),
  });
  const { columns, rows, error } = await answer.json();
  if (error) throw new Error(error.message);
  const plain = (value) => (typeof value === "object" && value !== null && "real" in value ? Number(value.real) : value);
  return rows.map((row) => Object.fromEntries(row.map((value, i) => [columns[i], plain(value)])));
}

function group(rows, by) {
  const found = new Map();
  for (const row of rows) found.set(row[by], [...(found.get(row[by]) ?? []), row]);
  return found;
}

const trials = (sweep) =>
  sql(`select number, configuration, state, value, params, finished from trials where sweep = '${sweep}' order by finished, number`);
const seriesOf = (drawn, name) => drawn.series.find((one) => one.name === name) ?? { dots: [], line: [], items: [] };

/** A curve's stretches between its gaps. */
function stretches(points) {
  const found = [[]];
  for (const point of points) {
    if (point[1] === null) found.push([]);
    else found.at(-1).push(point);
  }
  return found.filter((one) => one.length > 0);
}

/** Points of each state against what the database has of it. */
function dots(what, drawn, expected) {
  const names = [...new Set([...expected.keys(), ...drawn.series.filter((one) => one.type === "scatter").map((one) => one.name)])];
  return names.flatMap((name) =>
    differences(
      `${what}, ${name}`,
      seriesOf(drawn, name).dots.map((at) => [at]),
      (expected.get(name) ?? []).map((at) => [at]),
    ),
  );
}

const checks = {
  /** Dots by the order of the ends; the line goes up where a configuration is complete and the best. */
  async history(drawn, sweep) {
    const rows = (await trials(sweep)).filter((row) => row.finished !== null);
    const [{ seeds }] = await sql(`select seeds from sweeps where sweep = '${sweep}'`);
    const { x, y } = scalesOf(drawn);
    const at = (i, value) => [x.at(i), y.at(value)];
    const shown = rows.map((row, i) => ({ ...row, at: i + 1 })).filter((row) => row.value !== null);
    const byState = new Map([...group(shown, "state")].map(([state, of]) => [state, of.map((row) => at(row.at, row.value))]));
    const done = new Map();
    const line = [];
    let best = Number.NEGATIVE_INFINITY;
    for (const row of shown.filter((one) => one.state === "completed")) {
      const values = [...(done.get(row.configuration) ?? []), row.value];
      done.set(row.configuration, values);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      if (values.length < seeds || mean <= best) continue;
      if (line.length > 0) line.push(at(row.at, best));
      line.push(at(row.at, mean));
      best = mean;
    }
    if (line.length > 0) line.push(at(rows.length, best));
    const drawnLine = seriesOf(drawn, "best so far").line;
    return [...dots(`history of ${sweep}`, drawn, byState), ...differences(`best so far of ${sweep}`, once(drawnLine), once(line))];
  },

  async slice(drawn, sweep, name) {
    const rows = (await trials(sweep)).filter((row) => row.value !== null).map((row) => ({ ...row, of: JSON.parse(row.params)[name] }));
    const { x, y } = scalesOf(drawn);
    const numeric = rows.every((row) => row.of === undefined || typeof row.of === "number");
    const words = [...x.words.values()];
    const apart = words.length > 1 ? Math.abs(words[1] - words[0]) : 200;
    const point = (row) =>
      numeric ? [x.at(row.of), y.at(row.value)] : [x.at(row.of === undefined ? "not set" : String(row.of)), y.at(row.value), 0.32 * apart];
    const shown = numeric ? rows.filter((row) => row.of !== undefined) : rows;
    return dots(`slice of ${sweep} by ${name}`, drawn, new Map([...group(shown, "state")].map(([state, of]) => [state, of.map(point)])));
  },

  async curves(drawn, sweep) {
    const rows = await sql(`select number, epoch, val_accuracy as value from reports where sweep = '${sweep}' order by number, epoch`);
    const { x, y } = scalesOf(drawn);
    const expected = [...group(rows, "number").values()].flatMap((of) =>
      stretches(of.map((row) => [row.epoch, row.value])).map((line) => line.map(([epoch, value]) => [x.at(epoch), y.at(value)])),
    );
    return differences(
      `curves of ${sweep}`,
      drawn.series[0].items.flat().map((part) => part.points),
      expected,
    );
  },

  /** Every value lies in a cell, and every cell has one. */
  async density(drawn, sweep) {
    const rows = await sql(
      `select epoch, val_accuracy as value from reports where sweep = '${sweep}' and val_accuracy is not null order by epoch, val_accuracy`,
    );
    const { x, y } = scalesOf(drawn);
    const cells = seriesOf(drawn, "curves")
      .items.flat()
      .map(({ points: [[left, top]], size: [width, height] }) => ({ left, top, right: left + width, bottom: top + height, hit: false }));
    let outside = 0;
    // One in a hundred at either end lies in the row of the edge.
    const sorted = rows.map((row) => row.value).sort((a, b) => a - b);
    const [low, high] = [0.01, 0.99].map((share) => sorted[Math.ceil(share * sorted.length) - 1]);
    for (const { epoch, value } of rows) {
      const [px, py] = [x.at(epoch), y.at(Math.min(high, Math.max(low, value)))];
      const hit = cells.filter((cell) => px >= cell.left - 1 && px <= cell.right + 1 && py >= cell.top - 1 && py <= cell.bottom + 1);
      if (hit.length === 0) outside++;
      for (const cell of hit) cell.hit = true;
    }
    const medians = [...group(rows, "epoch")].map(([epoch, of]) => [x.at(epoch), y.at(of[Math.ceil(of.length / 2) - 1].value)]);
    return [
      ...(outside > 0 ? [`density of ${sweep}: ${outside} of ${rows.length} values lie in no cell`] : []),
      ...(cells.some((cell) => !cell.hit)
        ? [`density of ${sweep}: ${cells.filter((cell) => !cell.hit).length} of ${cells.length} cells have no value`]
        : []),
      ...differences(
        `median of ${sweep}`,
        seriesOf(drawn, "median").line.map((one) => [one]),
        medians.map((one) => [one]),
        4,
      ),
    ];
  },

  /** The text of a cell says the best value of its pair; the words beside it which pair that is. */
  async heat(drawn, sweep, a, b, isBarred = () => false) {
    const rows = (await trials(sweep)).filter((row) => row.value !== null).map((row) => ({ ...JSON.parse(row.params), value: row.value }));
    const best = new Map();
    for (const row of rows)
      if (row[a] !== undefined && row[b] !== undefined)
        best.set(`${row[a]} ${row[b]}`, Math.max(best.get(`${row[a]} ${row[b]}`) ?? Number.NEGATIVE_INFINITY, row.value));
    const [x, y] = [new Scale(drawn.labels.x, null), new Scale(drawn.labels.y, null)];
    const near = (scale, at) => [...scale.words].sort((one, other) => Math.abs(one[1] - at) - Math.abs(other[1] - at))[0][0];
    const found = new Map(
      drawn.series[0].items.map((parts) => {
        const [
          {
            points: [[left, top]],
            size: [width, height],
            text,
          },
        ] = parts;
        return [`${near(x, left + width / 2)} ${near(y, top + height / 2)}`, parts.length > 1 ? "hatched" : text];
      }),
    );
    const expected = new Map([...best].map(([pair, value]) => [pair, `${(100 * value).toFixed(2)} %`]));
    for (const one of x.words.keys())
      for (const other of y.words.keys()) if (isBarred(Number(one), Number(other))) expected.set(`${one} ${other}`, "hatched");
    return [...new Set([...found.keys(), ...expected.keys()])]
      .filter((pair) => found.get(pair) !== expected.get(pair))
      .map((pair) => `heat map of ${sweep}: ${pair} says ${found.get(pair)}, not ${expected.get(pair)}`);
  },

  async survival(drawn, sweep) {
    const rows = await sql(`select epochs from trials where sweep = '${sweep}' and state in ('completed', 'pruned')`);
    const { x, y } = scalesOf(drawn);
    const most = Math.max(...rows.map((row) => row.epochs));
    const line = Array.from({ length: most }, (_, i) => [i + 1, rows.filter((row) => row.epochs > i).length]);
    const corners = line.flatMap(([at, count], i) => [
      ...(i === 0
        ? []
        : [
            [at - 0.5, line[i - 1][1]],
            [at - 0.5, count],
          ]),
      [at, count],
    ]);
    return differences(
      `survival of ${sweep}`,
      once(drawn.series[0].line),
      once(corners.map(([epoch, count]) => [x.at(epoch), y.at(count)])),
    );
  },

  /** Lines by their names: `of` maps a name to its points. */
  lines(what, drawn, of) {
    const { x, y } = scalesOf(drawn);
    const names = [...new Set([...Object.keys(of), ...drawn.series.map((one) => one.name)])];
    return names.flatMap((name) =>
      differences(
        `${what}, ${name}`,
        stretches(seriesOf(drawn, name).line).map((line) => line),
        stretches(of[name] ?? []).map((line) => line.map(([at, value]) => [x.at(at), y.at(value)])),
      ),
    );
  },

  async timeline(drawn) {
    const rows = await sql("select trial, worker, started, ended from attempts where started is not null order by started desc limit 2000");
    const minutes = (time) =>
      new Date(time).getHours() * 60 +
      new Date(time).getMinutes() +
      new Date(time).getSeconds() / 60 +
      new Date(time).getMilliseconds() / 60_000;
    const x = new Scale(
      drawn.labels.x.filter(([, text]) => /^\d\d:\d\d$/.test(text)),
      false,
    );
    // A worker's rows go from its name to that of the next one.
    const lanes = drawn.labels.y.filter(([, text]) => text !== "").sort((a, b) => a[0] - b[0]);
    const laneOf = (name) => 1000 * lanes.findIndex(([, text]) => text === name);
    const bars = drawn.series[0].items.flat().map(({ points: [[left, top]], size: [width, height] }) => {
      const lane = lanes.findLast(([at]) => at <= top + height / 2 + 1);
      return [left, left + width].map((at) => [at, laneOf(lane?.[1])]);
    });
    const expected = rows.map((row) => [row.started, row.ended].map((time) => [x.at(minutes(time)), laneOf(row.worker)]));
    return differences("timeline", bars, expected);
  },

  /** No library drew it: every line's pixels, halfway between its axes and nearer to one, are not the background's. */
  async parallel(page, sweep) {
    const rows = (await trials(sweep)).filter((row) => row.value !== null);
    const { axes, pixels } = await page.evaluate(() => {
      const host = document.querySelector(".parallel");
      const canvas = host.querySelector("canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const rgb = new Uint32Array(data.buffer);
      return { axes: host.drawn.axes, pixels: { width: canvas.width, of: [...rgb] } };
    });
    const background = pixels.of[0];
    const places = axes.map((axis) => ({ ...axis, scale: axis.labels }));
    const yOf = (axis, value) => {
      const words = new Map(axis.labels.map(([at, text]) => [text, at]));
      if (value === undefined) return words.get("not set");
      if (typeof value !== "number") return words.get(String(value));
      const known = axis.labels.filter(([, text]) => text !== "not set");
      for (const log of [false, true]) {
        try {
          return new Scale(known, log).at(value);
        } catch {
          // Not on this scale.
        }
      }
      throw new Error(`the labels of ${axis.name} are no scale: ${JSON.stringify(known)}`);
    };
    const problems = [];
    for (const row of rows) {
      const values = { ...JSON.parse(row.params), val_accuracy: row.value };
      for (let i = 1; i < places.length; i++) {
        const [[x0, y0], [x1, y1]] = [places[i - 1], places[i]].map((axis) => [axis.x, yOf(axis, values[axis.name])]);
        for (const share of [0.2, 0.5, 0.9]) {
          const [x, y] = [Math.round(x0 + (x1 - x0) * share), Math.round(y0 + (y1 - y0) * share)];
          const there = [-3, -2, -1, 0, 1, 2, 3].some((d) => pixels.of[(y + d) * pixels.width + x] !== background);
          if (!there)
            problems.push(`parallel of ${sweep}: trial ${row.number} is not drawn between ${places[i - 1].name} and ${places[i].name}`);
        }
      }
    }
    return problems.slice(0, 6);
  },
};

/** Points of a line one by one, those that follow an equal one left out. */
function once(all) {
  const line = all.filter(([x]) => Number.isFinite(x));
  return line.filter(([x, y], i) => i === 0 || Math.hypot(x - line[i - 1][0], y - line[i - 1][1]) > 0.5).map((one) => [one]);
}

const ready = async (page, path, name) => {
  await page.goto(base + path);
  await page.locator(`[data-chart="${name}"] [data-ready]`).waitFor();
  await page.waitForFunction(() => !document.querySelector("main .wait"));
  return read(page, name);
};

/** A chart's table has a row for each of its points, and a tip says which trial that is. */
async function table(page, name, rows) {
  const figure = page.locator(`[data-chart="${name}"]`);
  await figure.getByRole("button", { name: "as table" }).click();
  const found = await figure.locator("tbody tr").count();
  await figure.getByRole("button", { name: "as picture" }).click();
  return found === Math.min(500, rows) ? [] : [`the table of ${name} has ${found} rows, not ${rows}`];
}

async function tip(page, sweep) {
  await page.locator('[data-chart="slice"] [data-ready]').waitFor();
  await page.evaluate(() =>
    document.querySelector('[data-chart="slice"] .drawn').chart.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: 0 }),
  );
  const text = await page.locator('[data-chart="slice"] .tip').textContent();
  const number = Number(/^trial (\d+)/.exec(text)[1]);
  const row = (await trials(sweep)).find((one) => one.number === number);
  return text.includes(`${(100 * row.value).toFixed(2)} %`) && text.includes(row.state) ? [] : [`the tip of trial ${number} says ${text}`];
}

async function all(page) {
  const problems = [];
  for (const sweep of [mixed, single, pruned]) problems.push(...(await checks.history(await ready(page, `/s/${sweep}`, "history"), sweep)));
  for (const name of ["levels", "lr", "optimizer", "momentum", "nesterov", "l2"]) {
    problems.push(...(await checks.slice(await ready(page, `/s/${mixed}/analysis?slice=${name}`, "slice"), mixed, name)));
  }
  const valued = (await trials(mixed)).filter((row) => row.value !== null).length;
  problems.push(...(await table(page, "slice", valued)), ...(await tip(page, mixed)), ...(await table(page, "parallel", valued)));
  problems.push(...(await checks.slice(await ready(page, `/s/${pruned}/analysis?slice=lr`, "slice"), pruned, "lr")));
  problems.push(...(await checks.parallel(page, pruned)));
  await ready(page, `/s/${mixed}/analysis`, "slice");
  problems.push(...(await checks.parallel(page, mixed)));
  for (const sweep of [mixed, single]) problems.push(...(await checks.curves(await ready(page, `/s/${sweep}/analysis`, "curves"), sweep)));
  problems.push(...(await checks.survival(await ready(page, `/s/${mixed}/analysis`, "survival"), mixed)));
  problems.push(
    ...(await checks.heat(await ready(page, `/s/${mixed}/analysis?x=levels&y=optimizer`, "heat"), mixed, "levels", "optimizer")),
  );
  const tooShort = (levels, kernel) => 1 + 2 * (kernel - 1) * (2 ** levels - 1) < 784;
  problems.push(
    ...(await checks.heat(
      await ready(page, `/s/${grid}/analysis?x=levels&y=kernel_size`, "heat"),
      grid,
      "levels",
      "kernel_size",
      tooShort,
    )),
  );
  problems.push(...(await checks.density(await ready(page, `/s/${many}/analysis`, "density"), many)));
  problems.push(...(await compare(page)));
  for (const [name, column] of [
    ["accuracy", "val_accuracy"],
    ["loss", "val_loss"],
  ]) {
    const rows = await sql(`select epoch, ${column} as value from reports where trial = '${mixed}/9' order by epoch`);
    const drawn = await ready(page, `/t/${mixed}/9`, `curves-${name}`);
    problems.push(...checks.lines(`${name} of trial 9`, drawn, { [column]: rows.map((row) => [row.epoch, row.value]) }));
  }
  const stepped = await sql(`select step, metrics from steps where trial = '${mixed}/1' order by step`);
  problems.push(
    ...checks.lines("steps", await ready(page, `/t/${mixed}/1`, "steps-grad_norm"), {
      grad_norm: stepped.map((row) => [row.step, JSON.parse(row.metrics).grad_norm]),
    }),
  );
  problems.push(...(await checks.timeline(await ready(page, "/workers", "timeline"))));
  // Last, for it tells of trials of today.
  problems.push(...(await analysis(page, base, mixed, { ready, sql, once })));
  return problems;
}

async function compare(page) {
  const rows = await sql(
    `select number, epoch, val_accuracy as value from reports where sweep = '${mixed}' and number in (1, 2, 5) order by number, epoch`,
  );
  const drawn = await ready(page, `/s/${mixed}/compare?sel=1,2,5`, "compare");
  // A label goes on with what differs.
  for (const one of drawn.series) one.name = /^trial \d+/.exec(one.name)[0];
  return checks.lines(
    "compare",
    drawn,
    Object.fromEntries([...group(rows, "number")].map(([number, of]) => [`trial ${number}`, of.map((row) => [row.epoch, row.value])])),
  );
}

/** Changes an answer of the head on its way. */
async function changed(page, path, change) {
  await page.route(path, async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    change(json);
    await route.fulfill({ response, json });
  });
}

const faults = {
  "a dropped point": async (page) => {
    await changed(page, /\/trials\?/, ({ columns }) => {
      for (const column of Object.values(columns)) column.splice(3, 1);
    });
    return checks.slice(await ready(page, `/s/${mixed}/analysis?slice=lr`, "slice"), mixed, "lr");
  },
  "a shifted axis": async (page) => {
    await ready(page, `/s/${mixed}/analysis?slice=levels`, "slice");
    await page.evaluate(() =>
      document
        .querySelector('[data-chart="slice"] .drawn')
        .chart.setOption({ xAxis: { axisLabel: { formatter: (value) => String(value + 1) } } }),
    );
    return checks.slice(await read(page, "slice"), mixed, "levels");
  },
  "another unit": async (page) => {
    await changed(page, /\/trials\?/, ({ columns }) => {
      columns.value = columns.value.map((value) => value && value * 100);
    });
    return checks.history(await ready(page, `/s/${pruned}`, "history"), pruned);
  },
  "a stale value": async (page) => {
    await changed(page, /\/curves\?/, (curves) => {
      curves[0].values[curves[0].values.length - 1] = curves[0].values.at(-2);
    });
    return checks.curves(await ready(page, `/s/${mixed}/analysis`, "curves"), mixed);
  },
  "a missing line": async (page) => {
    await changed(page, /\/curves\?/, (curves) => curves.splice(1, 1));
    return compare(page);
  },
};

try {
  const page = await browser.page();
  await page.setViewportSize({ width: 1440, height: 1000 });
  browser.problems.push(...(await all(page)));
  await page.context().close();
  for (const [fault, of] of Object.entries(faults)) {
    const wrong = await browser.page();
    const found = await of(wrong);
    console.log(`${fault}: ${found[0]}`);
    expect(found.length > 0, `${fault} to be found`);
    // What is still on its way is no longer anybody's.
    await wrong.unrouteAll({ behavior: "ignoreErrors" });
    await wrong.context().close();
  }
} catch (error) {
  browser.problems.push(error.stack ?? String(error));
}
await browser.close();
say(browser.problems);
