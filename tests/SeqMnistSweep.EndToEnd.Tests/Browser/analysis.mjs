// Pictures of the analysis page against SQL: contour, rank, front, rungs, the distribution of values and the way to the best.
import { headers } from "./browser.mjs";
import { differences, Scale, scalesOf } from "./drawn.mjs";

const File = `name: plane
program: ask
method: random
run_cap: 14
metrics: [{name: acc, goal: maximize}, {name: cost, goal: minimize}, {name: size, goal: minimize}]
parameters: {x: {min: 0.0, max: 1.0}, y: {min: 0.0, max: 1.0}}
constraints: [{require: x + y <= 1.2}]
`;

/** A sweep of three metrics with a region that is ruled out, told to the head; the metrics of every fifth trial are not whole. */
async function told(base) {
  const post = async (path, body) => {
    const answer = await fetch(`${base}/api/v1/${path}`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  };
  const { sweep } = await post("sweeps", { source: File, file_name: "plane.yaml" });
  for (let i = 0; i < 14; i++) {
    const { trial, lease, parameters } = await post(`sweeps/${sweep}/ask`, { client: "pictures" });
    const { x, y } = parameters;
    const size = i % 5 === 4 ? "NaN" : 10 * (1 - x) + y;
    await post(`sweeps/${sweep}/tell`, { trial, lease, metrics: { acc: 0.5 + 0.3 * x - 0.2 * y * y, cost: 1 + x * y, size } });
  }
  return sweep;
}

const point = (one) => [one];
const dotsOf = (drawn, name) => (drawn.series.find((one) => one.name === name)?.dots ?? []).map(point);

async function contour(drawn, sweep, sql) {
  const rows = (await sql(`select params, value from trials where sweep = '${sweep}' and state = 'completed'`)).map((row) =>
    JSON.parse(row.params),
  );
  const { x, y } = scalesOf(drawn);
  const cells = Array.from({ length: 40 * 30 }, (_, i) => [((i % 40) + 0.5) / 40, (Math.floor(i / 40) + 0.5) / 30]);
  const hatched = drawn.series[0].items
    .filter((parts) => parts.length > 1)
    .map(([{ points, size }]) => [[points[0][0] + size[0] / 2, points[0][1] + size[1] / 2]]);
  const barred = cells.filter(([a, b]) => a + b > 1.2).map(([a, b]) => [[x.at(a), y.at(b)]]);
  return [
    ...differences(
      `contour of ${sweep}`,
      dotsOf(drawn, "configurations"),
      rows.map((row) => [[x.at(row.x), y.at(row.y)]]),
    ),
    ...differences(`what is ruled out in ${sweep}`, hatched, barred),
  ];
}

async function rank(drawn, sweep, sql) {
  const rows = (await sql(`select params from trials where sweep = '${sweep}' and value is not null`)).map((row) => JSON.parse(row.params));
  const { x, y } = scalesOf(drawn);
  return differences(
    `rank of ${sweep}`,
    dotsOf(drawn, "trials"),
    rows.map((row) => [[x.at(row.lr), y.at(row.levels)]]),
  );
}

async function front(drawn, sweep, [a, b], sql) {
  const rows = await sql(
    `select t.trial, r.metrics, t.trial in (select trial from pareto where sweep = t.sweep) as best
     from trials t join reports r on r.trial = t.trial and r.epoch = t.epoch where t.sweep = '${sweep}' and t.state = 'completed'`,
  );
  const { x, y } = scalesOf(drawn);
  const whole = rows.map((row) => ({ ...JSON.parse(row.metrics), best: row.best === 1 })).filter((row) => typeof row.size === "number");
  return [true, false].flatMap((best) =>
    differences(
      `front of ${sweep}, ${a} and ${b}, ${best ? "best" : "beaten"}`,
      dotsOf(drawn, best ? "beaten by none" : "beaten by another"),
      whole.filter((row) => row.best === best).map((row) => [[x.at(row[a]), y.at(row[b])]]),
    ),
  );
}

/** Dots lie beside the middle of their epoch, so that none hides another. */
async function rungs(drawn, sweep, sql) {
  const rows = await sql(
    `select r.epoch, r.val_accuracy as value, t.state = 'pruned' and r.epoch = t.epochs as stopped
     from reports r join trials t on t.trial = r.trial
     where r.sweep = '${sweep}' and r.val_accuracy is not null and (r.epoch in (select epochs from trials where sweep = '${sweep}' and state = 'pruned')
       or r.epoch = (select max(epochs) from trials where sweep = '${sweep}' and state in ('completed', 'pruned')))`,
  );
  const [x, { y }] = [new Scale(drawn.labels.x, null), scalesOf(drawn)];
  const middles = [...x.words.values()].sort((a, b) => a - b);
  const reach = 0.32 * (middles[1] - middles[0]);
  const at = (row) => [[x.at(row.epoch), y.at(row.value), reach]];
  const groups = drawn.series.map((one) => one.name);
  return [
    ...differences(
      `rungs of ${sweep}`,
      groups.flatMap((name) => dotsOf(drawn, name)),
      rows.map(at),
    ),
    ...differences(`stopped in ${sweep}`, dotsOf(drawn, "stopped here"), rows.filter((row) => row.stopped === 1).map(at)),
  ];
}

/** A line that goes across before it goes up, as its corners. */
const corners = (points) =>
  points.flatMap(([x, y], i) =>
    i === 0
      ? [[x, y]]
      : [
          [x, points[i - 1][1]],
          [x, y],
        ],
  );

async function edf(drawn, sweep, sql, once) {
  const rows = await sql(`select value from leaderboard where sweep = '${sweep}' and seeds = planned_seeds and value is not null`);
  const { x, y } = scalesOf(drawn);
  const values = rows.map((row) => row.value).sort((a, b) => a - b);
  const steps = values.map((value, i) => [value, (i + 1) / values.length]);
  const line = corners([[values[0], 0], ...steps]).map(([value, share]) => [x.at(value), y.at(share)]);
  return differences(`distribution of ${sweep}`, once(drawn.series[0].line), once(line));
}

async function progress(drawn, sweep, sql, once) {
  const rows = await sql(
    `select configuration, value from trials where sweep = '${sweep}' and state = 'completed' order by finished, number`,
  );
  const [{ seeds }] = await sql(`select seeds from sweeps where sweep = '${sweep}'`);
  const { x, y } = scalesOf(drawn);
  const [done, points] = [new Map(), []];
  rows.forEach(({ configuration, value }, i) => {
    const values = [...(done.get(configuration) ?? []), value];
    done.set(configuration, values);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    if (values.length === seeds && values.every((one) => one !== null) && mean > (points.at(-1)?.[1] ?? Number.NEGATIVE_INFINITY))
      points.push([i + 1, mean]);
  });
  if (rows.length > points.at(-1)[0]) points.push([rows.length, points.at(-1)[1]]);
  const line = corners(points).map(([at, value]) => [x.at(at), y.at(value)]);
  return differences(`way of ${sweep}`, once(drawn.series[0].line), once(line));
}

/** @param ready Goes to an address and reads a picture. */
export async function analysis(page, base, mixed, { ready, sql, once }) {
  const plane = await told(base);
  const at = (sweep, more = "") => `/s/${sweep}/analysis${more}`;
  const problems = [
    ...(await contour(await ready(page, at(plane, "?cx=x&cy=y"), "contour"), plane, sql)),
    ...(await rank(await ready(page, at(mixed, "?rx=lr&ry=levels"), "rank"), mixed, sql)),
    ...(await rungs(await ready(page, at(mixed), "rungs"), mixed, sql)),
    ...(await edf(await ready(page, at(mixed), "edf"), mixed, sql, once)),
    ...(await progress(await ready(page, at(mixed), "progress"), mixed, sql, once)),
  ];
  for (const pair of [
    ["acc", "cost"],
    ["acc", "size"],
    ["cost", "size"],
  ]) {
    problems.push(...(await front(await ready(page, at(plane), `front-${pair.join("-")}`), plane, pair, sql)));
  }
  return problems;
}
