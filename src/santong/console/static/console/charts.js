// Charts take their colours from the page, so that they follow light and dark.
"use strict";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const numbers = (text) => text.split(",").map(Number);
// An axis has little room: 500 million, in the reader's way of saying it.
const short = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact" });

function text() {
  return { color: colour("--soft"), fontFamily: getComputedStyle(document.body).fontFamily };
}

function hours(place) {
  const axis = { axisLine: { lineStyle: { color: colour("--line") } }, axisTick: { show: false } };
  return {
    animation: false,
    textStyle: text(),
    color: [colour("--go"), colour("--edge")],
    grid: { left: 4, right: 8, top: 34, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, itemHeight: 10, textStyle: text() },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: {
      ...axis,
      type: "category",
      data: [...Array(24).keys()].map((hour) => `${String(hour).padStart(2, "0")}:00`),
      axisLabel: { color: colour("--soft"), interval: 3 },
    },
    yAxis: {
      ...axis,
      type: "value",
      minInterval: 1,
      axisLabel: { color: colour("--soft"), formatter: (value) => short.format(value) },
      splitLine: { lineStyle: { color: colour("--line") } },
    },
    series: [
      { name: place.dataset.todayName, type: "bar", data: numbers(place.dataset.today), barMaxWidth: 18 },
      {
        name: place.dataset.beforeName,
        type: "line",
        data: numbers(place.dataset.before),
        symbol: "none",
        lineStyle: { width: 1.5, type: "dashed" },
      },
    ],
  };
}

// Longitude shrinks with the cosine of the latitude: a kilometre is as long both ways.
function around(points, width, height) {
  const span = (index) => {
    const all = points.map((point) => point[index]);
    return all.length ? [Math.min(...all), Math.max(...all)] : [0, 1];
  };
  const [west, east] = span(0);
  const [south, north] = span(1);
  const shrink = Math.max(Math.cos((((south + north) / 2) * Math.PI) / 180), 0.1);
  const degrees = 1.12 * Math.max(((east - west) * shrink) / width, (north - south) / height, 0.4 / width);
  const about = (middle, half) => ({ min: middle - half, max: middle + half });
  return {
    across: about((west + east) / 2, (degrees * width) / shrink / 2),
    up: about((south + north) / 2, (degrees * height) / 2),
  };
}

function places(place, points) {
  const { storeName, warehouseName, shutName } = place.dataset;
  const series = (name, fits, symbol, size, paint) => ({
    name,
    type: "scatter",
    data: points.filter(fits).map((point) => ({ value: [point[0], point[1]], name: point[3], id: point[2] })),
    symbol,
    symbolSize: size,
    itemStyle: { color: paint, borderColor: colour("--paper"), borderWidth: 1 },
    emphasis: { scale: 1.6 },
    large: points.length > 20000,
  });
  const window_ = around(points, place.clientWidth - 8, place.clientHeight - 38);
  const axis = (range) => ({
    type: "value",
    ...range,
    axisLabel: { show: false },
    axisTick: { show: false },
    axisLine: { show: false },
    splitLine: { lineStyle: { color: colour("--line"), opacity: 0.6 } },
  });
  return {
    animation: false,
    textStyle: text(),
    grid: { left: 4, right: 4, top: 34, bottom: 4 },
    legend: { top: 0, left: 0, itemHeight: 10, itemWidth: 14, textStyle: text() },
    tooltip: { renderMode: "richText", formatter: (point) => point.data.name },
    dataZoom: [
      { type: "inside", xAxisIndex: 0, filterMode: "none" },
      { type: "inside", yAxisIndex: 0, filterMode: "none" },
    ],
    xAxis: axis(window_.across),
    yAxis: axis(window_.up),
    series: [
      series(storeName, (point) => point[4] === "store" && point[5], "circle", 9, colour("--go")),
      series(warehouseName, (point) => point[4] === "warehouse" && point[5], "rect", 14, colour("--part-parcel")),
      series(shutName, (point) => !point[5], "emptyCircle", 9, colour("--edge")),
    ],
  };
}

function bars(place) {
  const axis = { axisLine: { lineStyle: { color: colour("--line") } }, axisTick: { show: false } };
  return {
    animation: false,
    textStyle: text(),
    color: [colour("--go")],
    grid: { left: 4, right: 8, top: 16, bottom: 4, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: { ...axis, type: "category", data: place.dataset.names.split(","), axisLabel: { color: colour("--soft") } },
    yAxis: {
      ...axis,
      type: "value",
      axisLabel: { color: colour("--soft"), formatter: (value) => short.format(value) },
      splitLine: { lineStyle: { color: colour("--line") } },
    },
    series: [{ name: place.dataset.name, type: "bar", data: numbers(place.dataset.numbers), barMaxWidth: 36 }],
  };
}

// Several series on one another: each is a hidden element with its name and its numbers.
function stack(place) {
  const paints = ["--go", "--bad", "--part-scarcity", "--part-parcel", "--part-weight", "--part-lateness"];
  const series = [...place.querySelectorAll("[data-series]")];
  const base = bars({ dataset: { names: place.dataset.names, name: "", numbers: "0" } });
  return {
    ...base,
    color: paints.concat(["--part-cross_owner", "--part-handling", "--edge"]).map(colour),
    grid: { ...base.grid, top: 44 },
    legend: { type: "scroll", top: 0, left: 0, itemHeight: 10, textStyle: text() },
    series: series.map((each) => ({
      name: each.dataset.series,
      type: "bar",
      stack: "all",
      data: numbers(each.dataset.numbers),
      barMaxWidth: 26,
    })),
  };
}

function option(kind, place, points) {
  if (kind === "stack") return stack(place);
  if (kind === "places") return places(place, points);
  return kind === "bars" ? bars(place) : hours(place);
}

async function draw(place) {
  const kind = place.dataset.chart;
  const drawing = document.createElement("div");
  drawing.className = "drawing";
  if (kind === "stack") place.append(drawing);
  const chart = window.echarts.init(kind === "stack" ? drawing : place);
  let points = [];
  if (kind === "places") {
    const answer = await fetch(place.dataset.points, { credentials: "same-origin" });
    if (answer.ok) points = (await answer.json()).points;
    chart.on("click", (event) => {
      window.location.href = `/console/places/${event.data.id}/`;
    });
  }
  const show = () => chart.setOption(option(kind, place, points), true);
  show();
  place.dataset.drawn = "yes";
  window.addEventListener("resize", () => chart.resize());
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-chart]").forEach(draw);
});
