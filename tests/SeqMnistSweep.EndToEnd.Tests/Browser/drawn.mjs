// What a chart drew, read off its drawing: where its labels, points, lines and rectangles lie. The chart's own data are not asked.

/** In the page: the library's instance is the element's `chart`. */
export const read = (page, name) =>
  page.evaluate((name) => {
    const { chart } = document.querySelector(`[data-chart="${name}"] .drawn`);
    const model = chart.getModel();
    const moved = (element, x, y) => {
      const m = element.getComputedTransform();
      return m ? [m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]] : [x, y];
    };
    const grid = model.getComponent("grid", 0).coordinateSystem.getRect();
    const labels = { x: [], y: [] };
    for (const leaf of chart.getZr().storage.getDisplayList(true)) {
      if (leaf.type !== "tspan" || !leaf.parent?.anid?.startsWith("label_")) continue;
      const [x, y] = moved(leaf, leaf.style.x, leaf.style.y);
      if (y > grid.y + grid.height) labels.x.push([x, leaf.style.text]);
      else labels.y.push([y, leaf.style.text]);
    }
    const partsOf = (element) => {
      const parts = [];
      element.traverse((one) => parts.push(one));
      return parts
        .filter((one) => !one.isGroup && one.shape)
        .map((one) => ({
          type: one.type,
          points: one.shape.points
            ? one.shape.points.map(([x, y]) => moved(one, x, y))
            : [moved(one, one.shape.cx ?? one.shape.x ?? 0, one.shape.cy ?? one.shape.y ?? 0)],
          size: [one.shape.width ?? 0, one.shape.height ?? 0],
          fill: one.style.fill,
          stroke: one.style.stroke,
          text: one.getTextContent()?.style.text ?? "",
        }));
    };
    const series = model.getSeries().map((one) => {
      const data = one.getData();
      const elements = Array.from({ length: data.count() }, (_, i) => data.getItemGraphicEl(i)).filter(
        (element) => element && !element.ignore,
      );
      const line = [];
      chart.getViewOfSeriesModel(one).group.traverse((element) => {
        if (element.type !== "ec-polyline") return;
        const { points } = element.shape;
        for (let i = 0; i < points.length; i += 2) line.push([points[i], points[i + 1]].map((at) => (Number.isNaN(at) ? null : at)));
      });
      return {
        name: one.name,
        type: one.subType,
        line,
        dots: one.subType === "custom" ? [] : elements.map((element) => moved(element, 0, 0)),
        items: one.subType === "custom" ? elements.map(partsOf) : [],
      };
    });
    const logs = ["xAxis", "yAxis"].map((axis) => model.getComponent(axis, 0).axis.type === "log");
    return { labels, series, log: { x: logs[0], y: logs[1] } };
  }, name);

/** A label's number; NaN where it is a word. */
const numberOf = (text) => {
  const clock = /^(\d\d):(\d\d)$/.exec(text);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]);
  const number = Number(text.replace(/ %$/, "").replaceAll(",", ""));
  return text.trim() === "" ? Number.NaN : text.endsWith(" %") ? number / 100 : number;
};

/** Where a value lies on an axis, by what its labels say to somebody who reads them. */
export class Scale {
  /** @param log Null for an axis of words, which may look like numbers. */
  constructor(labels, log) {
    this.words = new Map(labels.map(([at, text]) => [text, at]));
    this.log = log;
    if (log === null) return;
    const known = labels
      .map(([at, text]) => [at, this.#on(numberOf(text))])
      .filter(([, value]) => Number.isFinite(value))
      .sort((a, b) => a[1] - b[1]);
    if (known.length < 2) return;
    const [low, high] = [known[0], known.at(-1)];
    this.slope = (high[0] - low[0]) / (high[1] - low[1]);
    this.base = low[0] - this.slope * low[1];
    for (const [at, value] of known)
      if (Math.abs(this.base + this.slope * value - at) > 2) throw new Error(`labels do not lie on one scale: ${JSON.stringify(labels)}`);
  }

  #on = (value) => (this.log ? Math.log10(value) : value);

  /** The pixel of a number, or of a word. */
  at(value) {
    const at =
      typeof value === "number" && this.slope !== undefined ? this.base + this.slope * this.#on(value) : this.words.get(String(value));
    if (at === undefined) throw new Error(`no label says ${value}: ${[...this.words.keys()].join(", ")}`);
    return at;
  }
}

export const scalesOf = ({ labels, log }) => ({ x: new Scale(labels.x, log.x), y: new Scale(labels.y, log.y) });

/** How far two lines are apart at most, heights first; none where they cannot be the same. */
function apart(one, line, reach) {
  if (one.length !== line.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (const [i, [x, y]] of one.entries()) {
    const [across, up] = [Math.abs(x - line[i][0]), Math.abs(y - line[i][1])];
    if (across > (line[i][2] ?? reach) || up > reach) return Number.POSITIVE_INFINITY;
    most = Math.max(most, up + across / 1000);
  }
  return most;
}

/** What was drawn and not expected, and what was expected and not drawn; both are lists of points, some with a reach of their own sideways. */
export function differences(what, drawn, expected, reach = 2.5) {
  const left = [...drawn];
  const problems = [];
  for (const line of expected) {
    const distances = left.map((one) => apart(one, line, reach));
    const least = Math.min(...distances);
    if (least < Number.POSITIVE_INFINITY) left.splice(distances.indexOf(least), 1);
    else problems.push(`${what}: not drawn: ${JSON.stringify(line)}`);
  }
  for (const one of left) problems.push(`${what}: drawn but not in the database: ${JSON.stringify(one)}`);
  return problems.length > 6 ? [...problems.slice(0, 6), `${what}: ${problems.length} problems`] : problems;
}
