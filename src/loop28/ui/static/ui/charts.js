/* Draws <div class="chart" data-kind data-source> from the JSON that the page carries.

   {labels: […], series: [{name, values: […], kind?, axis?}], unit: "" | "percent" | "yuan", stack?, marks?}
   Kinds: line, bar, rows (lying bars), funnel, heatmap. Values of unit yuan are whole fen. */
(function () {
  "use strict";

  var root = window.getComputedStyle(document.documentElement);
  function token(name) { return root.getPropertyValue("--" + name).trim(); }

  var palette = [1, 2, 3, 4, 5, 6, 7, 8].map(function (n) { return token("chart-" + n); });
  var font = { fontFamily: window.getComputedStyle(document.body).fontFamily, fontSize: 12, color: token("ink-3") };
  var ROW_PX = 24;

  function grouped(digits) { return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ","); }

  // Fen are written by whole numbers here as on the server: no amount goes through a division by 100.
  function yuan(fen) {
    var digits = String(Math.abs(fen)).padStart(3, "0");
    return (fen < 0 ? "\u2212" : "") + "¥\u00a0" + grouped(digits.slice(0, -2)) + "." + digits.slice(-2);
  }

  function written(value, unit) {
    if (value === null || value === undefined || value === "") return "—";
    if (unit === "yuan") return yuan(Math.round(value));
    var parts = String(value).split(".");
    return grouped(parts[0]) + (parts[1] ? "." + parts[1] : "") + (unit === "percent" ? "%" : "");
  }

  // Axis labels are short: 12,000 yuan is ¥ 12,000, without fen.
  function onAxis(value, unit) {
    return unit === "yuan" ? yuan(Math.round(value)).slice(0, -3) : written(value, unit);
  }

  function frame(data, legend) {
    return {
      color: palette,
      textStyle: font,
      animationDuration: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 350,
      animationDurationUpdate: 0,
      grid: { left: 4, right: 14, top: legend ? 38 : 14, bottom: 2, containLabel: true },
      legend: legend ? { type: "scroll", top: 0, left: 0, icon: "circle", itemWidth: 8, itemHeight: 8, itemGap: 14, textStyle: font, pageTextStyle: font, pageIconSize: 10 } : undefined,
      tooltip: {
        renderMode: "richText", confine: true, trigger: "axis",
        backgroundColor: token("ink"), borderWidth: 0, padding: [8, 12],
        textStyle: { color: "#ffffff", fontSize: 12, fontFamily: font.fontFamily, lineHeight: 18 },
        axisPointer: { lineStyle: { color: token("line-2") }, shadowStyle: { color: "#1720290a" } },
        valueFormatter: function (value) { return written(value, data.unit); }
      }
    };
  }

  function categories(data) {
    return { type: "category", data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: token("line-2") } }, axisLabel: { color: font.color, hideOverlap: true } };
  }

  function values(data) {
    return {
      type: "value", max: data.max, interval: data.max ? data.max / 4 : undefined, splitNumber: 4,
      splitLine: { lineStyle: { color: "#edf0f5" } },
      axisLabel: { color: font.color, formatter: function (value) { return onAxis(value, data.unit); } }
    };
  }

  function marks(data) {
    if (!data.marks) return undefined;
    return {
      silent: true, symbol: "none", lineStyle: { color: token("edge"), type: "dashed" },
      label: { color: font.color, formatter: function (mark) { return mark.name; } },
      data: data.marks.map(function (mark) { return { name: mark.text, xAxis: mark.at }; })
    };
  }

  function plain(data, kind, lying) {
    var options = frame(data, data.series.length > 1);
    options[lying ? "yAxis" : "xAxis"] = Object.assign(categories(data), lying ? { inverse: true } : {});
    options[lying ? "xAxis" : "yAxis"] = values(data);
    options.series = data.series.map(function (series, index) {
      var type = series.kind || kind;
      return {
        name: series.name, type: type, data: series.values, stack: data.stack && type === "bar" ? "all" : undefined,
        // Beyond eight colours a dash tells two lines apart.
        lineStyle: { width: 2, type: index < 8 ? "solid" : "dashed" },
        showSymbol: series.values.length < 2, symbolSize: 6, smooth: 0.15, connectNulls: false,
        emphasis: { focus: data.series.length > 5 ? "series" : "none" },
        barMaxWidth: lying ? 16 : 26, itemStyle: type === "bar" && !data.stack ? { borderRadius: lying ? [0, 4, 4, 0] : [4, 4, 0, 0] } : {},
        markLine: index === 0 ? marks(data) : undefined
      };
    });
    return options;
  }

  function funnel(data) {
    var first = data.series[0].values, options = frame(data, false);
    function share(index) { return index && first[index - 1] ? Math.round(first[index] * 1000 / first[index - 1]) / 10 + "%" : ""; }
    options.tooltip.trigger = "item";
    options.tooltip.formatter = function (item) { return item.name + "  " + written(first[item.dataIndex], data.unit) + "  " + share(item.dataIndex); };
    options.series = [{
      type: "funnel", sort: "none", left: 4, width: "46%", top: 4, bottom: 4, minSize: "3%", gap: 3,
      color: ["#2463c7", "#3a74d0", "#5186d8", "#6896df", "#7ea6e6", "#96b7ec", "#aec7f1", "#c6d8f6"],
      labelLine: { length: 14, lineStyle: { color: token("line-2") } },
      label: { position: "right", color: token("ink"), fontSize: 12, formatter: function (item) { return item.name + "  {b|" + written(first[item.dataIndex], data.unit) + "}  {s|" + share(item.dataIndex) + "}"; }, rich: { b: { fontWeight: 600, fontSize: 13, color: token("ink") }, s: { color: font.color } } },
      itemStyle: { borderWidth: 0 },
      data: data.labels.map(function (label, index) { return { name: label, value: first[index] }; })
    }];
    return options;
  }

  function heatmap(data, width) {
    var cells = [], top = 0;
    data.series.forEach(function (series, y) {
      series.values.forEach(function (value, x) {
        cells.push([x, y, value === null ? "-" : value]);
        top = Math.max(top, value || 0);
      });
    });
    var options = frame(data, false);
    options.grid = { left: 4, right: 4, top: 4, bottom: 0, containLabel: true };
    options.tooltip.trigger = "item";
    options.tooltip.formatter = function (cell) {
      return data.series[cell.value[1]].name + " · " + data.labels[cell.value[0]] + "\n" + written(cell.value[2], data.unit);
    };
    options.xAxis = Object.assign(categories(data), { axisLine: { show: false }, splitArea: { show: false } });
    options.yAxis = { type: "category", inverse: true, data: data.series.map(function (series) { return series.name; }), axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: token("ink-2"), width: width < 480 ? 76 : 132, overflow: "truncate" } };
    options.visualMap = { show: false, min: 0, max: data.max || top || 1, inRange: { color: ["#eef4fd", "#c5d9f8", "#8fb3ee", "#5186d8", "#2463c7", "#174a99"] } };
    options.series = [{ type: "heatmap", data: cells, itemStyle: { borderColor: token("paper"), borderWidth: 2, borderRadius: 4 }, emphasis: { itemStyle: { borderColor: token("ink") } }, progressive: 0 }];
    return options;
  }

  var kinds = {
    line: function (data) { return plain(data, "line", false); },
    bar: function (data) { return plain(data, "bar", false); },
    rows: function (data) { return plain(data, "bar", true); },
    funnel: funnel,
    heatmap: heatmap
  };

  function draw(element) {
    var data = JSON.parse(document.getElementById(element.dataset.source).textContent);
    // A row needs its height whether there are 5 lines or 24; the element's style is set by script, which the policy allows.
    var rows = element.dataset.kind === "heatmap" ? data.series.length : element.dataset.kind === "rows" ? data.labels.length : 0;
    if (rows) element.style.height = Math.max(rows * ROW_PX + 34, 110) + "px";
    var chart = window.echarts.init(element, null, { renderer: "canvas" });
    chart.setOption(kinds[element.dataset.kind](data, element.clientWidth));
    return chart;
  }

  function openNumbers() {
    Array.prototype.forEach.call(document.querySelectorAll(".chart"), function (element) {
      element.hidden = true;
      element.parentNode.querySelector("details").open = true;
    });
  }

  function start() {
    if (!window.echarts) return openNumbers();
    var charts = Array.prototype.map.call(document.querySelectorAll(".chart"), draw);
    var waiting = 0;
    window.addEventListener("resize", function () {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(function () { charts.forEach(function (chart) { chart.resize(); }); }, 120);
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
