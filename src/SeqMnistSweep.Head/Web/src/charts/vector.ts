// A chart as SVG, which nobody pays for who does not ask for one.

import type { EChartsCoreOption } from "echarts/core";
import { use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { init } from "./library";

use([SVGRenderer]);

export function svg(option: EChartsCoreOption, width: number, height: number, background: string): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption({ ...option, backgroundColor: background, toolbox: undefined });
  const text = chart.renderToSVGString();
  chart.dispose();
  return text;
}
