// The parts of Apache ECharts that charts here are made of; it comes with the first chart, not with the page.

import { CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, ToolboxComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([CanvasRenderer, CustomChart, GridComponent, LegendComponent, LineChart, ScatterChart, ToolboxComponent, TooltipComponent]);

export { init };
