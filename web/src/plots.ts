/** Plots with hover, drawn by ECharts in the colours of the style sheet; loaded only where a page has one. */

import { BarChart, HeatmapChart, LineChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { all } from "./page";
import { onThemeChange } from "./theme";

use([LineChart, BarChart, HeatmapChart, ScatterChart, GridComponent, TooltipComponent, VisualMapComponent, AriaComponent, SVGRenderer]);

interface Row {
  name: string;
  values: (number | null)[];
  role: "main" | "past" | "peer" | "more";
}

interface PlotData {
  kind: "line" | "bar" | "heat";
  unit: string;
  labels: string[];
  highlighted: number[];
  series: Row[];
}

interface Ink {
  ink: string;
  weak: string;
  line: string;
  edge: string;
  sheet: string;
  float: string;
  teal: string;
  soft: string;
  pale: string;
  font: string;
}

type Option = Record<string, unknown>;

const drawn = new Map<HTMLElement, EChartsType>();
const resized = new ResizeObserver((entries) => {
  for (const entry of entries) drawn.get(entry.target as HTMLElement)?.resize();
});
onThemeChange(() => drawn.forEach((chart, canvas) => chart.setOption(options(readData(canvas), readInk(canvas)), { notMerge: true })));

export function drawAll(root: ParentNode): void {
  forgetRemoved();
  for (const canvas of all<HTMLElement>("[data-plot] > .canvas", root)) {
    if (drawn.has(canvas)) continue;
    const chart = init(canvas, null, { renderer: "svg" });
    chart.setOption(options(readData(canvas), readInk(canvas)));
    drawn.set(canvas, chart);
    resized.observe(canvas);
  }
}

function forgetRemoved(): void {
  for (const [canvas, chart] of drawn) {
    if (canvas.isConnected) continue;
    resized.unobserve(canvas);
    chart.dispose();
    drawn.delete(canvas);
  }
}

function readData(canvas: HTMLElement): PlotData {
  const script = canvas.parentElement?.querySelector('script[type="application/json"]');
  return JSON.parse(script?.textContent ?? "") as PlotData;
}

/** Tokens are `light-dark()` pairs and mixtures, so a probe element is asked what they come to. */
function readInk(canvas: HTMLElement): Ink {
  const probe = canvas.ownerDocument.createElement("i");
  probe.hidden = true;
  canvas.parentElement?.append(probe);
  const colour = (value: string): string => {
    probe.style.color = value;
    return asRgb(getComputedStyle(probe).color);
  };
  const ink: Ink = {
    ink: colour("var(--ink)"),
    weak: colour("var(--ink-3)"),
    line: colour("var(--line)"),
    edge: colour("var(--edge)"),
    sheet: colour("var(--sheet)"),
    float: colour("var(--float)"),
    teal: colour("var(--teal)"),
    soft: colour("color-mix(in oklab, var(--teal) 38%, var(--sheet))"),
    pale: colour("var(--sunk)"),
    font: getComputedStyle(probe).fontFamily,
  };
  probe.remove();
  return ink;
}

/** The plot library reads rgb(), not the oklab() that mixtures compute to: one painted pixel translates. */
function asRgb(colour: string): string {
  if (colour.startsWith("rgb")) return colour;
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  if (!pen) return colour;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [r, g, b] = pen.getImageData(0, 0, 1, 1).data;
  return `rgb(${r}, ${g}, ${b})`;
}

function options(data: PlotData, ink: Ink): Option {
  const base: Option = {
    animation: false,
    textStyle: { fontFamily: ink.font, fontSize: 11, color: ink.weak },
    grid: { left: 4, right: 8, top: data.kind === "heat" ? 2 : 24, bottom: 2, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: tooltip(data, ink),
  };
  return { ...base, ...(data.kind === "heat" ? heat(data, ink) : axes(data, ink)) };
}

function tooltip(data: PlotData, ink: Ink): Option {
  return {
    trigger: data.kind === "heat" ? "item" : "axis",
    // html tooltips carry style attributes, which the content policy forbids
    renderMode: "richText",
    confine: true,
    backgroundColor: ink.float,
    borderColor: ink.line,
    borderWidth: 1,
    padding: [6, 10],
    textStyle: { color: ink.ink, fontSize: 12, fontFamily: ink.font, fontWeight: "normal" },
    axisPointer: { type: data.kind === "line" ? "line" : "shadow", lineStyle: { color: ink.edge }, shadowStyle: { color: ink.pale, opacity: 0.5 } },
    formatter: (hit: unknown) => tell(data, hit),
  };
}

function tell(data: PlotData, hit: unknown): string {
  const hits = (Array.isArray(hit) ? hit : [hit]) as { seriesName: string; dataIndex: number; value: unknown }[];
  const first = hits[0];
  if (!first) return "";
  if (data.kind === "heat") {
    const [column, row, value] = first.value as [number, number, number | null];
    return `${data.series[row]?.name ?? ""} · ${data.labels[column] ?? ""}\n${figure(value, data.unit)}`;
  }
  const place = first.dataIndex;
  const lines = data.series.map((row) => `${row.name}  ${figure(row.values[place] ?? null, data.unit)}`);
  return [data.labels[place] ?? "", ...lines].join("\n");
}

function figure(value: number | null, unit: string): string {
  return value === null ? "–" : `${value.toLocaleString("en-US")}${unit === "%" ? "" : " "}${unit}`;
}

function axes(data: PlotData, ink: Ink): Option {
  return {
    xAxis: {
      type: "category",
      data: data.labels,
      boundaryGap: data.kind === "bar",
      axisLine: { lineStyle: { color: ink.line } },
      axisTick: { show: false },
      axisLabel: { color: ink.weak, fontSize: 11, hideOverlap: true, ...(data.kind === "line" && { alignMinLabel: "left", alignMaxLabel: "right" }) },
    },
    yAxis: {
      type: "value",
      name: data.unit,
      nameTextStyle: { color: ink.weak, fontSize: 11, align: "left", padding: [0, 0, 0, -4] },
      nameGap: 8,
      splitNumber: 3,
      splitLine: { lineStyle: { color: ink.line } },
      axisLabel: { color: ink.weak, fontSize: 11 },
    },
    series: data.series.map((row) => (data.kind === "bar" ? bars(row, data, ink) : line(row, ink))),
  };
}

function line(row: Row, ink: Ink): Option {
  const isMain = row.role === "main";
  return {
    type: "line",
    name: row.name,
    data: row.values,
    showSymbol: false,
    symbolSize: 6,
    z: isMain ? 3 : 2,
    itemStyle: { color: isMain ? ink.teal : row.role === "more" ? ink.soft : ink.edge },
    lineStyle: { width: isMain ? 2 : 1.5, type: row.role === "past" ? [4, 4] : "solid" },
    emphasis: { disabled: true },
  };
}

/** What is compared with is a tick across the bar, readable in grey and at 24 columns. */
function bars(row: Row, data: PlotData, ink: Ink): Option {
  if (row.role === "past" || row.role === "peer") {
    const size = data.labels.length > 10 ? [14, 1.5] : [26, 1.5];
    return { type: "scatter", name: row.name, data: row.values, symbol: "rect", symbolSize: size, itemStyle: { color: ink.ink }, z: 4, silent: true };
  }
  const lit = new Set(data.highlighted);
  const colour = (place: number): string => (row.role === "main" && (!lit.size || lit.has(place)) ? ink.teal : ink.soft);
  const values = row.values.map((value, place) => ({ value, itemStyle: { color: colour(place) } }));
  return { type: "bar", name: row.name, data: values, barCategoryGap: "32%", emphasis: { disabled: true } };
}

function heat(data: PlotData, ink: Ink): Option {
  const cells = data.series.flatMap((row, y) => row.values.map((value, x) => [x, y, value ?? "-"]));
  const known = data.series.flatMap((row) => row.values).filter((value) => value !== null);
  const label = { color: ink.weak, fontSize: 11, hideOverlap: true };
  const plain = { axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false }, axisLabel: label };
  return {
    xAxis: { type: "category", data: data.labels, position: "top", ...plain },
    yAxis: { type: "category", data: data.series.map((row) => row.name), inverse: true, ...plain },
    visualMap: { show: false, min: 0, max: Math.max(1, ...known), inRange: { color: [ink.pale, ink.soft, ink.teal] } },
    series: [{ type: "heatmap", data: cells, itemStyle: { borderColor: ink.sheet, borderWidth: 2, borderRadius: 3 }, emphasis: { disabled: true } }],
  };
}
